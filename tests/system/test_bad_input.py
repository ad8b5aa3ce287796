"""Bad input is refused with a problem that says what was wrong, and the server goes on."""

import socket
import time
import unittest

from .client import exchange, status_of
from .company import CompanyTest, north_of

TEL = b'"tel":"01012345678"'
PROBLEM = "application/problem+json"


class BadBodies(CompanyTest):
    def refused(self, statuses: tuple[int, ...], body, path: str = "/pickupcalls",
                says: str = "", **headers: str) -> None:
        answer = self.client.post(path, body, **headers)
        self.assertIn(answer.status, statuses, (body, str(answer)))
        self.assertEqual(answer.headers["Content-Type"], PROBLEM, body)
        problem = answer.json
        self.assertEqual(problem["status"], answer.status)
        self.assertTrue(problem["title"])
        self.assertIn(says, problem["detail"])

    def tearDown(self) -> None:
        # Whatever was refused has left nothing behind.
        self.assertEqual(self.pickup.all("/pickupmanages"), [])
        self.assertEqual(self.taxi.all("/taximanages"), [])

    def test_what_is_not_json_is_400_and_says_where(self):
        for body in (b"{", b"tel=010", b'{"tel":"01012345678",}', b'{"tel":"01012345678"} x', b""):
            self.refused((400,), body)
        self.refused((400,), b'{"tel":"01012345678",\n"cost" 5}', says="2")

    def test_what_is_not_an_object_is_refused(self):
        for body in (b"[]", b"1", b'"tel"', b"null"):
            self.refused((400, 422), body)

    def test_wrong_types_are_refused_by_name(self):
        for field, value in (("tel", b"true"), ("cost", b'"many"'), ("cost", b"1.5"),
                             ("cost", b"-1"), ("cost", b"9007199254740993"), ("cost", b"[]"),
                             ("memo", b"7"), ("location", b"{}"), ("parcelType", b"3"),
                             ("lat", b'"north"'), ("lat", b"null")):
            body = b'{"tel":"01012345678","lng":127,"lat":37,"%s":%s}' % (field.encode(), value)
            self.refused((400, 422), body, says=field)

    def test_a_tel_is_required_and_has_9_to_15_digits(self):
        for body in (b"{}", b'{"tel":null}', b'{"tel":""}', b'{"tel":"12345678"}',
                     b'{"tel":"1234567890123456"}', b'{"tel":"0101234567x"}'):
            self.refused((400, 422), body, says="tel")

    def test_coordinates_come_in_pairs_and_in_range(self):
        for place in (b'"lat":37.5', b'"lng":127', b'"lat":90.1,"lng":0', b'"lat":0,"lng":180.1',
                      b'"lat":"NaN","lng":0', b'"lat":NaN,"lng":0', b'"lat":1e400,"lng":0',
                      b'"lat":"inf","lng":0'):
            self.refused((400, 422), b"{" + TEL + b"," + place + b"}")

    def test_an_unknown_place_is_422_and_names_near_ones(self):
        answer = self.client.post("/pickupcalls", {"tel": "01012345678", "location": "서대문고"})
        self.assertEqual(answer.status, 422)
        self.assertIn("서대문", answer.body.decode())
        self.assertIn("서대문고", answer.json["detail"])

    def test_unknown_classes_and_too_long_texts_are_refused(self):
        self.refused((400, 422), {"tel": "01012345678", "parcelType": "van"})
        self.refused((400, 422), {"tel": "01012345678", "taxiClass": "under10kg"}, "/taxicalls")
        self.refused((400, 422), {"tel": "01012345678", "memo": "가" * 501})
        self.refused((400, 422), {"tel": "01012345678", **north_of(0), "location": "가" * 201})

    def test_broken_text_is_400(self):
        for memo in (b"\xff", b"\xed\xa0\x80", b"\\ud800", b"\\udc00x", b"\\u0000", b"\x00"):
            self.refused((400,), b"{" + TEL + b',"memo":"' + memo + b'"}')

    def test_a_hundred_levels_deep_is_400(self):
        self.refused((400,), b"{" + TEL + b',"x":' + b"[" * 100 + b"]" * 100 + b"}")

    def test_other_content_types_are_415(self):
        self.refused((415,), b"tel=01012345678", Content_Type="application/x-www-form-urlencoded")
        self.refused((415,), b"{}", Content_Type="text/plain")

    def test_more_than_64_kib_is_413(self):
        body = b"{" + TEL + b',"x":"%s"}' % (b"a" * 65536)
        self.refused((413,), body)

    def test_unknown_paths_are_404_with_a_problem(self):
        for path in ("/", "/nothing", "/pickupcalls/1/2/3", "/픽업"):
            answer = self.client.get(path)
            self.assertEqual(answer.status, 404, path)
            self.assertEqual(answer.headers["Content-Type"], PROBLEM)


class LenientBodies(CompanyTest):
    def test_the_last_of_duplicated_keys_wins(self):
        answer = self.client.post("/pickupcalls", b'{"tel":"1",%s,"cost":1,"cost":2}' % TEL)
        self.assertEqual(self.pickup.expect(201, answer)["cost"], 2)

    def test_exactly_64_kib_is_taken(self):
        frame = b"{" + TEL + b',"x":""}'
        body = frame[:-2] + b"a" * (65536 - len(frame)) + frame[-2:]
        self.assertEqual(self.client.post("/pickupcalls", body).status, 201)

    def test_limits_themselves_are_allowed(self):
        call = self.pickup.new_call(memo="가" * 500, location="나" * 200, cost=2**53 - 1,
                                    tel="+82 10-1234-5678")
        self.assertEqual((call["cost"], call["memo"]), (2**53 - 1, "가" * 500))


