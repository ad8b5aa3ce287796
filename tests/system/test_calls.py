"""Making, seeing and cancelling calls."""

import threading
import time
import unittest
from urllib.parse import unquote

from .company import Company, CompanyTest, north_of
from .harness import eventually
from .operator import Operator

TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"

CALL_FIELDS = {
    "id", "service", "tel", "location", "lat", "lng", "cost", "memo", "status", "phase",
    "pickupAt", "dispatchAt", "courier", "createdAt", "updatedAt", "seq", "correlationId", "_links",
}
KOREAN_CALL_FIELDS = (CALL_FIELDS - {"tel", "location", "status", "cost", "pickupAt"}
                      | {"휴대폰번호", "호출위치", "호출상태", "예상요금", "예약일시"})


class MakingACall(CompanyTest):
    def test_a_call_near_a_free_courier_is_confirmed_in_its_answer(self):
        courier = self.pickup.new_courier(name="김기사", tel="010-1111-2222", vehicle="서울 1가 1",
                                          **north_of(500))
        answer = self.client.post("/pickupcalls", {
            "tel": "010-1234-5678", "location": "집 앞", **north_of(0), "cost": 10000,
            "memo": "문 앞"})
        call = self.pickup.expect(201, answer)
        self.assertEqual(set(call), CALL_FIELDS | {"parcelType"})
        self.assertEqual(answer.headers["Location"], f"/pickupcalls/{call['id']}")
        self.assertTrue(call["_links"]["self"]["href"].endswith(f"/pickupcalls/{call['id']}"))
        self.assertEqual((call["status"], call["phase"]), ("호출확정", "CONFIRMED"))
        self.assertEqual(call["tel"], "010-1234-5678")
        self.assertEqual((call["location"], call["cost"], call["memo"]), ("집 앞", 10000, "문 앞"))
        self.assertEqual((call["service"], call["parcelType"]), ("pickup", "under10kg"))
        self.assertEqual({k: call["courier"][k] for k in ("id", "name", "tel", "vehicle")},
                         {"id": courier["id"], "name": "김기사", "tel": "010-1111-2222",
                          "vehicle": "서울 1가 1"})
        self.assertAlmostEqual(call["courier"]["distance"], 500, delta=2)
        self.assertRegex(call["createdAt"], TIME)
        self.assertRegex(call["updatedAt"], TIME)
        self.assertEqual(call, self.pickup.call(call["id"]))

    def test_without_a_courier_the_call_waits_and_unset_fields_are_null(self):
        call = self.pickup.new_call()
        self.assertEqual((call["status"], call["phase"]), ("호출중", "DISPATCHING"))
        self.assertEqual([call[k] for k in ("courier", "cost", "memo", "location")], [None] * 4)

    def test_a_taxi_call_has_a_taxi_class(self):
        call = self.taxi.new_call(taxiClass="van")
        self.assertEqual(set(call), CALL_FIELDS | {"taxiClass"})
        self.assertEqual((call["service"], call["taxiClass"]), ("taxi", "van"))
        self.assertEqual(self.taxi.new_call()["taxiClass"], "standard")

    def test_a_tel_is_enough(self):
        for company in (self.pickup, self.taxi):
            call = company.expect(201, company.client.post(company.calls, {"tel": "01012345678"}))
            self.assertIsInstance(call["lat"], float)
            self.assertIsInstance(call["lng"], float)

    def test_numbers_may_come_as_strings_and_names_mixed(self):
        call = self.pickup.expect(201, self.client.post("/pickupcalls", {
            "휴대폰번호": "01012345678", "lat": "37.5", "lng": "127.0", "예상요금": "20000",
            "parcelType": "10kg이상", "무엇": "모름"}))
        self.assertEqual((call["lat"], call["lng"], call["cost"]), (37.5, 127.0, 20000))
        self.assertEqual((call["tel"], call["parcelType"]), ("01012345678", "over10kg"))

    def test_places_are_found_by_korean_and_romanised_names(self):
        def where(name: str) -> tuple[float, float]:
            body = {"tel": "01012345678", "location": name}
            call = self.pickup.expect(201, self.client.post("/pickupcalls", body))
            self.assertEqual(call["location"], name)
            return call["lat"], call["lng"]

        self.assertEqual(where("마포"), where("mapo"))
        self.assertEqual(where("마포"), where(" MAPO "))
        self.assertEqual(where("강서구"), where("강서"))
        self.assertEqual(where("이수"), where("이수역"))
        self.assertNotEqual(where("사당"), where("마포"))

    def test_coordinates_win_over_a_name(self):
        call = self.pickup.new_call(location="마포 뒷골목", lat=35.1, lng=129.0)
        self.assertEqual((call["lat"], call["lng"], call["location"]), (35.1, 129.0, "마포 뒷골목"))

    def test_korean_paths_answer_with_korean_names(self):
        self.taxi.new_courier()
        answer = self.client.post("/택시호출s", {"휴대폰번호": "01012345678", "호출상태": "호출",
                                               "호출위치": "서울역", "예상요금": 25000})
        call = self.taxi.expect(201, answer)
        self.assertEqual(set(call), KOREAN_CALL_FIELDS | {"택시등급"})
        self.assertEqual((call["호출상태"], call["예상요금"]), ("호출확정", 25000))
        self.assertEqual(answer.headers["Location"],
                         f"/%ED%83%9D%EC%8B%9C%ED%98%B8%EC%B6%9Cs/{call['id']}")
        self.assertEqual(self.client.get(unquote(answer.headers["Location"])).json, call)
        parcel = self.pickup.expect(201, self.client.post("/픽업호출s", {"tel": "01012345678"}))
        self.assertEqual(set(parcel), KOREAN_CALL_FIELDS | {"택배유형"})

    def test_the_status_of_a_request_may_only_ask(self):
        for status in ("호출", "call"):
            self.pickup.new_call(status=status)
        answer = self.client.post("/pickupcalls", {"tel": "01012345678", "status": "호출취소"})
        self.assertIn(answer.status, (400, 422))

    def test_ids_count_from_one_in_each_service_and_do_not_cross(self):
        self.assertEqual([self.pickup.new_call()["id"] for _ in range(2)], [1, 2])
        self.assertEqual(self.taxi.new_call()["id"], 1)
        self.assertEqual(self.client.get("/taxicalls/2").status, 404)

    def test_prefer_wait_holds_the_answer_until_a_courier_is_found(self):
        calls = []
        company = Company(self.node)
        waiter = threading.Thread(
            target=lambda: calls.append(company.new_call({"Prefer": "wait=10"})))
        waiter.start()
        while not self.pickup.all("/pickupcalls?status=호출중"):
            time.sleep(0.01)
        self.pickup.new_courier()
        waiter.join(5)
        self.assertEqual(calls[0]["status"], "호출확정")

    def test_prefer_wait_ends_with_its_time(self):
        start = time.monotonic()
        call = self.pickup.new_call({"Prefer": "wait=1"})
        self.assertEqual(call["status"], "호출중")
        self.assertGreater(time.monotonic() - start, 0.9)
        self.assertLess(time.monotonic() - start, 3)


