"""One stage is out of order; the others do not notice."""

import signal
import threading
import time
import unittest
from collections import Counter

from .company import CompanyTest
from .harness import eventually
from .operator import Actor, Operator


class Stages(CompanyTest):
    def setUp(self) -> None:
        super().setUp()
        self.operator = Operator(self.node)

    def test_while_assign_is_stopped_calls_are_taken_and_assigned_after_it_oldest_first(self):
        courier = self.pickup.new_courier(capacity=10)
        self.operator.pause("assign")
        calls = [self.pickup.new_call()["id"] for _ in range(30)]
        self.assertEqual({self.pickup.call(n)["status"] for n in calls}, {"호출중"})
        self.operator.resume("assign")
        for number in calls[:10]:
            self.assertEqual(self.pickup.confirmed(number)["courier"]["id"], courier["id"])
        self.assertEqual({self.pickup.call(n)["status"] for n in calls[10:]}, {"호출중"})
        self.pickup.change_courier(courier["id"], capacity=30)
        for number in calls[10:]:
            self.pickup.confirmed(number)

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

    def test_an_open_breaker_refuses_at_once_and_leaves_nothing(self):
        self.pickup.new_courier(capacity=100)
        self.operator.command_breaker("admission:pickup", "trip")
        started = time.monotonic()
        refused = self.client.post("/pickupcalls", {"tel": "01012345678"})
        self.assertLess(time.monotonic() - started, 0.5)
        self.assertEqual(refused.status, 503)
        self.assertGreater(int(refused.headers["Retry-After"]), 0)
        self.assertEqual(self.pickup.all("/pickupmanages"), [])
        self.assertEqual(self.taxi.new_call()["status"], "호출중")  # the other service goes on
        self.operator.command_breaker("admission:pickup", "reset")
        self.assertEqual(self.pickup.new_call()["status"], "호출확정")

    def test_messages_flow_again_soon_after_their_breaker_is_reset(self):
        self.pickup.new_courier(capacity=100)
        self.operator.command_breaker("channel:log", "trip")
        time.sleep(0.1)  # the notifier comes upon it
        call = self.pickup.new_call()
        self.operator.command_breaker("channel:log", "reset")
        eventually(lambda: self.node.message_file.exists()
                   and f"\t{call['id']}\tCONFIRMED" in self.node.message_file.read_text(), within=3)

    def test_only_exact_names_disturb_an_actor(self):
        courier = str(self.pickup.new_courier()["id"])
        for kind, name in (("courier", courier + "abc"), ("ledger", "zzz"), ("call", "pickup:1x"),
                           ("dispatcher", "pickup:1"), ("dispatcher", "pickup/0")):
            self.assertFalse(self.operator.disturb(Actor(kind, name), "kill"), (kind, name))

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


class FaultsOnPurpose(CompanyTest):
    def test_a_courier_or_call_told_to_crash_does_at_the_next_message_which_is_answered(self):
        courier, call = self.pickup.new_courier(), self.pickup.new_call()
        operator = Operator(self.node)
        for actor, send in (
                (Actor("courier", str(courier["id"])),
                 lambda: self.client.patch(f"/couriers/{courier['id']}",
                                           {"name": "다른 이름"})),
                (Actor("call", f"pickup:{call['id']}"),
                 lambda: self.client.delete(f"/pickupcalls/{call['id']}"))):
            restarts = operator.metric("pickupd_actor_restarts_total")
            self.assertTrue(operator.disturb(actor, "crash"))
            self.assertEqual(operator.metric("pickupd_actor_restarts_total"), restarts)
            self.assertEqual(send().status, 503)
            eventually(lambda: operator.metric("pickupd_actor_restarts_total") == restarts + 1)
            eventually(lambda: send().status in (200, 204))


class HangingThreads(CompanyTest):
    SETTINGS = {"SUPERVISION_HANG_LIMIT": "1s", "LIMITS_SCHEDULER_THREADS": "2"}

    def test_when_every_thread_of_the_actors_hangs_the_process_ends_and_its_successor_knows_all(self):
        self.pickup.new_courier(capacity=10)
        call = self.pickup.new_call()
        for service in ("pickup", "taxi"):  # at the next look at its clock
            self.assertTrue(Operator(self.node).disturb(Actor("dispatcher", service), "hang",
                                                        for_ms=30_000))
        self.assertEqual(self.node.process.wait(10), 70)
        self.node.start()
        self.connect()
        self.assertEqual(self.pickup.call(call["id"])["status"], "호출확정")
        self.assertEqual(self.pickup.new_call()["status"], "호출확정")


class SlowDisk(CompanyTest):
    SETTINGS = {"FAULTS_COMMIT_DELAY": "650ms", "BREAKER_MINIMUM_CALLS": "5"}

    def test_calls_that_take_too_long_open_the_breaker(self):
        def opened() -> bool:
            refused = self.client.post("/pickupcalls", {"tel": "01012345678"})
            return refused.status == 503 and "breaker is open" in refused.json["detail"]

        self.assertTrue(eventually(opened, within=15))


class Stall(CompanyTest):
    CLIENTS = 64

    def test_a_machine_that_stalls_for_a_moment_refuses_nobody(self):
        statuses: list[int] = []
        stop = threading.Event()

        def call() -> None:
            client = self.node.client()
            while not stop.is_set():
                statuses.append(client.post("/pickupcalls", {"tel": "01012345678"}).status)

        def answered(more: int) -> None:
            enough = len(statuses) + more
            eventually(lambda: len(statuses) >= enough, within=30)

        threads = [threading.Thread(target=call) for _ in range(self.CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            answered(1_000)  # before the stall makes one of each client slow
            self.node.process.send_signal(signal.SIGSTOP)
            time.sleep(0.8)
            self.node.process.send_signal(signal.SIGCONT)
            answered(1_000)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(Counter(statuses), {201: len(statuses)})


class GivingUp(CompanyTest):
    SETTINGS = {"SUPERVISION_INTENSITY": "0"}

    def test_when_the_root_supervisor_gives_up_the_process_says_why_and_ends_with_70(self):
        self.pickup.new_courier()
        self.assertTrue(Operator(self.node).disturb(Actor("dispatcher", "pickup"), "kill"))
        self.assertEqual(self.node.process.wait(10), 70)
        self.assertIn("node.gave_up reason=", self.node.log())


if __name__ == "__main__":
    unittest.main()
