"""The commands of the users' own documents, by the programs they use: HTTPie and siege."""

import json
import os
import re
import shlex
import subprocess
import unittest

from .company import Company
from .harness import NodeTest


class ReferenceCommands(NodeTest):
    """On a fresh machine: with the demo couriers, as shipped."""

    def setUp(self) -> None:
        self.node = self.start_node(DEMO_COURIERS="true")

    def http(self, command: str, status: int) -> dict | None:
        """Runs an `http` command as written, but for the port."""
        words = [re.sub(r"^:8080/", f":{self.node.port}/", word) for word in shlex.split(command)]
        self.assertEqual(words[0], "http")
        # Without a terminal HTTPie would read a body from its input.
        done = subprocess.run(
            ["http", "--ignore-stdin", "--print=hb", "--pretty=none", *words[1:]],
            capture_output=True, encoding="utf-8", timeout=20, check=False,
            env=os.environ | {"HTTPIE_CONFIG_DIR": str(self.scratch / "httpie")})
        self.assertEqual(done.returncode, 0, done.stderr)
        head, _, body = done.stdout.replace("\r\n", "\n").partition("\n\n")
        self.assertEqual(int(head.split()[1]), status, done.stdout)
        return json.loads(body) if body.strip() else None

    def test_pickup_calls(self):
        first = self.http('http :8080/pickupcalls 휴대폰번호="01050958718" status=호출 '
                          'location="이수" cost=10000', 201)
        self.assertEqual((first["tel"], first["status"], first["location"], first["cost"]),
                         ("01050958718", "호출확정", "이수", 10000))
        self.assertIsNotNone(first["courier"])
        second = self.http('http :8080/pickupcalls 휴대폰번호="01089385708" status=호출 '
                           'location="사당" cost=20000', 201)
        self.assertEqual(second["status"], "호출확정")

    def test_taxi_calls_in_english(self):
        first = self.http('http :8080/taxicalls tel="01012345678" status="call" location="mapo" '
                          'cost=25000', 201)
        self.assertEqual((first["status"], first["cost"]), ("호출확정", 25000))
        second = self.http('http :8080/taxicalls tel="01023456789" status="호출" cost=25500', 201)
        self.assertEqual(second["status"], "호출확정")
        self.assertEqual(
            [c["id"] for c in self.http("http :8080/taxicalls", 200)["_embedded"]["taxicalls"]],
            [second["id"], first["id"]])
        managed = self.http("http :8080/taximanages", 200)["_embedded"]["taximanages"]
        self.assertTrue(all(item["driver"] and item["drivertel"] for item in managed))

    def test_taxi_calls_in_korean_and_their_cancellation(self):
        first = self.http('http :8080/택시호출s 휴대폰번호="01012345678" 호출상태=호출 '
                          '호출위치="마포" 예상요금=25000', 201)
        self.assertEqual((first["호출상태"], first["호출위치"], first["예상요금"]),
                         ("호출확정", "마포", 25000))
        self.http('http :8080/택시호출s 휴대폰번호="01056789012" 호출상태=호출 '
                  '호출위치="서대문구" 예상요금=30000', 201)
        self.http('http :8080/택시호출s 휴대폰번호="01012345678" 호출상태="호출"', 201)

        self.assertIsNone(self.http("http delete :8080/택시호출s/1", 204))
        listed = self.http("http :8080/택시호출s/", 200)["_embedded"]["택시호출s"]
        self.assertEqual([call["id"] for call in listed], [3, 2])
        managed = self.http("http :8080/택시관리s/", 200)["_embedded"]["택시관리s"]
        self.assertEqual({item["id"]: item["호출상태"] for item in managed},
                         {1: "호출취소", 2: "호출확정", 3: "호출확정"})

    def test_the_managed_list_answers_under_its_misspelt_name_too(self):
        self.http('http :8080/taxicalls tel="01012345678"', 201)
        for path in ("taximanages", "taximanags"):
            self.assertEqual(self.http(f"http :8080/{path}", 200)["page"]["totalElements"], 1)

    def test_siege_with_200_users(self):
        seconds = 10
        url = f'http://127.0.0.1:{self.node.port}/taxicalls POST {{"tel": "0101231234"}}'
        report = self.siege(["-c200", f"-t{seconds}S", "-r10", "-v", "--content-type",
                             "application/json", url], seconds)
        self.assertEqual(report["failed_transactions"], 0, report)
        self.assertEqual(report["availability"], 100, report)
        self.assertGreater(report["transactions"], 1000, report)
        # A connection that finds the backlog full waits for 1 s, then 2 s more, then 4 s more.
        self.assertLess(report["longest_transaction"], 2, report)
        total = Company(self.node, "taxi").client.get("/taximanages?size=1").json["page"]
        self.assertGreaterEqual(total["totalElements"], report["transactions"])

    def siege(self, arguments: list[str], seconds: int) -> dict:
        """Runs siege, with settings of its own so that it leaves the user's alone. It sometimes
        hangs in a lock of its own at 200 users; then it is run once again."""
        config = self.scratch / "siegerc"
        config.write_text("verbose = false\nlogging = false\nshow-logfile = false\nlimit = 255\n"
                          "json_output = true\nconnection = close\nparser = false\n")
        for _ in range(2):
            try:
                done = subprocess.run(["siege", f"--rc={config}", *arguments],
                                      capture_output=True, text=True, timeout=seconds + 15,
                                      check=False, env=os.environ | {"HOME": str(self.scratch)})
            except subprocess.TimeoutExpired:
                continue
            report = re.search(r"\{[^{}]*\"transactions\"[^{}]*\}", done.stdout)
            self.assertIsNotNone(report, done.stdout[-1000:] + done.stderr[-1000:])
            return json.loads(report[0])
        self.fail("siege hung twice")


if __name__ == "__main__":
    unittest.main()
