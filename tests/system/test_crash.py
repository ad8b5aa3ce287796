"""SIGKILL at random moments under random traffic, and then every promise is looked into.

KILLS and SEED in the environment make it longer, or the same again:
    KILLS=500 SEED=7 python3 -m unittest system.test_crash      (in tests/)
"""

import os
import random
import subprocess
import sys
import threading
import time
import unittest

from .company import Company
from .harness import BIN, Node, NodeTest, eventually
from .invariants import broken_assignments, broken_messages, broken_waits
from .traffic import Worker, hire, promises, run_for, surprises

KILLS = int(os.environ.get("KILLS", "20"))
SEED = int(os.environ.get("SEED", str(random.SystemRandom().randrange(1_000_000))))

CRASH_DISPATCHER_EVERY = 50

WORKERS = 6
COURIERS = 25


class PromiseTest(NodeTest):
    """Looks into promises from outside and from inside."""

    def nothing(self, broken: list[str], when: str) -> None:
        self.assertEqual(broken[:20], [], f"{len(broken)} promises broken {when}; SEED={SEED}")

    def verify_journal(self, node: Node, when: str) -> str:
        """The checker's view from inside, on the directory of a node that is down."""
        done = subprocess.run([BIN / "pickupctl", "journal", "verify", node.data_dir],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0,
                         f"journal verify {when}; SEED={SEED}:\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def end_all(self, threads: list[threading.Thread]) -> None:
        for thread in threads:
            thread.join(30)
            self.assertFalse(thread.is_alive(), "a client hangs")

    def no_message_missing(self, node: Node, company: Company, numbers: list[int]) -> None:
        # The channel may still be sending what it found after the last restart.
        eventually(lambda: self.nothing(broken_messages(company, node.message_file, numbers[-50:]),
                                        "in the messages") or True)
        self.nothing(broken_messages(company, node.message_file, numbers), "in the messages")

    def no_assignment_broken(self, company: Company, when: str) -> None:
        # Lists are read one after the other; a match between two of them looks like a break.
        eventually(lambda: self.nothing(broken_assignments(company), when) or True, within=5)

    def no_wait_in_vain(self, company: Company, when: str, within: float = 10) -> None:
        # What was free at a restart, or what a fault stopped, is matched a little later.
        eventually(lambda: self.nothing(broken_waits(company), when) or True, within)


class Crash(PromiseTest):
    """The node dies; what it acknowledged does not."""

    def test_every_promise_survives_kill_9_at_random_moments(self):
        print(f"crash test: SEED={SEED} KILLS={KILLS}", file=sys.stderr, flush=True)
        chance = random.Random(SEED)
        node = self.start_node(DISPATCH_COURIER_LOST_AFTER="1h")
        couriers = hire(Company(node), COURIERS)
        workers = [Worker(n, SEED, couriers) for n in range(WORKERS)]
        stop = threading.Event()
        for kill in range(1, KILLS + 1):
            threads = run_for(node, workers, stop)
            time.sleep(chance.uniform(0.05, 1.5))
            node.kill9()
            self.end_all(threads)
            when = f"after kill {kill}"
            self.nothing(surprises(workers), f"before kill {kill}")
            said = self.verify_journal(node, when)
            node.start()
            company = Company(node)
            for worker in workers:
                self.nothing(worker.repeat_unanswered(company), when)
                self.nothing(worker.broken_promises(company), when)
            self.no_assignment_broken(company, when)
        numbers = [promise.number for promise in promises(workers)]
        self.no_message_missing(node, company, numbers)
        self.no_wait_in_vain(company, "at the end")
        print(f"crash test: {len(numbers)} calls; {said}", file=sys.stderr, flush=True)


class Faults(PromiseTest):
    """Actors that crash between reserve and commit, while the node stays up."""

    def test_nothing_leaks_when_calls_and_dispatchers_crash_between_reserve_and_commit(self):
        print(f"fault test: SEED={SEED}", file=sys.stderr, flush=True)
        node = self.start_node(
            DISPATCH_COURIER_LOST_AFTER="1h",
            FAULTS_CRASH_CALL_EVERY="20", FAULTS_CRASH_DISPATCHER_EVERY=str(CRASH_DISPATCHER_EVERY),
            # So many crashes are meant here; by default they would rightly bring the node down.
            SUPERVISION_INTENSITY="100000", SUPERVISION_CALL_INTENSITY="100000",
            SUPERVISION_COURIER_INTENSITY="100000")
        company = Company(node)
        couriers = hire(company, COURIERS)
        workers = [Worker(n, SEED, couriers) for n in range(WORKERS)]
        stop = threading.Event()
        threads = run_for(node, workers, stop)
        time.sleep(8)
        stop.set()
        self.end_all(threads)
        self.assertTrue(node.running(), "the node went down")
        self.nothing(surprises(workers), "under faults")

        company = Company(node)
        for worker in workers:
            eventually(lambda w=worker: not w.repeat_unanswered(company))
            self.nothing(worker.broken_promises(company), "under faults")
        # The faults go on: with more calls left to match than lie between two of them, a
        # dispatcher would crash before anybody could commit.
        waiting = [call["id"] for call in company.all(f"{company.calls}?status=호출중")]
        for number in waiting[:-CRASH_DISPATCHER_EVERY // 2]:
            eventually(lambda n=number: company.cancel(n) or True)
        for courier in couriers:
            eventually(lambda c=courier: company.change_courier(c, onShift=True, capacity=1000))
        self.no_wait_in_vain(company, "after the faults", within=30)
        self.no_assignment_broken(company, "after the faults")
        numbers = [promise.number for promise in promises(workers)]
        self.no_message_missing(node, company, numbers)
        for _ in range(20):
            # A call whose own actor crashes is refused, not half-accepted.
            call = eventually(lambda: company.new_call({"Prefer": "wait=10"}))
            self.assertEqual(call["status"], "호출확정", "a reservation leaked")
        node.kill9()
        said = self.verify_journal(node, "after the faults")
        self.assertGreater(len(numbers), 100)
        print(f"fault test: {len(numbers)} calls; {said}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    unittest.main()
