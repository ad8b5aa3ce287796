"""Collections: HAL form, pages, filters, and what the dispatcher sees."""

import unittest

from .company import CompanyTest, embedded

MANAGED_FIELDS = {"id", "orderId", "tel", "location", "status", "phase", "cost", "driver",
                  "drivertel", "taxiid", "courierId", "pickupAt", "dispatchAt"}
KOREAN_MANAGED_FIELDS = {"id", "orderId", "고객휴대폰번호", "호출위치", "호출상태", "phase",
                         "예상요금", "기사", "기사휴대폰번호", "차량번호", "courierId", "예약일시",
                         "dispatchAt"}
ASSIGNMENT_FIELDS = {"id", "callId", "courier", "status", "live", "cause", "assignedAt", "endedAt"}
COURIER_FIELDS = {"id", "name", "tel", "vehicle", "service", "classes", "capacity", "load",
                  "onShift", "lat", "lng", "lastSeenAt"}


def plain(item: dict) -> set[str]:
    return set(item) - {"_links"}


class ListsOfCalls(CompanyTest):
    def ids(self, path: str) -> list[int]:
        return [item["id"] for item in self.pickup.all(path)]

    def test_pages_are_cut_newest_first(self):
        for _ in range(5):
            self.pickup.new_call()
        seen = []
        for page in range(3):
            answer = self.client.get(f"/pickupcalls?page={page}&size=2").json
            self.assertEqual(answer["page"]["totalPages"], 3)
            self.assertEqual(answer["page"]["totalElements"], 5)
            self.assertEqual((answer["page"]["number"], answer["page"]["size"]), (page, 2))
            self.assertIn("self", answer["_links"])
            seen.append([item["id"] for item in embedded(answer, "/pickupcalls")])
        self.assertEqual(seen, [[5, 4], [3, 2], [1]])

    def test_an_empty_list_and_a_page_beyond_the_end_are_lists(self):
        for path in ("/pickupcalls", "/pickupcalls?page=7", "/couriers", "/pickupassigns"):
            answer = self.client.get(path).json
            self.assertEqual(embedded(answer, path), [])
            self.assertEqual(answer["page"]["totalPages"], 0)

    def test_bad_pages_are_refused(self):
        for query in ("page=-1", "page=x", "size=0", "size=201", "size=x", "status=무엇"):
            self.assertEqual(self.client.get(f"/pickupcalls?{query}").status // 100, 4, query)

    def test_cancelled_calls_show_only_when_asked_for(self):
        kept, cancelled = self.pickup.new_call(), self.pickup.new_call()
        self.pickup.cancel(cancelled["id"])
        self.assertEqual(self.ids("/pickupcalls"), [kept["id"]])
        self.assertEqual(self.ids("/pickupcalls?status=호출취소"), [cancelled["id"]])
        self.assertEqual(self.ids("/pickupmanages"), [cancelled["id"], kept["id"]])

    def test_calls_are_found_by_tel_and_status(self):
        self.pickup.new_courier(capacity=1)
        confirmed = self.pickup.new_call(tel="010-1111-1111")
        waiting = self.pickup.new_call(tel="01022222222")
        self.assertEqual(self.ids("/pickupcalls?tel=01011111111"), [confirmed["id"]])
        self.assertEqual(self.ids("/pickupcalls?status=호출중"), [waiting["id"]])
        self.assertEqual(self.ids("/pickupcalls?status=호출확정"), [confirmed["id"]])
        self.assertEqual(self.ids("/pickupcalls?tel=01011111111&status=호출중"), [])
        self.assertEqual(self.ids("/pickupmanages?status=호출확정"), [confirmed["id"]])

    def test_a_list_shows_what_the_answer_before_it_said(self):
        courier = self.pickup.new_courier()
        for _ in range(20):
            call = self.pickup.new_call()
            newest = embedded(self.client.get("/pickupcalls?size=1").json, "/pickupcalls")[0]
            self.assertEqual(newest, call)
            assigned = embedded(self.client.get("/pickupassigns?size=1").json, "/pickupassigns")[0]
            self.assertEqual((assigned["callId"], assigned["live"]), (call["id"], True))
            self.pickup.cancel(call["id"])
            self.assertEqual(self.ids("/pickupcalls"), [])
            self.assertEqual(self.pickup.courier(courier["id"])["load"], 0)

    def test_the_dispatcher_sees_the_courier(self):
        courier = self.taxi.new_courier(name="박기사", tel="01033334444", vehicle="서울 3나 3")
        call = self.taxi.new_call(cost=25000)
        item = self.taxi.expect(200, self.client.get(f"/taximanages/{call['id']}"))
        self.assertEqual(plain(item), MANAGED_FIELDS)
        self.assertEqual((item["id"], item["orderId"]), (call["id"], str(call["id"])))
        self.assertEqual([item[k] for k in ("driver", "drivertel", "taxiid", "courierId")],
                         ["박기사", "01033334444", "서울 3나 3", courier["id"]])
        misspelt = self.taxi.all("/taximanags")[0]
        self.assertEqual({k: misspelt[k] for k in MANAGED_FIELDS},
                         {k: item[k] for k in MANAGED_FIELDS})
        korean = self.taxi.all("/택시관리s")[0]
        self.assertEqual(plain(korean), KOREAN_MANAGED_FIELDS)
        self.assertEqual((korean["고객휴대폰번호"], korean["기사"]), (call["tel"], "박기사"))

    def test_a_call_without_a_courier_has_nulls_in_the_managed_view(self):
        call = self.pickup.new_call()
        item = self.pickup.all("/pickupmanages")[0]
        self.assertEqual(item["id"], call["id"])
        self.assertEqual([item[k] for k in ("driver", "drivertel", "taxiid", "courierId")],
                         [None] * 4)

    def test_services_have_lists_of_their_own(self):
        self.pickup.new_call()
        self.assertEqual(self.taxi.all("/taxicalls"), [])
        self.assertEqual(self.taxi.all("/택시호출s/"), [])
        self.assertEqual(len(self.pickup.all("/픽업호출s")), 1)


class ListsOfAssignments(CompanyTest):
    def test_assignments_live_and_past_with_their_cause(self):
        courier = self.pickup.new_courier()
        kept, cancelled, done = (self.pickup.new_call() for _ in range(3))
        self.pickup.cancel(cancelled["id"])
        self.pickup.finish(courier["id"], done["id"])
        items = {item["callId"]: item for item in self.pickup.all("/pickupassigns")}
        for item in items.values():
            self.assertEqual(plain(item), ASSIGNMENT_FIELDS)
        shown = {number: [item[k] for k in ("status", "live", "cause")]
                 for number, item in items.items()}
        self.assertEqual(shown, {kept["id"]: ["할당확정", True, None],
                                 cancelled["id"]: ["할당취소", False, "customer"],
                                 done["id"]: ["할당확정", False, None]})
        self.assertIsNone(items[kept["id"]]["endedAt"])
        self.assertIsNotNone(items[done["id"]]["endedAt"])
        self.assertEqual(items[kept["id"]]["courier"]["id"], courier["id"])
        self.assertEqual([i["callId"] for i in self.pickup.all("/pickupassigns?status=할당취소")],
                         [cancelled["id"]])
        self.assertEqual(len(self.pickup.all("/픽업할당s?status=할당확정")), 2)


class ListsOfCouriers(CompanyTest):
    def test_couriers_by_service(self):
        first = self.pickup.new_courier(name="하나")
        self.taxi.new_courier(name="둘")
        self.assertEqual(plain(first), COURIER_FIELDS)
        self.assertEqual([c["name"] for c in self.pickup.all("/couriers")], ["하나", "둘"])
        self.assertEqual([c["name"] for c in self.pickup.all("/couriers?service=taxi")], ["둘"])


if __name__ == "__main__":
    unittest.main()
