"""One stage is out of order; the others do not notice."""

import time
import unittest

from .company import CompanyTest
from .harness import eventually
from .operator import Actor, Operator


class Stages(CompanyTest):
    def setUp(self) -> None:
        super().setUp()
        self.operator = Operator(self.node)

    def test_while_assign_is_stopped_calls_are_taken_and_assigned_after_it_oldest_first(self):
        courier = self.pickup.new_courier(capacity=100)
        self.operator.pause("assign")
        calls = [self.pickup.new_call()["id"] for _ in range(30)]
        self.assertEqual({self.pickup.call(n)["status"] for n in calls}, {"호출중"})
        self.operator.resume("assign")
        for number in calls:
            self.assertEqual(self.pickup.confirmed(number)["courier"]["id"], courier["id"])
        assigned = {a["callId"]: a["id"] for a in self.pickup.all(self.pickup.assigns)}
        self.assertEqual(sorted(calls, key=assigned.get), calls)

    def test_while_manage_is_stopped_calls_are_refused_at_once_and_nothing_is_left(self):
        self.pickup.new_courier(capacity=100)
        kept = self.pickup.new_call()
        self.operator.pause("manage")
        started = time.monotonic()
        refused = self.client.post("/pickupcalls", {"tel": "01012345678"})
        self.assertLess(time.monotonic() - started, 1)
        self.assertEqual(refused.status, 503)
        self.assertEqual(refused.headers["Retry-After"], "1")
        self.assertEqual([c["id"] for c in self.pickup.all("/pickupmanages")], [kept["id"]])
        self.pickup.cancel(kept["id"])  # what is known already goes on
        self.operator.resume("manage")
        self.assertEqual(self.pickup.new_call()["status"], "호출확정")

    def test_a_notifier_that_hangs_or_dies_delays_messages_and_nothing_else(self):
        self.pickup.new_courier(capacity=100)
        log = Actor("notifier", "log")
        self.assertTrue(self.operator.disturb(log, "hang", for_ms=2000))
        started = time.monotonic()
        calls = [self.pickup.new_call() for _ in range(20)]
        self.assertLess(time.monotonic() - started, 1.5)
        self.assertEqual({call["status"] for call in calls}, {"호출확정"})
        self.assertTrue(eventually(lambda: self.operator.disturb(log, "kill")))
        calls += [self.pickup.new_call() for _ in range(20)]
        eventually(lambda: self.node.message_file.exists()
                   and self.node.message_file.read_text().count("CONFIRMED") == len(calls))


if __name__ == "__main__":
    unittest.main()
