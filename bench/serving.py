"""What the benchmarks share: building, starting pickupd, asking it, and loading it by wrk."""

import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
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


def pickupd(port: int, data: Path, operators: int | None = None) -> list[str]:
    """The command that serves with the shipped configuration."""
    operator_listen = f"127.0.0.1:{operators}" if operators else "0"
    return [str(BIN / "pickupd"), "--config", str(ROOT / "config/pickupd.toml"),
            "--listen", f"127.0.0.1:{port}", "--admin-listen", operator_listen, "--data-dir", str(data)]


def wait_for(port: int, process: subprocess.Popen, log: Path, path: str, limit: float = 20,
             pause: float = 0.05) -> None:
    """Until the server answers with anything but 503.

    @param limit seconds until that is too late
    @param pause seconds between two tries
    """
    deadline = time.monotonic() + limit
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1)
            return
        except urllib.error.HTTPError as answer:
            if answer.code != 503:
                return
        except OSError:
            pass
        time.sleep(pause)
    sys.exit(f"{process.args[0]} did not start; its log ends:\n{log.read_text()[-2000:]}")


def ask(port: int, path: str, body: object = None) -> dict:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", method="POST" if body else "GET",
        data=json.dumps(body).encode() if body else None,
        headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def metric(port: int, name: str) -> float:
    """A figure of /metrics, summed over its labels."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines
               if re.match(rf"{name}(\{{| )", line))


def resident(pid: int) -> int:
    """Bytes of memory that a process has in RAM."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def register_couriers(port: int, count: int, seed: int) -> None:
    """Couriers all over the box the calls come from, so that the nearest has to be searched."""
    chance = random.Random(seed)
    for n in range(count):
        ask(port, "/couriers", {
            "name": f"courier {n}", "tel": f"0100000{n:04d}", "capacity": 1_000_000,
            "lat": chance.uniform(37.45, 37.65), "lng": chance.uniform(126.85, 127.15)})


@dataclass(frozen=True)
class Figures:
    """What one run of wrk saw."""

    per_second: float
    p50_ms: float
    p99_ms: float

    def __str__(self) -> str:
        return f"{self.per_second:9,.0f}/s   p50 {self.p50_ms:7.2f} ms   p99 {self.p99_ms:7.2f} ms"


def median(runs: list[Figures]) -> Figures:
    return Figures(*(statistics.median(getattr(run, name) for run in runs)
                     for name in ("per_second", "p50_ms", "p99_ms")))


def load(port: int, seconds: float, connections: int, seed: int,
         script: str = "create_call.lua") -> Figures:
    """Requests over kept-alive connections, each sent when the one before is answered: new calls,
    or what another script says."""
    return wrk(f"http://127.0.0.1:{port}", seconds, connections, script, seed)


def wrk(base: str, seconds: float, connections: int, script: str, *words: object) -> Figures:
    """What `script`, which gets `words`, sees of the server at `base`."""
    command = ["wrk", "--threads", "1", "--connections", str(connections),
               "--duration", f"{seconds}s", "--timeout", "10s", "--latency",
               "--script", str(BENCH / script), base, "--", *map(str, words)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result = re.search(r"^RESULT (.*)$", output, re.MULTILINE)
    if not result:
        sys.exit(f"wrk said nothing of use:\n{output}")
    seen = json.loads(result[1])
    if seen["not_2xx"] or seen["broken"]:
        sys.exit(f"not every request was answered with 2xx, so there is no figure: {seen}")
    return Figures(seen["requests"] / seen["seconds"], seen["p50_ms"], seen["p99_ms"])


def span(values: list[float], form: str = ".2f") -> str:
    """The median, and between what the rounds were."""
    return (f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})")


@contextmanager
def redis(scratch: Path) -> Iterator[Path]:
    """A Redis that writes nothing to disk, at the socket it yields."""
    # One program under three names. Debian's package of this name would start a service.
    program, socket_path = scratch / "redis-server", scratch / "redis.sock"
    program.symlink_to(shutil.which("redis-check-rdb") or sys.exit("redis-tools is missing"))
    command = [str(program), "--port", "0", "--unixsocket", str(socket_path), "--save", "",
               "--appendonly", "no", "--dir", str(scratch)]
    with running(command, scratch / "redis.log"):
        deadline = time.monotonic() + 10
        while subprocess.run(["redis-cli", "-s", str(socket_path), "ping"],
                             capture_output=True).stdout != b"PONG\n":
            if time.monotonic() > deadline:
                sys.exit("redis-server did not start")
            time.sleep(0.05)
        yield socket_path


def redis_benchmark(server: Path, commands: int, keys: int, *command: str) -> float:
    """Commands a second by redis-benchmark, 16 connections with 16 in flight on each.

    Every __rand_int__ in `command` stands for a number below `keys`.
    """
    output = subprocess.run(
        ["redis-benchmark", "-s", str(server), "-c", "16", "-P", "16", "-n", str(commands), "-r",
         str(keys), "--csv", *command],
        check=True, capture_output=True, text=True).stdout
    return float(output.splitlines()[-1].split(",")[1].strip('"'))
