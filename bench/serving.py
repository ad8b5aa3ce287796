"""What the benchmarks share: building, starting pickupd, and asking it."""

import json
import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / "build/release/bin"
BENCH = ROOT / "bench"


def build(*targets: str) -> None:
    steps = (["cmake", "--preset", "release", "--log-level=WARNING"],
             ["cmake", "--build", "--preset", "release", "--target", *targets,
              "--parallel", str(os.cpu_count())])
    for step in steps:
        subprocess.run(step, cwd=ROOT, check=True, stdout=sys.stderr)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(command: list[str], log: Path,
            environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen]:
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output,
                                   env=os.environ | (environment or {}))
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def pickupd(port: int, data: Path) -> list[str]:
    """The command that serves with the shipped configuration."""
    return [str(BIN / "pickupd"), "--config", str(ROOT / "config/pickupd.toml"),
            "--listen", f"127.0.0.1:{port}", "--admin-listen", "0", "--data-dir", str(data)]


def wait_for(port: int, process: subprocess.Popen, log: Path, path: str) -> None:
    """Until the server answers at all (the constant one answers 404 to a GET)."""
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1)
            return
        except urllib.error.HTTPError as answer:
            if answer.code != 503:
                return
        except OSError:
            pass
        time.sleep(0.05)
    sys.exit(f"{process.args[0]} did not start; its log ends:\n{log.read_text()[-2000:]}")


def ask(port: int, path: str, body: object = None) -> dict:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", method="POST" if body else "GET",
        data=json.dumps(body).encode() if body else None,
        headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def register_couriers(port: int, count: int, seed: int) -> None:
    """Couriers all over the box the calls come from, so that the nearest has to be searched."""
    chance = random.Random(seed)
    for n in range(count):
        ask(port, "/couriers", {
            "name": f"courier {n}", "tel": f"0100000{n:04d}", "capacity": 1_000_000,
            "lat": chance.uniform(37.45, 37.65), "lng": chance.uniform(126.85, 127.15)})
