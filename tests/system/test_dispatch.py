"""Who goes: nearest, able, free; what happens when a courier says no or falls silent."""

import time
import unittest

from .company import CompanyTest, north_of
from .harness import eventually


class Choosing(CompanyTest):
    def test_the_nearest_courier_goes(self):
        self.pickup.new_courier(name="멀리", **north_of(2000))
        near = self.pickup.new_courier(name="가까이", **north_of(-300))
        self.pickup.new_courier(name="중간", **north_of(900))
        self.assertEqual(self.pickup.new_call()["courier"]["id"], near["id"])

    def test_a_courier_who_moved_is_measured_from_where_they_are_now(self):
        first = self.pickup.new_courier(**north_of(100))
        second = self.pickup.new_courier(**north_of(5000))
        self.pickup.locate(second["id"], north_of(10))
        self.assertEqual(self.pickup.new_call()["courier"]["id"], second["id"])
        self.pickup.locate(first["id"], north_of(5))
        self.assertEqual(self.pickup.new_call()["courier"]["id"], first["id"])

    def test_a_full_courier_is_passed_over(self):
        near = self.pickup.new_courier(capacity=1, **north_of(10))
        far = self.pickup.new_courier(capacity=1, **north_of(1000))
        chosen = [self.pickup.new_call()["courier"]["id"] for _ in range(2)]
        self.assertEqual(chosen, [near["id"], far["id"]])
        self.assertIsNone(self.pickup.new_call()["courier"])

    def test_only_an_able_courier_goes(self):
        self.pickup.new_courier(classes=["under10kg"], **north_of(10))
        able = self.pickup.new_courier(classes=["over10kg"], **north_of(1000))
        self.assertEqual(self.pickup.new_call(parcelType="over10kg")["courier"]["id"], able["id"])

    def test_nobody_comes_from_beyond_the_largest_distance(self):
        self.pickup.new_courier(**north_of(20_100))
        call = self.pickup.new_call()
        self.assertEqual(call["status"], "호출중")
        self.pickup.new_courier(**north_of(19_900))
        self.pickup.confirmed(call["id"])

    def test_at_the_same_distance_the_less_loaded_goes(self):
        first = self.pickup.new_courier()
        second = self.pickup.new_courier()
        chosen = [self.pickup.new_call()["courier"]["id"] for _ in range(4)]
        self.assertEqual(sorted(chosen), sorted([first["id"], second["id"]] * 2))

    def test_couriers_serve_their_own_service_only(self):
        self.taxi.new_courier()
        self.assertIsNone(self.pickup.new_call()["courier"])


class Waiting(CompanyTest):
    def test_a_courier_who_appears_takes_the_oldest_call(self):
        calls = [self.pickup.new_call()["id"] for _ in range(3)]
        courier = self.pickup.new_courier(capacity=1)
        for number in calls:
            self.pickup.confirmed(number)
            self.pickup.finish(courier["id"], number)

    def test_the_oldest_call_they_are_able_to_serve(self):
        heavy = self.pickup.new_call(parcelType="over10kg")
        light = self.pickup.new_call()
        self.pickup.new_courier(classes=["under10kg"])
        self.pickup.confirmed(light["id"])
        self.assertEqual(self.pickup.call(heavy["id"])["status"], "호출중")

    def test_more_room_takes_more_calls(self):
        courier = self.pickup.new_courier(capacity=1)
        calls = [self.pickup.new_call()["id"] for _ in range(3)]
        self.pickup.change_courier(courier["id"], capacity=3)
        for number in calls:
            self.pickup.confirmed(number)
        self.assertEqual(self.pickup.courier(courier["id"])["load"], 3)


class Declining(CompanyTest):
    def test_a_decline_sends_the_next_courier(self):
        near = self.pickup.new_courier(**north_of(10))
        far = self.pickup.new_courier(**north_of(1000))
        call = self.pickup.new_call()
        after = self.pickup.job(near["id"], call["id"], "decline")
        self.assertEqual(after["id"], call["id"])
        self.assertEqual(self.pickup.confirmed(call["id"])["courier"]["id"], far["id"])
        causes = {(a["courier"]["id"], a["cause"], a["live"])
                  for a in self.pickup.all("/pickupassigns")}
        self.assertEqual(causes, {(near["id"], "courier_declined", False),
                                  (far["id"], None, True)})

    def test_who_declined_is_not_asked_again_for_that_call(self):
        courier = self.pickup.new_courier()
        call = self.pickup.new_call()
        after = self.pickup.job(courier["id"], call["id"], "decline")
        self.assertEqual((after["status"], after["courier"]), ("호출중", None))
        self.pickup.locate(courier["id"], north_of(0))
        self.assertEqual(self.pickup.call(call["id"])["status"], "호출중")
        self.assertEqual(self.pickup.new_call()["courier"]["id"], courier["id"])

    def test_a_re_dispatched_call_keeps_its_place_in_the_queue(self):
        courier = self.pickup.new_courier(capacity=1)
        first = self.pickup.new_call()
        second = self.pickup.new_call(parcelType="over10kg")
        self.pickup.change_courier(courier["id"], onShift=False)
        self.pickup.job(courier["id"], first["id"], "decline")
        self.pickup.new_courier(capacity=1)
        self.pickup.confirmed(first["id"])
        self.assertEqual(self.pickup.call(second["id"])["status"], "호출중")


