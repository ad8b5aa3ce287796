"""An end under load: everything taken is answered, everything answered is kept."""

import http.client
import os
import signal
import threading
import time
import unittest
from dataclasses import dataclass, field
from typing import Callable

from .company import Company
from .harness import Node, NodeTest
from .operator import Operator


@dataclass
class Caller:
    """One client that keeps calling until its server is gone."""

    number: int
    answered: list[tuple[str, int]] = field(default_factory=list)  # tel, call
    surprises: list[str] = field(default_factory=list)  # refused, but not with 503
    unanswered: str | None = None

    def call_until_closed(self, node: Node) -> None:
        client = node.client()
        for count in range(1_000_000):
            tel = f"010{self.number:03d}{count:06d}"
            try:
                answer = client.post("/pickupcalls", {"tel": tel})
            except (OSError, http.client.HTTPException):
                self.unanswered = tel
                return
            if answer.status == 201:
                self.answered.append((tel, answer.json["id"]))
            elif answer.status != 503:
                self.surprises.append(str(answer))
            if answer.headers["Connection"] == "close":
                return


class Shutdown(NodeTest):
    def test_sigterm_ends_a_node_that_cannot_even_open_its_journal(self):
        node = self.start_node()
        self.assertEqual(node.terminate(), 0)
        current = node.data_dir / "db/CURRENT"
        current.unlink()
        os.mkfifo(current)  # a disk that hangs: whoever opens it waits
        before = len(node.log())
        with self.assertRaises(AssertionError):
            node.start(within=1)
        started = time.monotonic()
        self.assertEqual(node.terminate(within=10), os.EX_SOFTWARE)
        self.assertLess(time.monotonic() - started, 6)
        self.assertIn("node.stop_incomplete", node.log()[before:])

    def test_sigterm_under_load(self):
        self.ends_in_order(lambda node: node.process.send_signal(signal.SIGTERM))

    def test_an_operator_s_drain_under_load(self):
        self.ends_in_order(lambda node: Operator(node).drain())

    def ends_in_order(self, end: Callable[[Node], None]) -> None:
        node = self.start_node()
        Company(node).new_courier(capacity=1_000_000)
        callers = [Caller(number) for number in range(32)]
        threads = [threading.Thread(target=caller.call_until_closed, args=(node,))
                   for caller in callers]
        for thread in threads:
            thread.start()
        time.sleep(1)
        started = time.monotonic()
        end(node)
        self.assertEqual(node.process.wait(10), 0)
        self.assertLess(time.monotonic() - started, 5)
        for thread in threads:
            thread.join()

        node.start()
        company = Company(node)
        kept = {call["id"]: call["tel"] for call in company.all("/pickupcalls")}
        for caller in callers:
            self.assertEqual(caller.surprises, [])
            self.assertGreater(len(caller.answered), 0)
            for tel, number in caller.answered:
                self.assertEqual(kept.get(number), tel, "an acknowledged call is lost")
        taken = set(kept.values())
        left = [c.unanswered for c in callers if c.unanswered in taken]
        self.assertEqual(left, [], "taken, but never answered")

    def test_idle_connections_do_not_delay_the_end(self):
        node = self.start_node()
        idle = [node.client() for _ in range(20)]
        for client in idle:
            client.get("/livez")
        started = time.monotonic()
        self.assertEqual(node.terminate(), 0)
        self.assertLess(time.monotonic() - started, 3)

    def test_a_long_look_does_not_delay_the_end(self):
        node = self.start_node()
        looks = []
        look = threading.Thread(
            target=lambda: looks.append(Operator(node).get("/admin/actors?window=1min")))
        look.start()
        time.sleep(0.5)
        started = time.monotonic()
        self.assertEqual(node.terminate(), 0)
        self.assertLess(time.monotonic() - started, 4)
        look.join(5)
        self.assertEqual(len(looks), 1)

    def test_a_waiting_answer_is_given_before_the_end(self):
        node = self.start_node()
        company = Company(node)
        calls = []
        waiter = threading.Thread(
            target=lambda: calls.append(company.new_call({"Prefer": "wait=30"})))
        waiter.start()
        other = Company(node)
        while not other.all("/pickupcalls"):
            time.sleep(0.01)
        started = time.monotonic()
        self.assertEqual(node.terminate(), 0)
        self.assertLess(time.monotonic() - started, 5)
        waiter.join(5)
        self.assertEqual([call["status"] for call in calls], ["호출중"])


if __name__ == "__main__":
    unittest.main()
