"""Registering and changing couriers."""

import unittest

from .company import CompanyTest, north_of


class Couriers(CompanyTest):
    def test_a_name_and_a_tel_are_enough(self):
        answer = self.client.post("/couriers", {"name": "김기사", "tel": "01011112222"})
        courier = self.pickup.expect(201, answer)
        self.assertEqual(answer.headers["Location"], f"/couriers/{courier['id']}")
        self.assertEqual(
            {k: courier[k] for k in ("service", "classes", "capacity", "load", "onShift")},
            {"service": "pickup", "classes": ["under10kg", "over10kg"], "capacity": 20, "load": 0,
             "onShift": True})
        self.assertEqual([courier[k] for k in ("vehicle", "lat", "lng", "lastSeenAt")], [None] * 4)

    def test_a_taxi_carries_one_call(self):
        courier = self.taxi.new_courier()
        self.assertEqual(courier["capacity"], 1)
        self.assertEqual(courier["classes"], ["standard", "deluxe", "van"])

    def test_without_a_place_no_job_until_the_first_location(self):
        courier = self.pickup.expect(201, self.client.post(
            "/couriers", {"name": "김기사", "tel": "01011112222"}))
        call = self.pickup.new_call()
        self.assertEqual(call["status"], "호출중")
        self.pickup.locate(courier["id"], north_of(10))
        self.pickup.confirmed(call["id"])
        seen = self.pickup.courier(courier["id"])
        self.assertAlmostEqual(seen["lat"], north_of(10)["lat"], places=6)
        self.assertIsNotNone(seen["lastSeenAt"])

    def test_a_change_touches_only_what_it_names(self):
        before = self.pickup.new_courier(vehicle="서울 1가 1")
        after = self.pickup.change_courier(before["id"], name="이기사", capacity=3)
        self.assertEqual(after, {**before, "name": "이기사", "capacity": 3})

    def test_promises_cannot_be_broken_by_a_change(self):
        courier = self.pickup.new_courier(capacity=2)
        first, second = self.pickup.new_call(), self.pickup.new_call(parcelType="over10kg")
        path = f"/couriers/{courier['id']}"
        self.assertEqual(self.client.patch(path, {"capacity": 1}).status, 409)
        self.assertEqual(self.client.patch(path, {"classes": ["under10kg"]}).status, 409)
        self.assertEqual(self.client.delete(path).status, 409)
        self.pickup.cancel(second["id"])
        self.pickup.change_courier(courier["id"], capacity=1, classes=["under10kg"])
        self.pickup.cancel(first["id"])
        self.assertEqual(self.client.delete(path).status, 204)
        self.assertEqual(self.client.get(path).status, 404)
        self.assertEqual(self.client.delete(path).status, 404)
        self.assertEqual(self.pickup.all("/couriers"), [])

    def test_a_deleted_courier_keeps_its_name_in_the_past_and_its_id_is_not_reused(self):
        courier = self.pickup.new_courier(name="옛기사")
        call = self.pickup.new_call()
        self.pickup.cancel(call["id"])
        self.assertEqual(self.client.delete(f"/couriers/{courier['id']}").status, 204)
        self.assertEqual(self.pickup.all("/pickupassigns")[0]["courier"]["name"], "옛기사")
        self.assertNotEqual(self.pickup.new_courier()["id"], courier["id"])

    def test_off_shift_keeps_live_jobs_and_takes_no_new_one(self):
        courier = self.pickup.new_courier()
        call = self.pickup.new_call()
        self.pickup.change_courier(courier["id"], onShift=False)
        self.assertEqual(self.pickup.call(call["id"])["courier"]["id"], courier["id"])
        waiting = self.pickup.new_call()
        self.assertEqual(waiting["status"], "호출중")
        self.pickup.change_courier(courier["id"], onShift=True)
        self.pickup.confirmed(waiting["id"])

    def test_bad_couriers_are_refused(self):
        good = {"name": "김기사", "tel": "01011112222"}
        for wrong in ({"name": None}, {"tel": "12"}, {"service": "bus"}, {"classes": ["van"]},
                      {"classes": []}, {"classes": "under10kg"}, {"capacity": 0},
                      {"capacity": 1_000_001}, {"capacity": "many"}, {"lat": 37.5},
                      {"lat": 91, "lng": 0}, {"onShift": "perhaps"}):
            answer = self.client.post("/couriers", {**good, **wrong})
            self.assertIn(answer.status, (400, 422), wrong)
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        self.assertEqual(self.pickup.all("/couriers"), [])

    def test_bad_locations_are_refused(self):
        courier = self.pickup.new_courier()
        path = f"/couriers/{courier['id']}/location"
        for place in ({}, {"lat": 37.5}, {"lat": 91, "lng": 0}, {"lat": 0, "lng": -180.5}):
            self.assertIn(self.client.put(path, place).status, (400, 422), place)
        self.assertEqual(self.client.put("/couriers/99/location", north_of(0)).status, 404)


