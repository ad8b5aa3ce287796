"""The machine fails, and works again: a full disk, no descriptors left, a clock that jumps.

The process stays up, says why it refuses, loses nothing that it acknowledged, and goes on by
itself. SEED in the environment repeats the traffic.
"""

import ctypes
import os
import random
import resource
import threading
import time
import unittest
from contextlib import suppress
from pathlib import Path

from .client import Answer
from .company import Company
from .harness import LIBC, OPERATOR_TOKEN, Node, eventually
from .operator import Operator
from .test_crash import PromiseTest
from .traffic import NO_ANSWER, Worker, hire, promises, run_for, surprises

SEED = int(os.environ.get("SEED", str(random.SystemRandom().randrange(1_000_000))))
DISK_MB = 48
WORKERS = 4
COURIERS = 10
MNT_DETACH = 2

# Small, so that RocksDB's own files leave room on the small disk; 0: up to the last byte.
SMALL = {"STORAGE_WRITE_BUFFER_MB": "1", "STORAGE_BLOCK_CACHE_MB": "8", "STORAGE_RETRY": "200ms",
         "STORAGE_MIN_FREE_MB": "0", "DISPATCH_COURIER_LOST_AFTER": "1h"}


def mount_small_disk(at: Path) -> str:
    """Why it cannot be done here; empty when it is."""
    at.mkdir()
    if LIBC.mount(b"pickup", os.fsencode(at), b"tmpfs", 0, f"size={DISK_MB}m".encode()) == 0:
        return ""
    return f"mount tmpfs: {os.strerror(ctypes.get_errno())}"


