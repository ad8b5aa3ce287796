"""Calls for later: scheduled, dispatched in time, and found again after kill -9."""

import subprocess
import time
import unittest
from datetime import datetime, timedelta, timezone

from .company import CompanyTest
from .harness import BIN, eventually
from .invariants import broken_assignments, broken_messages, broken_waits
from .operator import Operator

LEAD = timedelta(hours=1)
SEOUL_TIME = timezone(timedelta(hours=9))


def now() -> datetime:
    return datetime.now(SEOUL_TIME)


def due_in(seconds: float) -> str:
    """The time of pickup of a call that is to be dispatched so soon."""
    return (now() + LEAD + timedelta(seconds=seconds)).isoformat()


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class Scheduled(CompanyTest):
    SETTINGS = {"DISPATCH_LEAD_TIME": "1h", "DISPATCH_COURIER_LOST_AFTER": "1h"}

    def events(self, number: int) -> list[str]:
        return [item["event"] for item in self.pickup.history(number)]

    def phases(self, numbers: list[int]) -> set[str]:
        return {self.pickup.call(number)["phase"] for number in numbers}

    def test_a_call_for_later_is_scheduled_and_goes_to_a_courier_in_time(self):
        courier = self.pickup.new_courier()
        call = self.pickup.new_call(pickupAt=due_in(2))
        self.assertEqual((call["status"], call["phase"]), ("호출", "SCHEDULED"))
        self.assertEqual(instant(call["pickupAt"]) - instant(call["dispatchAt"]), LEAD)
        self.assertIsNone(call["courier"])
        self.assertEqual(self.events(call["id"]), ["PickupCalled", "PickupScheduled"])
        self.assertEqual(self.pickup.courier(courier["id"])["load"], 0)
        assigned = self.pickup.confirmed(call["id"])
        self.assertGreaterEqual(datetime.now(timezone.utc), instant(assigned["dispatchAt"]))
        self.assertEqual(assigned["courier"]["id"], courier["id"])
        self.assertEqual(self.events(call["id"]), ["PickupCalled", "PickupScheduled",
                                                   "PickupManaged", "PickupAssigned"])
        self.pickup.finish(courier["id"], call["id"])

    def test_scheduled_calls_are_listed_as_called(self):
        later = self.pickup.new_call(pickupAt=due_in(3600))
        at_once = self.pickup.new_call()
        for path in ("/pickupcalls", "/pickupmanages"):
            listed = self.pickup.all(f"{path}?status=호출")
            self.assertEqual([(c["id"], c["phase"], c["pickupAt"]) for c in listed],
                             [(later["id"], "SCHEDULED", later["pickupAt"])])
            self.assertEqual([c["id"] for c in self.pickup.all(path)],
                             [at_once["id"], later["id"]])
        korean = self.pickup.all("/픽업호출s?status=호출")
        self.assertEqual(korean[0]["예약일시"], later["pickupAt"])

    def test_a_scheduled_call_is_canceled_and_stays_so(self):
        courier = self.pickup.new_courier()
        call = self.pickup.new_call(pickupAt=due_in(2))
        self.pickup.cancel(call["id"])
        self.pickup.cancel(call["id"])
        self.assertEqual(self.pickup.report(courier["id"], call["id"], "arrived").status, 404)
        time.sleep(2.5)
        self.assertEqual(self.events(call["id"]),
                         ["PickupCalled", "PickupScheduled", "PickupCallCancelled"])
        eventually(lambda: broken_messages(self.pickup, self.node.message_file,
                                           [call["id"]]) == [])
        self.assertEqual(self.pickup.courier(courier["id"])["load"], 0)

    def test_times_that_cannot_be_are_refused_by_the_name_of_the_field(self):
        def refused(when: str) -> tuple:
            answer = self.client.post("/pickupcalls", {"tel": "01012345678", "pickupAt": when})
            return answer.status, answer.json["type"].split(":")[-1], answer.json.get("field")

        self.assertEqual(refused((now() - timedelta(minutes=5)).isoformat()),
                         (422, "out_of_range", "pickupAt"))
        self.assertEqual(refused((now() + timedelta(days=31)).isoformat()),
                         (422, "out_of_range", "pickupAt"))
        self.assertEqual(refused("tomorrow"), (400, "invalid_argument", None))
        self.assertEqual(self.pickup.all("/pickupmanages"), [])
        soon = self.pickup.new_call(pickupAt=(now() - timedelta(seconds=5)).isoformat())
        self.assertEqual((soon["status"], soon["dispatchAt"]), ("호출중", None))

    def test_a_scheduled_call_is_made_once_and_answered_at_once(self):
        headers = {"Idempotency-Key": "later", "Prefer": "wait=20"}
        when = due_in(3600)
        started = time.monotonic()
        first = self.pickup.new_call(headers, pickupAt=when)
        again = self.pickup.new_call(headers, pickupAt=when)
        self.assertLess(time.monotonic() - started, 5)
        self.assertEqual(again, first)
        other = self.client.post("/pickupcalls", {"tel": "01012345678", "lat": 37.5665,
                                                  "lng": 126.978, "pickupAt": due_in(7200)},
                                 **{"Idempotency_Key": "later"})
        self.assertEqual(other.status, 422)

    def test_while_manage_is_stopped_calls_for_later_are_refused_too(self):
        operator = Operator(self.node)
        operator.pause("manage")
        refused = self.client.post("/pickupcalls", {"tel": "01012345678",
                                                    "pickupAt": due_in(3600)})
        self.assertEqual(refused.status, 503)
        self.assertEqual(self.pickup.all("/pickupmanages"), [])

    def test_kill_9_before_and_after_the_time_loses_none(self):
        courier = self.pickup.new_courier(capacity=100)
        soon = [self.pickup.new_call(pickupAt=due_in(4))["id"] for _ in range(20)]
        later = [self.pickup.new_call(pickupAt=due_in(3600))["id"] for _ in range(5)]
        self.pickup.cancel(soon[0])
        self.restart()
        self.assertEqual(self.phases(soon[1:] + later), {"SCHEDULED"})
        self.pickup.cancel(soon[1])
        self.node.kill9()
        time.sleep(4.5)  # they fall due while nobody is there
        self.node.start()
        self.connect()
        for number in soon[2:]:
            self.assertEqual(self.pickup.confirmed(number)["courier"]["id"], courier["id"])
        self.assertEqual(self.phases(soon[:2]), {"CANCELED"})
        self.assertEqual(self.phases(later), {"SCHEDULED"})
        self.assertEqual(broken_assignments(self.pickup), [])
        self.assertEqual(broken_waits(self.pickup), [])
        eventually(lambda: broken_messages(self.pickup, self.node.message_file,
                                           soon + later) == [])
        self.node.terminate()
        verified = subprocess.run([BIN / "pickupctl", "journal", "verify", self.node.data_dir],
                                  capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_kill_9_while_calls_fall_due_dispatches_each_once(self):
        self.pickup.new_courier(capacity=1000)
        numbers = [self.pickup.new_call(pickupAt=due_in(1.5 + i / 200))["id"] for i in range(200)]
        for _ in range(3):
            time.sleep(0.5)
            self.restart()
        for number in numbers:
            self.pickup.confirmed(number)
            self.assertEqual(self.events(number).count("PickupAssigned"), 1)
        self.assertEqual(broken_assignments(self.pickup), [])
        eventually(lambda: broken_messages(self.pickup, self.node.message_file, numbers) == [])


if __name__ == "__main__":
    unittest.main()
