"""An operator of a node: looks at its actors, disturbs them on purpose, pauses stages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .client import Answer, Client
from .harness import OPERATOR_TOKEN, Node

KINDS = ("call", "courier", "dispatcher", "ledger", "notifier")


@dataclass(frozen=True)
class Actor:
    kind: str
    id: str


class Operator:
    def __init__(self, node: Node):
        self.client = Client(node.operator_port)

    def actors(self, kind: str = "") -> list[Actor]:
        answer = self._send("GET", f"/admin/actors?limit=1000&kind={kind}")
        assert answer.status == 200, str(answer)
        return [Actor(actor["kind"], actor["id"]) for actor in answer.json["actors"]]

    def get(self, path: str) -> Any:
        answer = self._send("GET", path)
        assert answer.status == 200, str(answer)
        return answer.json

    def disturb(self, actor: Actor, fault: str, for_ms: int = 100) -> bool:
        """False when there is no such actor any more, or it is in quarantine."""
        answer = self._send("POST", f"/admin/actors/{actor.kind}/{actor.id}/{fault}?for={for_ms}ms")
        assert answer.status in (200, 404, 409), str(answer)
        return answer.status == 200

    def pause(self, stage: str) -> None:
        self._stage(stage, "pause")

    def resume(self, stage: str) -> None:
        self._stage(stage, "resume")

    def command_breaker(self, name: str, command: str) -> None:
        answer = self._send("POST", f"/admin/breakers/{name}/{command}")
        assert answer.status == 200, str(answer)

    def dead_letters(self) -> list[dict[str, Any]]:
        answer = self._send("GET", "/admin/dead-letters")
        assert answer.status == 200, str(answer)
        return answer.json["deadLetters"]

    def back_up(self) -> Path:
        """Makes a copy of the data directory; where it is."""
        answer = self._send("POST", "/admin/backup")
        assert answer.status == 200, str(answer)
        return Path(answer.json["path"])

    def drain(self) -> None:
        answer = self._send("POST", "/admin/drain")
        assert answer.status == 200, str(answer)

    def metric(self, name: str) -> float:
        """A metric's value, all its labels together."""
        lines = self.client.get("/metrics").body.decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines
                   if line.startswith((name + " ", name + "{")))

    def _stage(self, stage: str, command: str) -> None:
        answer = self._send("POST", f"/admin/stages/{stage}/{command}")
        assert answer.status == 200, str(answer)

    def _send(self, method: str, path: str) -> Answer:
        return self.client.send(method, path, Authorization=f"Bearer {OPERATOR_TOKEN}")