class FollowingACall(CompanyTest):
    def test_the_history_shows_every_transition(self):
        courier = self.pickup.new_courier()
        call = self.pickup.new_call({"X-Correlation-Id": "first"})
        self.pickup.expect(204, self.client.delete(f"/pickupcalls/{call['id']}?reason=변심",
                                                   X_Correlation_Id="second"))
        history = self.pickup.history(call["id"])
        self.assertEqual([item["event"] for item in history],
                         ["PickupCalled", "PickupManaged", "PickupAssigned",
                          "PickupCallCancelled", "PickupAssignCancelled"])
        self.assertEqual(history[0]["status"], "호출")
        self.assertEqual([item["correlationId"] for item in history],
                         ["first"] * 3 + ["second"] * 2)
        for item in history:
            self.assertRegex(item["at"], TIME)
        self.assertEqual([item["cause"] for item in history], [None] * 3 + ["customer"] * 2)
        self.assertIn("변심", str(history[3]))
        self.assertIn(str(courier["id"]), str(history[2]))

    def test_taxi_events_are_named_after_the_taxi(self):
        call = self.taxi.new_call()
        self.assertEqual([item["event"] for item in self.taxi.history(call["id"])],
                         ["TaxiCalled", "TaxiManaged"])

    def test_a_correlation_id_is_echoed_and_kept(self):
        answer = self.client.post("/pickupcalls", {"tel": "01012345678"},
                                  X_Correlation_Id="order-77")
        self.assertEqual(answer.headers["X-Correlation-Id"], "order-77")
        self.assertEqual(answer.json["correlationId"], "order-77")

    def test_a_traceparent_gives_the_correlation_id(self):
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        answer = self.client.post("/pickupcalls", {"tel": "01012345678"},
                                  traceparent=f"00-{trace}-00f067aa0ba902b7-01")
        self.assertIn(trace, answer.headers["X-Correlation-Id"])
        self.assertIn(trace, answer.json["correlationId"])

    def test_a_correlation_id_is_made_up_when_none_was_given(self):
        answer = self.client.post("/pickupcalls", {"tel": "01012345678"})
        self.assertTrue(answer.headers["X-Correlation-Id"])
        self.assertEqual(answer.json["correlationId"], answer.headers["X-Correlation-Id"])

    def test_unknown_calls_are_404(self):
        for number in ("1", "0", "9007199254740993", "99999999999999999999", "x", "-1"):
            for path in (f"/pickupcalls/{number}", f"/pickupcalls/{number}/history"):
                self.assertEqual(self.client.get(path).status, 404, path)
            self.assertEqual(self.client.delete(f"/pickupcalls/{number}").status, 404, number)