class MachineFaults(PromiseTest):
    def setUp(self) -> None:
        print(f"machine faults: SEED={SEED}", flush=True)

    # -- a full disk

    def small_disk(self) -> Path:
        disk = self.scratch / "disk"
        if why := mount_small_disk(disk):
            self.skipTest(f"needs the right to mount a small file system: {why}")
        self.addCleanup(LIBC.umount2, os.fsencode(disk), MNT_DETACH)
        return disk

    def fill(self, disk: Path, leave: int = 0) -> Path:
        """Takes the disk's room, but for `leave` bytes."""
        ballast = disk / "ballast"
        with ballast.open("ab", buffering=0) as file, suppress(OSError):
            while (free := os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize - leave) > 0:
                file.write(b"x" * min(free, 65536))
        return ballast

    def refused(self, node: Node, why: str) -> Answer:
        """Waits until calls are refused; looks at how."""
        company = Company(node)

        def refusal() -> Answer | None:
            answer = company.client.post(company.calls, {"tel": "01077777777"})
            ready = company.client.get("/readyz")
            return answer if answer.status == 503 and why in ready.body.decode() else None

        answer = eventually(refusal, every=0.1)
        self.assertTrue(answer.headers["Retry-After"], str(answer))
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        live = company.client.get("/livez")
        self.assertEqual(live.status, 200, str(live))
        return answer

    def check_promises(self, node: Node, workers: list[Worker], when: str) -> None:
        company = Company(node)
        for worker in workers:
            self.nothing(worker.repeat_unanswered(company), when)
            self.nothing(worker.broken_promises(company), when)
        self.no_assignment_broken(company, when)

    def test_a_full_disk_refuses_and_recovers_without_losing_a_call(self):
        disk = self.small_disk()
        node = self.new_node(**SMALL)
        node.data_dir = disk / "data"
        node.start()
        workers = [Worker(n, SEED, hire(Company(node), COURIERS)) for n in range(WORKERS)]
        # Nobody drives for the other service: what is ordered about it disturbs no worker.
        Operator(node).command_breaker("admission:taxi", "trip")
        pid = node.process.pid
        for turn in range(3):
            stop = threading.Event()
            threads = run_for(node, workers, stop)
            time.sleep(0.5)
            ballast = self.fill(disk)
            self.refused(node, "No space left on device")
            stop.set()
            self.end_all(threads)
            known = promises(workers)[0].number
            self.assertEqual(Company(node).client.get(f"/pickupcalls/{known}").status, 200)
            eventually(lambda: Operator(node).metric("pickupd_storage_available") == 0)
            if turn == 2:
                break
            ballast.unlink()
            eventually(lambda: node.ready().status == 200, within=8)
            self.assertEqual(Operator(node).metric("pickupd_storage_available"), 1)
            self.assertGreaterEqual(Operator(node).metric("pickupd_storage_faults_total"), turn + 1)
            self.nothing(surprises(workers), f"around fault {turn}")
            self.check_promises(node, workers, f"after fault {turn}")
            breakers = Operator(node).get("/admin/breakers")["breakers"]
            self.assertIn(("admission:taxi", "forced_open"),
                          [(one["name"], one["state"]) for one in breakers], f"after fault {turn}")
            self.assertEqual(node.process.pid, pid)
            self.assertTrue(node.running(), "the node went down")
        # Killed while the disk is full.
        node.kill9()
        ballast.unlink()
        said = self.verify_journal(node, "killed while the disk was full")
        node.start()
        self.check_promises(node, workers, "killed while the disk was full")
        company = Company(node)
        self.no_message_missing(node, company, [p.number for p in promises(workers)])
        self.no_wait_in_vain(company, "at the end")
        self.assertEqual(node.terminate(), 0)
        print(f"machine faults: {len(promises(workers))} calls; {said}", flush=True)

    def test_too_little_room_refuses_new_calls_and_nothing_else(self):
        disk = self.small_disk()
        node = self.new_node(**SMALL | {"STORAGE_MIN_FREE_MB": "20"})
        node.data_dir = disk / "data"
        node.start()
        company = Company(node)
        courier = company.new_courier()["id"]
        call = company.new_call()["id"]
        ballast = self.fill(disk, leave=15 << 20)
        answer = self.refused(node, "storage.min_free_mb")
        self.assertIn("MiB free", answer.json["detail"])
        refused = Operator(node).client.send("POST", "/admin/backup",
                                             Authorization=f"Bearer {OPERATOR_TOKEN}")
        self.assertEqual(refused.status, 503)
        self.assertIn("storage.min_free_mb", refused.json["detail"])
        company.finish(courier, call)
        self.assertLess(Operator(node).metric("pickupd_storage_free_bytes"), 20 << 20)
        ballast.unlink()
        eventually(lambda: node.ready().status == 200)
        self.assertEqual(company.new_call()["status"], "호출확정")
        copy = Operator(node).back_up()
        self.assertEqual([p.name for p in copy.parent.iterdir()], [copy.name])

    # -- no file descriptor left

    def test_no_descriptors_left_refuses_and_recovers(self):
        node = self.start_node(**SMALL)
        workers = [Worker(n, SEED, hire(Company(node), COURIERS)) for n in range(WORKERS)]
        watching = Company(node)
        self.assertEqual(watching.client.get("/readyz").status, 200)  # connects
        soft, hard = resource.prlimit(node.process.pid, resource.RLIMIT_NOFILE)
        stop = threading.Event()
        threads = run_for(node, workers, stop)
        time.sleep(0.3)
        resource.prlimit(node.process.pid, resource.RLIMIT_NOFILE, (4, hard))
        # Every new log or table needs a descriptor: under load one is due soon.

        def broken() -> bool:
            with suppress(*NO_ANSWER):
                return "Too many open files" in watching.client.get("/readyz").body.decode()
            return False

        eventually(broken, within=15, every=0.1)
        stop.set()
        self.end_all(threads)
        self.assertEqual(watching.client.get("/livez").status, 200)
        resource.prlimit(node.process.pid, resource.RLIMIT_NOFILE, (soft, hard))
        eventually(lambda: node.ready().status == 200, within=8)
        self.nothing(surprises(workers), "without descriptors")
        self.check_promises(node, workers, "after there were no descriptors")
        node.kill9()
        self.verify_journal(node, "after there were no descriptors")

    # -- the clock

    def test_a_clock_that_jumps_loses_no_courier_and_freezes_nothing(self):
        clock = self.scratch / "clock"
        node = self.start_node(FAULTS_CLOCK_FILE=str(clock), DISPATCH_COURIER_LOST_AFTER="30s",
                               DISPATCH_MAX_WAIT="2s")
        company = Company(node)
        courier = company.new_courier(capacity=100)["id"]
        company.locate(courier, {"lat": 37.5665, "lng": 126.978})
        for hours in (24, -24, 1, 0):
            clock.write_text(str(hours * 3_600_000))
            time.sleep(0.3)
            call = company.new_call()
            self.assertEqual(call["status"], "호출확정", f"clock wrong by {hours} h")
        # Nobody is near: each waits for two seconds, whatever the clock does meanwhile.
        for hours in (-24, 0):
            call = company.new_call(lat=33.5, lng=126.5)["id"]
            clock.write_text(str(hours * 3_600_000))
            eventually(lambda c=call: company.call(c)["phase"] == "UNFULFILLED", within=5)
        self.no_assignment_broken(company, "after jumps of the clock")
        node.kill9()
        self.verify_journal(node, "after jumps of the clock")


if __name__ == "__main__":
    unittest.main()
