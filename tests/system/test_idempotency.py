"""An Idempotency-Key makes a repeated POST harmless."""

import threading
import unittest

from .company import Company, CompanyTest, north_of

BODY = {"tel": "01012345678", **north_of(0), "cost": 10000}


class IdempotentCalls(CompanyTest):
    def post(self, body=None, key="k-1", path="/pickupcalls"):
        return self.client.post(path, body or BODY, Idempotency_Key=key)

    def test_a_repeat_answers_with_the_call_as_it_is_now(self):
        first = self.post()
        self.assertIsNone(first.headers["Idempotency-Replayed"])
        self.pickup.new_courier()
        self.pickup.confirmed(first.json["id"])
        again = self.post()
        self.assertEqual(again.status, 201)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertEqual(again.headers["Location"], first.headers["Location"])
        self.assertEqual(again.json["id"], first.json["id"])
        self.assertEqual((first.json["status"], again.json["status"]), ("호출중", "호출확정"))
        self.assertEqual(len(self.pickup.all("/pickupcalls")), 1)

    def test_the_same_key_with_another_body_is_422(self):
        self.post()
        self.assertEqual(self.post({**BODY, "cost": 10001}).status, 422)

    def test_bodies_are_compared_by_meaning(self):
        self.post(b'{"tel": "01012345678", "lat": 37.5, "lng": 127.0, "cost": "5000"}')
        again = self.post(b'{"cost":5000,"lng":127,"lat":3.75e1,"tel":"01012345678"}')
        self.assertEqual(again.headers["Idempotency-Replayed"], "true", str(again))

    def test_each_service_has_keys_of_its_own(self):
        self.post()
        other = self.post(path="/taxicalls")
        self.assertEqual(other.status, 201)
        self.assertIsNone(other.headers["Idempotency-Replayed"])

    def test_a_refused_request_stores_nothing(self):
        self.assertEqual(self.post({"tel": "12"}).status // 100, 4)
        self.assertEqual(self.post().status, 201)

    def test_concurrent_requests_with_one_key_make_one_call(self):
        answers = []

        def post() -> None:
            answers.append(Company(self.node).client.post("/pickupcalls", BODY,
                                                          Idempotency_Key="same"))

        threads = [threading.Thread(target=post) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({answer.status for answer in answers}, {201})
        self.assertEqual(len({answer.json["id"] for answer in answers}), 1)
        self.assertEqual(sum(a.headers["Idempotency-Replayed"] is None for a in answers), 1)
        self.assertEqual(len(self.pickup.all("/pickupcalls")), 1)

    def test_a_key_survives_kill_9(self):
        first = self.post()
        self.restart()
        again = self.post()
        self.assertEqual(again.json["id"], first.json["id"])
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")

    def test_an_unreadable_key_is_refused(self):
        for key in ("x" * 256, "a b", "\xe9"):
            self.assertEqual(self.post(key=key).status, 400, repr(key))
        self.assertEqual(self.post(key="x" * 255).status, 201)


if __name__ == "__main__":
    unittest.main()