class CancellingACall(CompanyTest):
    def test_cancelling_frees_the_courier_and_keeps_the_call(self):
        courier = self.pickup.new_courier(capacity=1)
        call = self.pickup.new_call()
        self.assertEqual(self.pickup.courier(courier["id"])["load"], 1)
        self.pickup.cancel(call["id"])
        after = self.pickup.call(call["id"])
        self.assertEqual((after["status"], after["phase"]), ("호출취소", "CANCELED"))
        self.assertEqual(self.pickup.courier(courier["id"])["load"], 0)
        self.assertEqual(self.pickup.new_call()["courier"]["id"], courier["id"])

    def test_cancelling_twice_changes_nothing(self):
        call = self.pickup.new_call()
        self.pickup.cancel(call["id"])
        once = self.pickup.call(call["id"])
        self.pickup.cancel(call["id"])
        self.assertEqual(self.pickup.call(call["id"]), once)

    def test_a_cancelled_call_leaves_the_queue(self):
        first, second = self.pickup.new_call(), self.pickup.new_call()
        self.pickup.cancel(first["id"])
        self.pickup.new_courier(capacity=1)
        self.pickup.confirmed(second["id"])
        self.assertEqual(self.pickup.call(first["id"])["status"], "호출취소")

    def test_what_was_picked_up_cannot_be_cancelled(self):
        courier = self.pickup.new_courier()
        call = self.pickup.new_call()
        self.pickup.job(courier["id"], call["id"], "arrived")
        for step, phase in (("picked-up", "PICKED_UP"), ("completed", "COMPLETED")):
            self.pickup.job(courier["id"], call["id"], step)
            answer = self.client.delete(f"/pickupcalls/{call['id']}")
            self.assertEqual(answer.status, 409)
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
            self.assertIn(phase, str(answer))


class Leaving(CompanyTest):
    def test_a_client_that_leaves_while_its_answer_is_held_leaves_its_place(self):
        def connections() -> float:
            return Operator(self.node).metric("pickupd_http_connections")

        eventually(lambda: connections() == 0)
        leaving = self.node.client(timeout=0.3)
        with self.assertRaises(TimeoutError):
            leaving.post("/pickupcalls", {"tel": "01012345678"}, Prefer="wait=30")
        eventually(lambda: connections() == 0, within=5)


if __name__ == "__main__":
    unittest.main()