class Methods(CompanyTest):
    def test_a_wrong_method_is_405_and_names_the_right_ones(self):
        for method, path, allowed in (
                ("PUT", "/pickupcalls", {"GET", "POST"}),
                ("POST", "/pickupcalls/1", {"GET", "DELETE"}),
                ("DELETE", "/택시호출s", {"GET", "POST"}),
                ("POST", "/pickupmanages", {"GET"}),
                ("PATCH", "/livez", {"GET"}),
                ("GET", "/couriers/1/jobs/1/arrived", {"POST"}),
                ("GET", "/couriers/1/location", {"PUT"}),
                ("PUT", "/couriers/1", {"GET", "PATCH", "DELETE"})):
            answer = self.client.send(method, path)
            self.assertEqual(answer.status, 405, (method, path))
            named = {name.strip() for name in answer.headers["Allow"].split(",")}
            self.assertLessEqual(allowed, named, (method, path))
            self.assertNotIn(method, named)
            self.assertEqual(answer.headers["Content-Type"], PROBLEM)


class RawRequests(CompanyTest):
    """What no well-meaning client sends."""

    def head(self, *lines: bytes, method: bytes = b"POST") -> bytes:
        return b"\r\n".join([method + b" /pickupcalls HTTP/1.1", b"Host: x",
                             b"Content-Type: application/json", *lines, b"", b""])

    def status(self, request: bytes) -> int:
        return status_of(exchange(self.node.port, request))

    def tearDown(self) -> None:
        self.assertEqual(self.client.get("/livez").status, 200)

    def test_an_ambiguous_length_is_400(self):
        body = b"{" + TEL + b"}"
        length = b"Content-Length: %d" % len(body)
        self.assertEqual(self.status(self.head(length, length) + body), 400)
        self.assertEqual(self.status(self.head(length, b"Content-Length: 1") + body), 400)
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        self.assertEqual(
            self.status(self.head(length, b"Transfer-Encoding: chunked") + chunked), 400)
        self.assertEqual(self.pickup.all("/pickupcalls"), [])

    def test_a_length_that_is_no_number_is_400(self):
        for length in (b"-1", b"x", b"1,1", b"99999999999999999999999"):
            self.assertIn(self.status(self.head(b"Content-Length: " + length) + b"{}"), (400, 413),
                          length)

    def test_too_many_headers_are_431(self):
        many = [b"X-H%d: 1" % n for n in range(100)]
        self.assertEqual(self.status(self.head(*many, method=b"GET")), 431)
        self.assertEqual(self.status(self.head(*many[:98], method=b"GET")), 200)

    def test_more_than_16_kib_of_headers_are_431(self):
        long = [b"X-H%d: %s" % (n, b"a" * 1000) for n in range(17)]
        self.assertEqual(self.status(self.head(*long, method=b"GET")), 431)
        self.assertEqual(self.status(self.head(*long[:14], method=b"GET")), 200)

    def test_rubbish_is_refused(self):
        for request in (b"\x00\x01\x02\x03\r\n\r\n", b"GET\r\n\r\n",
                        b"GET /pickupcalls/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                        b"GET /pickupcalls/%ff HTTP/1.1\r\nHost: x\r\n\r\n"):
            self.assertIn(self.status(request), (0, 400, 404), request)

    def test_a_body_may_come_in_chunks(self):
        body = b"{" + TEL + b"}"
        chunked = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
        self.assertEqual(self.status(self.head(b"Transfer-Encoding: chunked") + chunked), 201)

    def test_a_large_body_in_chunks_is_413(self):
        chunk = b"10000\r\n" + b"a" * 65536 + b"\r\n"
        request = self.head(b"Transfer-Encoding: chunked") + chunk * 2 + b"0\r\n\r\n"
        self.assertEqual(self.status(request), 413)


class SlowRequests(CompanyTest):
    SETTINGS = {"HTTP_REQUEST_READ_LIMIT": "1s", "HTTP_CONNECTIONS": "32"}

    def test_a_client_that_drips_is_let_go(self):
        dripping = [socket.create_connection(("127.0.0.1", self.node.port), timeout=5)
                    for _ in range(20)]
        started = time.monotonic()
        for connection in dripping:
            connection.sendall(b"POST /pickupcalls HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        closed = 0
        while closed < len(dripping) and time.monotonic() - started < 20:
            closed = sum(not self.drip(connection) for connection in dripping)
        self.assertEqual(closed, len(dripping))
        for connection in dripping:
            connection.close()
        self.assertEqual(self.client.get("/livez").status, 200)

    def drip(self, connection: socket.socket) -> bool:
        """Sends one more byte a few times a second; false when the server has hung up."""
        connection.settimeout(0.02)
        try:
            connection.sendall(b"a")
            while received := connection.recv(4096):
                self.assertIn(status_of(received), (408, 400, 503), received)
            return False
        except TimeoutError:
            return True
        except OSError:
            return False


class SilentConnections(CompanyTest):

    def test_hundreds_that_say_nothing_hold_up_nobody(self):
        silent = [socket.create_connection(("127.0.0.1", self.node.port), timeout=5)
                  for _ in range(500)]
        started = time.monotonic()
        self.assertEqual(self.client.get("/livez").status, 200)
        self.assertLess(time.monotonic() - started, 1)
        for connection in silent:
            connection.close()


if __name__ == "__main__":
    unittest.main()