class ManyLocations(CompanyTest):
    def tell(self, places: list[dict] | bytes, **headers: str) -> dict:
        return self.pickup.expect(200, self.client.post("/couriers/locations", places, **headers))

    def test_ten_thousand_at_once_are_seen_by_the_next_call_and_every_list(self):
        couriers = [self.pickup.new_courier(**north_of(30_000))["id"] for _ in range(100)]
        places = [{"id": couriers[n % 100], **north_of(10_000 - n)} for n in range(10_000)]
        answer = self.tell(places)
        self.assertEqual((answer["accepted"], answer["superseded"], answer["refused"]),
                         (100, 9_900, []))
        self.assertEqual(self.pickup.new_call()["courier"]["id"], couriers[99])
        for courier in self.pickup.all("/couriers"):
            self.assertIsNotNone(courier["lastSeenAt"])
        self.assertEqual(self.client.post("/couriers/locations", places + places[:1]).status, 413)

    def test_a_bad_one_spoils_no_other_in_lines_either(self):
        here, there = (self.pickup.new_courier()["id"] for _ in range(2))
        lines = "\n".join([f'{{"id":{here},"lat":37.1,"lng":127}}', '{"id":', '{"id":99,"lat":1,"lng":1}',
                           f'{{"기사번호":"{there}","위도":"37.2","경도":"127"}}'])
        answer = self.tell(lines.encode(), Content_Type="application/x-ndjson")
        self.assertEqual(answer["accepted"], 2)
        self.assertEqual([(r["index"], r["id"], r["status"]) for r in answer["refused"]],
                         [(1, None, 400), (2, 99, 404)])
        self.assertEqual(self.pickup.courier(there)["lat"], 37.2)

    def test_two_mebibytes_and_no_more(self):
        courier = self.pickup.new_courier()["id"]
        place = b'[{"id":%d,"lat":37.1,"lng":127}]' % courier
        body = place + b" " * (2**21 - len(place))
        self.assertEqual(self.tell(body)["accepted"], 1)
        self.assertEqual(self.client.post("/couriers/locations", body + b" ").status, 413)
        self.assertEqual(self.client.put(f"/couriers/{courier}/location", body).status, 413)


class WhoWouldCome(CompanyTest):
    def near(self, query: str = "") -> list[int]:
        place = north_of(0)
        answer = self.pickup.expect(200, self.client.get(
            f"/couriers/nearest?lat={place['lat']}&lng={place['lng']}{query}"))
        return [c["id"] for c in answer["_embedded"]["couriers"]]

    def test_it_is_who_comes_then(self):
        self.pickup.new_courier(**north_of(900), capacity=2)
        self.pickup.new_courier(**north_of(500), capacity=1)
        self.pickup.new_courier(**north_of(500), capacity=2)
        self.pickup.new_courier(**north_of(25_000))
        self.taxi.new_courier()
        for left in range(5, 0, -1):
            first = self.near()[0]
            self.assertEqual(self.pickup.new_call()["courier"]["id"], first, left)
        self.assertEqual(self.near(), [])
        self.restart()
        self.assertEqual(self.near(), [])

    def test_only_who_could_come_is_told(self):
        light = self.pickup.new_courier(classes=["under10kg"], **north_of(100))["id"]
        both = self.pickup.new_courier(**north_of(200))["id"]
        self.assertEqual(self.near(), [light, both])
        self.assertEqual(self.near("&class=over10kg"), [both])
        self.assertEqual(self.near("&k=1"), [light])
        self.pickup.change_courier(light, onShift=False)
        self.assertEqual(self.near(), [both])
        self.pickup.locate(both, north_of(50_000))
        self.assertEqual(self.near(), [])
        self.pickup.locate(both, north_of(10))
        self.assertEqual(self.near(), [both])
        self.client.delete(f"/couriers/{both}")
        self.assertEqual(self.near(), [])


if __name__ == "__main__":
    unittest.main()