class Reporting(CompanyTest):
    def setUp(self) -> None:
        super().setUp()
        self.courier = self.pickup.new_courier()["id"]
        self.number = self.pickup.new_call()["id"]

    def step(self, name: str):
        return self.pickup.report(self.courier, self.number, name)

    def test_a_job_goes_from_arrived_to_completed(self):
        for step, phase in (("arrived", "ARRIVED"), ("picked-up", "PICKED_UP"),
                            ("completed", "COMPLETED")):
            call = self.pickup.expect(200, self.step(step))
            self.assertEqual((call["status"], call["phase"]), ("호출확정", phase))
        self.assertEqual(self.pickup.courier(self.courier)["load"], 0)
        self.assertEqual([i["event"] for i in self.pickup.history(self.number)][-3:],
                         ["PickupArrived", "PickupPickedUp", "PickupCompleted"])

    def test_illegal_steps_are_refused_with_the_phase(self):
        refused = self.step("completed")
        self.assertEqual(refused.status, 409)
        self.assertIn("CONFIRMED", str(refused))
        self.step("arrived")
        self.step("picked-up")
        for step in ("decline", "arrived"):
            self.assertEqual(self.step(step).status, 409, step)
        self.step("completed")
        self.assertIn("COMPLETED", str(self.step("failed")))

    def test_a_failed_pickup_cancels_the_call(self):
        call = self.pickup.expect(200, self.step("failed"))
        self.assertEqual((call["status"], call["phase"]), ("호출취소", "PICKUP_FAILED"))
        self.assertEqual(self.pickup.courier(self.courier)["load"], 0)
        self.assertEqual(self.pickup.all("/pickupassigns")[0]["cause"], "pickup_failed")

    def test_only_the_courier_who_has_the_job_may_report(self):
        other = self.pickup.new_courier(**north_of(100))["id"]
        self.assertIn(self.pickup.report(other, self.number, "arrived").status, (404, 409))
        self.assertEqual(self.pickup.report(99, self.number, "arrived").status, 404)
        self.assertEqual(self.pickup.report(self.courier, 99, "arrived").status, 404)
        self.assertEqual(self.step("sing").status, 404)
        self.assertEqual(self.pickup.call(self.number)["phase"], "CONFIRMED")


class Silence(CompanyTest):
    SETTINGS = {"DISPATCH_COURIER_LOST_AFTER": "2s"}

    def test_a_lost_courier_is_replaced_and_returns_with_a_heartbeat(self):
        lost = self.pickup.new_courier(capacity=2, **north_of(10))
        other = self.pickup.new_courier(**north_of(1000))
        self.pickup.locate(lost["id"], north_of(10))  # starts the clock
        call = self.pickup.new_call()
        self.assertEqual(call["courier"]["id"], lost["id"])
        after = eventually(lambda: self.with_courier(call["id"], other["id"]))
        self.assertEqual(after["status"], "호출확정")
        self.assertIn("courier_lost", {a["cause"] for a in self.pickup.all("/pickupassigns")})
        self.assertEqual(self.pickup.new_call()["courier"]["id"], other["id"])
        self.pickup.locate(lost["id"], north_of(10))
        self.assertEqual(self.pickup.new_call()["courier"]["id"], lost["id"])

    def with_courier(self, number: int, courier: int):
        call = self.pickup.call(number)
        return call if call["courier"] and call["courier"]["id"] == courier else None

    def test_who_has_arrived_keeps_the_job(self):
        courier = self.pickup.new_courier()
        call = self.pickup.new_call()
        self.pickup.job(courier["id"], call["id"], "arrived")
        waiting = self.pickup.new_courier(capacity=1, **north_of(10))
        self.pickup.locate(waiting["id"], north_of(10))
        second = self.pickup.new_call(lat=north_of(10)["lat"])
        # The second courier's loss proves that the first one's time has passed too.
        eventually(lambda: self.pickup.call(second["id"])["status"] == "호출중")
        self.assertEqual(self.pickup.call(call["id"])["phase"], "ARRIVED")


class Patience(CompanyTest):
    SETTINGS = {"DISPATCH_MAX_WAIT": "1s"}

    def test_a_call_that_waits_too_long_is_unfulfilled(self):
        started = time.monotonic()
        call = self.pickup.new_call()
        after = eventually(lambda: self.ended(call["id"]))
        self.assertGreater(time.monotonic() - started, 0.9)
        self.assertEqual((after["status"], after["phase"]), ("호출취소", "UNFULFILLED"))
        self.assertEqual(self.pickup.history(call["id"])[-1]["cause"], "expired")
        self.pickup.new_courier()
        self.assertEqual(self.pickup.call(call["id"])["phase"], "UNFULFILLED")

    def ended(self, number: int):
        call = self.pickup.call(number)
        return call if call["status"] == "호출취소" else None


class MatchingOutOfOrder(CompanyTest):
    SETTINGS = {"FAULTS_FAIL_MATCHING_FOR": "4s", "DISPATCH_MAX_WAIT": "1s"}

    def test_calls_are_taken_and_confirmed_when_it_works_again(self):
        self.pickup.new_courier()
        calls = [self.pickup.new_call() for _ in range(5)]
        self.assertEqual([call["status"] for call in calls], ["호출중"] * 5)
        for call in calls:
            self.pickup.confirmed(call["id"])


if __name__ == "__main__":
    unittest.main()
