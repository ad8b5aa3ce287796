"""The fake provider of KakaoTalk messages and SMS as a process, and what it has seen."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .client import Client
from .harness import _die_with_the_test

PROGRAM = Path(__file__).resolve().parents[1] / "support/fake_provider.py"

# What a node needs to use it, with time constants that suit a test.
QUICK = {
    "NOTIFY_CHANNEL": "alimtalk", "NOTIFY_BREAKER_WAIT": "100ms",
    "NOTIFY_BREAKER_MAX_WAIT": "400ms", "ALIMTALK_SENDER_KEY": "sender", "SMS_SEND_NO": "0212345678",
} | {f"{section}_{name}": value for section in ("ALIMTALK", "SMS") for name, value in {
    "APP_KEY": "app", "SECRET_KEY": "secret", "RATE": "2000",
    "CONNECT_TIMEOUT": "300ms", "REQUEST_TIMEOUT": "300ms",
    "RETRY_FIRST": "50ms", "RETRY_MOST": "400ms", "POLL_FIRST": "60ms", "POLL_MOST": "300ms",
    "SETTLE": "600ms", "GIVE_UP_AFTER": "5s", "DELIVERY_LIMIT": "3s"}.items()
} | {"ALIMTALK_KEY_WINDOW": "3s"}


@dataclass(frozen=True)
class Sent:
    """A message that the provider accepted."""

    channel: str  # alimtalk, sms or mms
    service: str
    position: int  # of its intent in the journal
    key: str
    at: float
    done: bool
    code: int  # 0: delivered

    @property
    def delivered(self) -> bool:
        return self.done and self.code == 0


class Provider:
    def __init__(self, *flags: str):
        self.process = subprocess.Popen([sys.executable, "-B", PROGRAM, *flags], text=True,
                                        stdout=subprocess.PIPE, preexec_fn=_die_with_the_test)
        self.port = int(self.process.stdout.readline().split()[-1])

    def settings(self, scheme: str = "http", host: str = "127.0.0.1", sms: bool = True) -> dict[str, str]:
        url = f"{scheme}://{host}:{self.port}"
        return QUICK | {"ALIMTALK_BASE_URL": url} | ({"SMS_BASE_URL": url} if sms else {})

    def control(self, **wanted: Any) -> None:
        assert Client(self.port).post("/control", wanted).status == 200

    def state(self) -> dict[str, Any]:
        return Client(self.port, timeout=30).get("/control").json

    def sent(self, state: dict[str, Any]) -> list[Sent]:
        """What was accepted, in order."""
        return [self._sent(m) for m in state["messages"]]

    @staticmethod
    def _sent(message: dict[str, Any]) -> Sent:
        _, service, _, position, _ = message["key"].split(".")
        return Sent(message["channel"], service, int(position), message["key"],
                    message["accepted_at"], message["done"], message["code"])

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
