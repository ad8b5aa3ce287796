"""Actors of every kind are killed, crashed and hung under load; the node keeps its promises.

CHAOS_SECONDS and SEED in the environment make it longer, or the same again:
    CHAOS_SECONDS=60 SEED=7 python3 -m unittest system.test_chaos      (in tests/)
"""

import os
import random
import sys
import threading
import time
import unittest

from .company import Company
from .harness import eventually
from .operator import KINDS, Operator
from .test_crash import COURIERS, SEED, WORKERS, PromiseTest
from .traffic import Worker, hire, promises, run_for, surprises

SECONDS = float(os.environ.get("CHAOS_SECONDS", "8"))
LONGEST_HANG_MS = 300


class Chaos(PromiseTest):
    def test_no_promise_is_broken_whatever_happens_to_which_actor(self):
        print(f"chaos test: SEED={SEED} CHAOS_SECONDS={SECONDS}", file=sys.stderr, flush=True)
        # So many crashes are meant here; by default they would rightly bring the node down.
        node = self.start_node(DISPATCH_COURIER_LOST_AFTER="1h", SUPERVISION_INTENSITY="100000",
                               SUPERVISION_CALL_INTENSITY="100000",
                               SUPERVISION_COURIER_INTENSITY="100000",
                               SUPERVISION_CHILD_INTENSITY="100000")
        company = Company(node)
        couriers = hire(company, COURIERS)
        workers = [Worker(n, SEED, couriers) for n in range(WORKERS)]
        stop = threading.Event()
        threads = run_for(node, workers, stop)
        disturbed = self.disturb_for(SECONDS, Operator(node))
        self.whole_again(node, within=1 + LONGEST_HANG_MS / 1000)
        stop.set()
        self.end_all(threads)
        self.assertTrue(node.running(), "the node went down")
        self.nothing(surprises(workers), "under chaos")

        company = Company(node)
        for worker in workers:
            eventually(lambda w=worker: not w.repeat_unanswered(company))
            self.nothing(worker.broken_promises(company), "under chaos")
        for courier in couriers:
            # Who has idled since they were disturbed fails only now.
            eventually(lambda c=courier: company.client.patch(
                f"/couriers/{c}", {"onShift": True, "capacity": 1000}).status == 200)
        self.no_wait_in_vain(company, "after chaos")
        self.no_assignment_broken(company, "after chaos")
        numbers = [promise.number for promise in promises(workers)]
        self.no_message_missing(node, company, numbers)
        for _ in range(20):
            self.assertEqual(company.new_call({"Prefer": "wait=10"})["status"], "호출확정",
                             "a reservation leaked")
        node.kill9()
        said = self.verify_journal(node, "after chaos")
        print(f"chaos test: {disturbed} faults, {len(numbers)} calls; {said}", file=sys.stderr,
              flush=True)

    def disturb_for(self, seconds: float, operator: Operator) -> int:
        chance = random.Random(SEED)
        end = time.monotonic() + seconds
        count = 0
        while time.monotonic() < end:
            actors = operator.actors(chance.choice(KINDS))
            fault = chance.choice(("kill", "crash", "hang"))
            if actors and operator.disturb(chance.choice(actors), fault,
                                           chance.randint(1, LONGEST_HANG_MS)):
                count += 1
            time.sleep(chance.uniform(0, 0.1))
        return count

    def whole_again(self, node, within: float) -> None:
        operator = Operator(node)
        eventually(lambda: node.ready().status == 200
                   and len(operator.actors("dispatcher")) == 2
                   and len(operator.actors("courier")) == COURIERS
                   and operator.actors("ledger") and operator.actors("notifier"), within)


if __name__ == "__main__":
    unittest.main()
