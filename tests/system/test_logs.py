"""The log: a line an event, as text for people or as JSON for what collects logs."""

import json
import os
import re
import unittest

from .company import Company
from .harness import Node, NodeTest, eventually
from .operator import Actor, Operator

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
EVENT = r"[a-z_]+\.[a-z_]+"
COURIER, CUSTOMER = "010-9876-5432", "01012345678"


def disturb(node: Node) -> None:
    """A call, whose actor and courier's actor are then ended, and the end."""
    company = Company(node)
    courier = company.new_courier(tel=COURIER, name=f'"기사"\n{COURIER}')
    company.new_call({"X-Correlation-Id": 'mine "and" yours'}, tel=CUSTOMER)
    eventually(node.message_file.read_text)
    operator = Operator(node)
    crashes = operator.metric("pickupd_actor_restarts_total")
    operator.disturb(Actor("call", "pickup:1"), "kill")
    operator.disturb(Actor("courier", str(courier["id"])), "kill")
    eventually(lambda: operator.metric("pickupd_actor_restarts_total") == crashes + 2)
    company.client.get("/pickupcalls?tel=" + CUSTOMER)
    node.terminate()


class Logs(NodeTest):
    def hides_numbers(self, log: str) -> None:
        self.assertNotIn(COURIER, log)
        self.assertNotIn(CUSTOMER, log)
        self.assertIn("010******78", log)
        self.assertNotIn("기사", log, "what the customer was told")

    def test_every_line_of_a_json_log_is_an_object_with_an_event(self):
        node = self.start_node(LOG_FORMAT="json")
        disturb(node)
        log = node.log()
        events: dict[str, dict[str, str]] = {}
        for line in log.splitlines():
            told = json.loads(line)
            self.assertRegex(told["at"], f"^{TIME}$")
            self.assertIn(told["level"], ("info", "warning", "error", "critical"))
            self.assertRegex(told["event"], f"^{EVENT}$")
            self.assertNotIn("message", told, "what was not read as members")
            self.assertEqual({type(value) for value in told.values()}, {str})
            events[told["event"]] = told
        self.assertLessEqual({"node.serves", "dispatcher.ready", "message.sent", "actor.disturbed",
                              "actor.crashed", "node.stopping", "node.stopped"}, set(events))
        self.assertEqual(events["node.serves"]["listening"], f"127.0.0.1:{node.port}")
        self.assertEqual(events["message.sent"]["correlation_id"], 'mine "and" yours')
        self.assertEqual(events["message.sent"]["call"], "1")
        crashed = [told for line in log.splitlines()
                   if (told := json.loads(line))["event"] == "actor.crashed"]
        self.assertEqual({told["correlation_id"] for told in crashed}, {'mine "and" yours', ""})
        self.hides_numbers(log)

    def test_every_line_of_a_text_log_names_its_event(self):
        node = self.start_node()
        disturb(node)
        greeting = re.compile("pickupd |  ")
        lines = [line for line in node.log().splitlines() if not greeting.match(line)]
        for line in lines:
            self.assertRegex(line, f"^{TIME} (info|warning|error|critical) {EVENT}( [a-z_]+=|$)")
        self.assertGreater(len(lines), 5)
        self.hides_numbers(node.log())

    def test_a_start_that_fails_is_told_in_json_too(self):
        self.start_node()
        other = self.new_node(LOG_FORMAT="json")
        with self.assertRaisesRegex(RuntimeError, f"exited with {os.EX_TEMPFAIL}") as refused:
            other.start()
        told = json.loads(str(refused.exception).splitlines()[1])
        self.assertEqual(told["event"], "node.refused")
        self.assertIn("in use by another process", told["reason"])


if __name__ == "__main__":
    unittest.main()
