"""The operators' port: what it shows is what is so, and what operators do is audited."""

import http.client
import json
import re
import socket
import threading
import time
import unittest
from pathlib import Path
from typing import Any, Iterator

from .company import CompanyTest
from .harness import OPERATOR_TOKEN, eventually
from .operator import Operator


class Feed:
    """The live feed, read in a thread of its own."""

    def __init__(self, port: int):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._connection.request("GET", "/admin/feed?interval=200ms",
                                 headers={"Authorization": f"Bearer {OPERATOR_TOKEN}"})
        self._socket = self._connection.sock
        self._answer = self._connection.getresponse()
        assert self._answer.headers["Content-Type"] == "text/event-stream"
        self.events: list[tuple[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(5)
        self._answer.close()

    def of(self, name: str) -> list[Any]:
        return [data for event, data in self.events if event == name]

    def _lines(self) -> Iterator[str]:
        try:
            while line := self._answer.readline():
                yield line.decode().rstrip("\n")
        except (OSError, ValueError, AttributeError):
            pass  # closed

    def _read(self) -> None:
        event = ""
        for line in self._lines():
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: "):
                self.events.append((event, json.loads(line.removeprefix("data: "))))


class Operators(CompanyTest):
    def setUp(self) -> None:
        super().setUp()
        self.operator = Operator(self.node)

    def act(self, path: str, **headers: str) -> Any:
        answer = self.operator.client.send("POST", path, Authorization=f"Bearer {OPERATOR_TOKEN}",
                                           **headers)
        self.assertEqual(answer.status, 200, str(answer))
        return answer.json

    def refused(self, path: str, method: str = "POST", **headers: str) -> int:
        return self.operator.client.send(method, path, Authorization=f"Bearer {OPERATOR_TOKEN}",
                                         **headers).status

    # -- what is shown

    def test_figures_are_those_of_the_metrics(self):
        self.pickup.new_courier()
        self.pickup.new_call()

        def equal() -> bool:
            shown = {}
            for m in self.operator.get("/admin/metrics")["metrics"]:
                labels = ",".join(f'{k}="{v}"' for k, v in m["labels"].items())
                shown[m["name"] + (f"{{{labels}}}" if labels else "")] = m["value"]
            told = {}
            text = self.operator.client.get("/metrics").body.decode()
            for line in text.splitlines():
                if not line.startswith("#"):
                    name, value = line.rsplit(" ", 1)
                    told[name] = float(value)
            self.assertEqual(set(shown), set(told))
            moving = re.compile("actor_messages|handler_seconds|mailbox_wait|http_|operator_cpu|free_bytes|longest")
            self.assertEqual({n: v for n, v in told.items() if not moving.search(n)},
                             {n: shown[n] for n in told if not moving.search(n)})
            return True

        eventually(equal)

    def test_the_tree_names_every_actor_s_supervisor(self):
        self.pickup.new_courier()
        self.pickup.new_call()
        root = self.operator.get("/admin/tree")["root"]
        names = []

        def walk(node: Any) -> None:
            names.append(node["name"])
            for child in node["children"]:
                walk(child)

        walk(root)
        for actor in self.operator.actors():
            shown = self.operator.get(f"/admin/actors/{actor.kind}/{actor.id}")
            self.assertIn(shown["supervisor"], names)
            self.assertIsNone(shown["snapshotError"])
            self.assertTrue(shown["snapshot"])

    def test_a_snapshot_tells_nobody_s_name_or_number(self):
        courier = self.pickup.new_courier(name="아무개 기사", tel="010-9876-5432")
        self.pickup.new_call(tel="01012345678")
        for kind, name in (("courier", courier["id"]), ("call", "pickup:1")):
            text = json.dumps(self.operator.get(f"/admin/actors/{kind}/{name}"), ensure_ascii=False)
            self.assertNotRegex(text, "아무개|5432|12345678")

    def test_a_killed_actor_s_story_is_on_the_feed_within_two_seconds(self):
        feed = Feed(self.node.operator_port)
        self.addCleanup(feed.close)
        eventually(lambda: feed.of("figures"))
        before = time.monotonic()
        done = self.act("/admin/actors/dispatcher/pickup/kill", X_Operator="kim")
        story = eventually(lambda: feed.of("restart"), within=2)[0]
        self.assertLess(time.monotonic() - before, 2)
        self.assertEqual(story["actor"], {"kind": "dispatcher", "id": "pickup"})
        self.assertIn("by kim", story["story"])
        self.assertEqual(story["by"], "kim")
        action = eventually(lambda: feed.of("action"), within=2)[0]
        self.assertEqual(action["id"], done["audit"])
        self.assertEqual(self.operator.get("/admin/restarts")["restarts"][0], story)

    def test_watchers_cost_no_threads(self):
        def threads() -> int:
            status = Path(f"/proc/{self.node.process.pid}/status").read_text("ascii")
            return int(re.search(r"^Threads:\s+(\d+)$", status, re.MULTILINE)[1])

        before = threads()
        feeds = [Feed(self.node.operator_port) for _ in range(20)]
        for feed in feeds:
            self.addCleanup(feed.close)
            eventually(lambda feed=feed: feed.of("figures"))
        self.assertEqual(threads(), before)

    def test_a_trace_follows_a_call_from_its_first_message_on(self):
        self.pickup.new_courier()
        trace = self.operator.client.send("POST", "/admin/traces?kind=call&id=pickup:1&for=1min",
                                          Authorization=f"Bearer {OPERATOR_TOKEN}").json
        call = self.pickup.new_call()
        self.client.delete(f"/pickupcalls/{call['id']}")
        seen = [f"{m['actor']['kind']} {m['message']}" for m in
                self.operator.get(f"/admin/traces/{trace['n']}")["messages"]]
        self.assertEqual(seen[:4], ["call begin_call", "dispatcher enter_call", "call dispatched",
                                    "call commit_done"])
        self.assertIn("call cancel_call", seen)

    def test_a_timeline_joins_requests_journal_actors_and_messages(self):
        self.pickup.new_courier()
        self.operator.client.send("POST", "/admin/traces?kind=call&id=pickup:1&for=1min",
                                  Authorization=f"Bearer {OPERATOR_TOKEN}")
        made = self.client.send("POST", "/pickupcalls", {"tel": "01012345678"},
                                X_Correlation_Id="the-one").json
        timeline = self.operator.get(f"/admin/calls/pickup/{made['id']}/timeline")
        events = timeline["events"]
        self.assertEqual({e["source"] for e in events}, {"http", "journal", "actor", "message"})
        self.assertEqual([e["at"] for e in events], sorted(e["at"] for e in events))
        request = next(e for e in events if e["source"] == "http")
        self.assertEqual(request["title"], "POST /pickupcalls")
        self.assertEqual(request["correlationId"], "the-one")
        self.assertEqual({k: v for k, v in request["facts"].items() if k != "took"},
                         {"method": "POST", "path": "/pickupcalls", "status": "201"})
        journal = [e["title"] for e in events if e["source"] == "journal"]
        self.assertEqual(journal, ["PickupCalled", "PickupManaged", "PickupAssigned"])
        self.assertEqual([e["title"] for e in events if e["source"] == "message"],
                         ["customer is told CONFIRMED"])
        self.assertEqual(timeline["call"]["tel"], "010******78")

    def test_lists_and_the_map_show_what_the_customers_port_does(self):
        courier = self.pickup.new_courier(lat=37.5, lng=127.0)
        calls = [self.pickup.new_call() for _ in range(3)]
        shown = self.operator.get("/admin/calls?size=2")
        self.assertEqual(shown["total"], 3)
        self.assertEqual([c["id"] for c in shown["calls"]], [calls[2]["id"], calls[1]["id"]])
        one = self.operator.get(f"/admin/calls/pickup/{calls[0]['id']}")
        self.assertEqual(one["phase"], "CONFIRMED")
        self.assertEqual(len(one["history"]), 3)
        couriers = self.operator.get("/admin/couriers?service=pickup")
        self.assertEqual([c["id"] for c in couriers["couriers"]], [courier["id"]])
        self.assertIn(couriers["couriers"][0]["state"], ("busy", "full"))
        self.assertEqual(self.operator.get(f"/admin/couriers?q={courier['id']}")["total"], 1)
        self.assertEqual(self.operator.get("/admin/couriers?state=lost")["total"], 0)
        on_map = self.operator.get("/admin/map")
        self.assertEqual({c["n"] for c in on_map["calls"]}, {c["id"] for c in calls})
        self.assertEqual([(c["id"], c["lat"]) for c in on_map["couriers"]], [(courier["id"], 37.5)])
        elsewhere = self.operator.get("/admin/map?south=33&west=126&north=34&east=127")
        self.assertEqual(elsewhere, {"couriers": [], "calls": [], "courierTotal": 0,
                                     "callTotal": 0, "truncated": False})

    # -- what is done

    def test_a_dry_run_tells_and_changes_nothing(self):
        for _ in range(3):
            self.pickup.new_courier()
        would = self.act("/admin/actors/dispatcher/pickup/kill?dry-run=true")
        self.assertTrue(would["dryRun"])
        self.assertIsNone(would["audit"])
        self.assertEqual(would["actorsStopped"], 4)
        call = self.pickup.new_call()
        would = self.act(f"/admin/calls/pickup/{call['id']}/cancel?dry-run=true")
        self.assertIn({"code": "customer_told", "text": "the customer is told CANCELED",
                       "facts": {"message": "CANCELED"}}, would["effects"])
        self.assertEqual(self.client.get(f"/pickupcalls/{call['id']}").json["phase"], "CONFIRMED")
        self.assertEqual(self.operator.get("/admin/restarts")["restarts"], [])
        self.assertEqual(self.operator.get("/admin/audit")["actions"], [])

    def test_what_was_done_stays_known_after_a_crash(self):
        self.act("/admin/stages/assign/pause", X_Operator="%EA%B9%80")
        self.act("/admin/stages/assign/resume")
        self.node.kill9()
        self.node.start()
        actions = Operator(self.node).get("/admin/audit")["actions"]
        self.assertEqual([(a["operator"], a["action"], a["object"]) for a in actions],
                         [("operator", "resume", "stage assign"), ("김", "pause", "stage assign")])
        older = Operator(self.node).get(f"/admin/audit?before={actions[0]['id']}")["actions"]
        self.assertEqual(older, actions[1:])

    def test_a_call_is_taken_from_its_courier_and_given_to_another(self):
        first, second = (self.pickup.new_courier(lat=37.5, lng=127.0)["id"] for _ in range(2))
        call = self.pickup.new_call(lat=37.5, lng=127.0)
        had = call["courier"]["id"]
        would = self.act(f"/admin/calls/pickup/{call['id']}/reassign?dry-run=true")
        self.assertEqual(would["callsRedispatched"], 1)
        self.act(f"/admin/calls/pickup/{call['id']}/reassign?reason=late")

        def given_on() -> bool:
            courier = self.client.get(f"/pickupcalls/{call['id']}").json["courier"]
            return courier is not None and {courier["id"], had} == {first, second}

        self.assertTrue(eventually(given_on))
        history = self.client.get(f"/pickupcalls/{call['id']}/history").json
        steps = history["_embedded"]["history"]
        ended = next(s for s in steps if s["event"] == "PickupAssignCancelled")
        self.assertEqual((ended["cause"], ended["reason"]), ("operator", "late"))

    def test_an_operator_cancels_a_call_and_takes_a_courier_off_shift(self):
        courier = self.pickup.new_courier()["id"]
        call = self.pickup.new_call()["id"]
        self.act(f"/admin/calls/pickup/{call}/cancel?reason=no%20show")
        shown = self.operator.get(f"/admin/calls/pickup/{call}")
        self.assertEqual(shown["history"][-1]["cause"], "operator")
        self.act(f"/admin/couriers/{courier}/off-shift")
        self.assertEqual(self.operator.get(f"/admin/couriers/{courier}")["state"], "off_shift")
        self.act(f"/admin/couriers/{courier}/on-shift")
        self.assertEqual(self.operator.get(f"/admin/couriers/{courier}")["state"], "free")

    def test_a_number_is_shown_in_full_only_to_who_asks_for_it_and_that_is_audited(self):
        courier = self.pickup.new_courier(tel="010-9876-5432")["id"]
        call = self.pickup.new_call(tel="01012345678")["id"]
        self.assertEqual(self.operator.get(f"/admin/couriers/{courier}")["tel"], "010******32")
        shown = self.act(f"/admin/calls/pickup/{call}/unmask")
        self.assertEqual(shown["tel"], "01012345678")
        self.assertEqual(self.act(f"/admin/couriers/{courier}/unmask")["tel"], "010-9876-5432")
        self.assertNotIn("tel", self.act(f"/admin/couriers/{courier}/unmask?dry-run=true"))
        actions = self.operator.get("/admin/audit")["actions"]
        self.assertEqual([(a["action"], a["object"]) for a in actions],
                         [("unmask", f"courier {courier}"), ("unmask", f"call pickup:{call}")])

    def test_what_makes_no_sense_is_refused_and_audited_nowhere(self):
        for path, status in (("/admin/actors/dispatcher/nobody/kill", 404),
                             ("/admin/actors/dispatcher/pickup/tickle", 404),
                             ("/admin/actors/dispatcher/pickup/hang?for=2min", 400),
                             ("/admin/actors/dispatcher/pickup/kill?dry-run=perhaps", 400),
                             ("/admin/breakers/nothing/trip", 404),
                             ("/admin/calls/pickup/99/cancel", 404),
                             ("/admin/calls/bus/1/cancel", 404),
                             ("/admin/couriers/99/off-shift", 404),
                             ("/admin/stages/assign/stop", 404)):
            self.assertEqual(self.refused(path), status, path)
        self.assertEqual(self.refused("/admin/stages/assign/pause", X_Operator="%zz"), 400)
        self.assertEqual(self.refused("/admin/stages/assign/pause", X_Operator="a" * 65), 400)
        self.assertEqual(self.refused("/admin/stages/assign/pause", "GET"), 405)
        self.assertEqual(self.operator.get("/admin/audit")["actions"], [])

    def test_the_explanation_of_an_assignment_names_who_else_was_near(self):
        near = self.pickup.new_courier(lat=37.501, lng=127.0)["id"]
        far = self.pickup.new_courier(lat=37.51, lng=127.0)["id"]
        off = self.pickup.new_courier(lat=37.5001, lng=127.0, onShift=False)["id"]
        call = self.pickup.new_call(lat=37.5, lng=127.0)
        explained = self.operator.get(f"/pickupcalls/{call['id']}/explain")["explanations"]
        self.assertEqual(len(explained), 1)
        self.assertEqual(explained[0]["courierId"], near)
        self.assertEqual({c["courierId"]: c["verdict"] for c in explained[0]["considered"]},
                         {near: "chosen", far: "farther", off: "off_shift"})


if __name__ == "__main__":
    unittest.main()
