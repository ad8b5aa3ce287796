"""Starts, kills and restarts the real pickupd, each on a data directory of its own."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any, Callable, TypeVar

from .client import Answer, Client

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("PICKUP_BIN_DIR", ROOT / "build/release/bin"))
SHIPPED_CONFIG = ROOT / "config/pickupd.toml"

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)

T = TypeVar("T")


OPERATOR_TOKEN = "sesame"


def eventually(probe: Callable[[], T], within: float = 10, every: float = 0.02) -> T:
    """The first true value of `probe`. An assertion that fails inside counts as not yet true."""
    deadline = time.monotonic() + within
    while True:
        failure: AssertionError | None = None
        try:
            value = probe()
            if value:
                return value
        except AssertionError as not_yet:
            failure = not_yet
        if time.monotonic() > deadline:
            raise failure or AssertionError(f"not true within {within} s")
        time.sleep(every)


def run(*arguments: object, timeout: float = 20, **settings: str) -> subprocess.CompletedProcess:
    """Runs pickupd to its end; for starts that must be refused."""
    return subprocess.run([BIN / "pickupd", *map(str, arguments)], env=environment(settings),
                          capture_output=True, text=True, timeout=timeout, check=False)


def environment(settings: dict[str, str]) -> dict[str, str]:
    """The environment with these PICKUPD_ settings and no others."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PICKUPD_")}
    return clean | {f"PICKUPD_{name}": value for name, value in settings.items()}


def _die_with_the_test() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Node:
    """One pickupd on one data directory. It keeps its port when started again."""

    def __init__(self, scratch: Path, name: str = "node", **settings: str):
        self.name = name
        self.data_dir: Path | None = scratch / name  # None: as the configuration says
        self.log_file = scratch / f"{name}.log"
        self.settings = {"DEMO_COURIERS": "false", "OPERATOR_LISTEN": "127.0.0.1:0",
                         "OPERATOR_TOKEN": OPERATOR_TOKEN} | settings
        self.operator_port = 0
        self.port = 0
        self.process: subprocess.Popen | None = None

    @property
    def message_file(self) -> Path:
        return self.data_dir / "messages.log"

    def log(self, start: int = 0) -> str:
        """What the server printed, from byte `start` on."""
        if not self.log_file.exists():
            return ""
        with self.log_file.open("rb") as log:
            log.seek(start)
            return log.read().decode(errors="replace")

    def start(self, config: Path = SHIPPED_CONFIG, within: float = 20) -> "Node":
        with self.log_file.open("ab") as output:
            start_of_log = output.tell()
            where = ["--data-dir", self.data_dir] if self.data_dir else []
            self.process = subprocess.Popen(
                [BIN / "pickupd", "--config", config, "--listen", f"127.0.0.1:{self.port}", *where],
                stdout=output, stderr=output, env=environment(self.settings),
                preexec_fn=_die_with_the_test)

        def listening() -> re.Match[str] | None:
            if self.process.poll() is not None:
                raise RuntimeError(f"pickupd exited with {self.process.returncode}:\n"
                                   + self.log(start_of_log))
            return re.search(r"listening(?: on http://|\":\")127\.0\.0\.1:(\d+)",
                             self.log(start_of_log))

        self.port = int(eventually(listening, within)[1])
        operators = re.search(r"operators(?: http |\":\")127\.0\.0\.1:(\d+)",
                              self.log(start_of_log))
        self.operator_port = int(operators[1]) if operators else 0
        eventually(lambda: self.ready().status == 200, within)
        return self

    def ready(self) -> Answer:
        client = self.client()
        try:
            return client.get("/readyz")
        finally:
            client.close()

    def client(self, timeout: float = 15) -> Client:
        return Client(self.port, timeout)

    def kill9(self) -> None:
        self._stop(signal.SIGKILL)

    def terminate(self, within: float = 10) -> int:
        """Asks politely; returns the exit code."""
        return self._stop(signal.SIGTERM, within)

    def _stop(self, how: signal.Signals, within: float = 10) -> int:
        self.process.send_signal(how)
        return self.process.wait(within)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def _troubles(result: unittest.TestResult | None) -> int:
    return len(result.failures) + len(result.errors) if result else 0


class NodeTest(unittest.TestCase):
    """A test with a scratch directory and nodes that end with it; a failure shows their logs."""

    maxDiff = None

    def run(self, result: Any = None) -> Any:
        with tempfile.TemporaryDirectory(prefix="pickup-") as scratch:
            self.scratch = Path(scratch)
            self.nodes: list[Node] = []
            before = _troubles(result)
            try:
                return super().run(result)
            finally:
                for node in self.nodes:
                    if node.running():
                        node.kill9()
                    if _troubles(result) > before:
                        print(f"-- log of {node.name}, its end:\n{node.log()[-6000:]}",
                              file=sys.stderr)

    def new_node(self, name: str = "node", **settings: str) -> Node:
        node = Node(self.scratch, name, **settings)
        self.nodes.append(node)
        return node

    def start_node(self, name: str = "node", **settings: str) -> Node:
        return self.new_node(name, **settings).start()
