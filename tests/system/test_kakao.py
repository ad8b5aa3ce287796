"""KakaoTalk messages through a provider that fails in every way, and a node that is killed.

KAKAO_CALLS, KAKAO_KILLS and SEED in the environment make it longer, or the same again:
    KAKAO_CALLS=20000 KAKAO_KILLS=60 SEED=7 python3 -m unittest system.test_kakao      (in tests/)
"""

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
import unittest
from collections import Counter, defaultdict

from .company import Company
from .harness import NodeTest, eventually, run
from .messages import SUPERSEDABLE, due_at
from .operator import Operator
from .provider import Provider, Sent

CALLS = int(os.environ.get("KAKAO_CALLS", "1100"))
KILLS = int(os.environ.get("KAKAO_KILLS", "6"))
SEED = int(os.environ.get("SEED", str(random.SystemRandom().randrange(1_000_000))))

WORKERS = 4

# A little of everything; the last word of the provider on most messages is that they arrived.
ALIMTALK_FAULTS = {
    "timeout_before": 0.005, "timeout_after": 0.01, "hang": 0.5, "error_before": 0.01,
    "error_after": 0.02, "throttle": 0.005, "throttle_hint": 0.0005, "slow": 0.02,
    "query_error": 0.02,
    "refuse": {"-9999": 0.01, "-7000": 0.01, "-3003": 0.01, "-5000": 0.005},
    "fail": {"3006": 0.02, "3012": 0.01, "2001": 0.01, "3000": 0.02, "3010": 0.01, "3005": 0.004,
             "4000": 0.002, "3018": 0.04, "3019": 0.02, "3008": 0.005, "3015": 0.005, "3999": 0.01},
}
SMS_FAULTS = {
    "timeout_before": 0.01, "timeout_after": 0.02, "hang": 0.5, "error_before": 0.02,
    "error_after": 0.02, "throttle": 0.01, "query_error": 0.02,
    "refuse": {"-9999": 0.01, "-2019": 0.01, "-2023": 0.01},
    "fail": {"1001": 0.03, "2003": 0.02, "3001": 0.01},
}


class KakaoTest(NodeTest):
    def start_provider(self, *flags: str) -> Provider:
        provider = Provider(*flags)
        self.addCleanup(provider.stop)
        return provider

    def nothing_on_its_way(self, node, within: float = 30) -> None:
        operator = Operator(node)
        calm = [0]

        def at_rest() -> bool:
            calm[0] = calm[0] + 1 if operator.metric("pickupd_messages_on_their_way") == 0 else 0
            return calm[0] >= 10  # what was committed just now is read within moments

        eventually(at_rest, within, every=0.05)


class Story:
    """What became of every message of a call."""

    def __init__(self, sent: list[Sent], dead: list[dict]):
        self.by_position: dict[tuple[str, int], list[Sent]] = defaultdict(list)
        for s in sent:
            self.by_position[s.service, s.position].append(s)
        self.dead = {d["intent"]: d for d in dead}

    def broken(self, service: str, call: int, due: list[tuple[int, str]]) -> list[str]:
        """How the promise to tell everything once and in order was broken, if it was."""
        broken = []
        last = 0.0
        for place, (position, name) in enumerate(due):
            sent = self.by_position[service, position]
            arrived = [s for s in sent if s.delivered]
            dead = self.dead.get(f"{service}/0:{position}")
            who = f"call {call}: {name} at {position}"
            if len(arrived) > 1:
                broken.append(f"{who} was delivered {len(arrived)} times")
            if dead and arrived:
                broken.append(f"{who} is a dead letter, and was delivered")
            if dead and not dead["reason"]:
                broken.append(f"{who} is a dead letter without a reason")
            if not dead and not arrived:
                later = {n for _, n in due[place + 1:]}
                ends = {"CONFIRMED", "REASSIGNED", "COMPLETED", "CANCELED", "UNFULFILLED", "FAILED"}
                # What failed and was to be tried again is unsent, too.
                if name not in SUPERSEDABLE or not later & ends:
                    broken.append(f"{who} was never delivered: {sent}")
            for channel, copies in _by_channel(sent).items():
                # Sent again only when it surely had not arrived.
                if any(s.code == 0 for s in copies[:-1]):
                    broken.append(f"{who} was sent again by {channel} although it arrived")
            if sent and sent[0].at < last:
                broken.append(f"{who} was sent before what comes before it had ended")
            last = max([last] + [copies[0 if channel == "sms" else -1].at
                                 for channel, copies in _by_channel(sent).items()])
        return broken


def _by_channel(sent: list[Sent]) -> dict[str, list[Sent]]:
    channels: dict[str, list[Sent]] = defaultdict(list)
    for s in sent:
        channels["alimtalk" if s.channel == "alimtalk" else "sms"].append(s)
    return channels


class Customers(threading.Thread):
    """Makes calls and lets them go all ways, until the node dies or all are made."""

    def __init__(self, number: int, node, courier: int, calls: int):
        super().__init__()
        self.chance = random.Random(f"{SEED}/{number}")
        self.node, self.courier, self.left = node, courier, calls
        self.number = number

    def again(self) -> "Customers":
        """The same customers, at a node that was started again."""
        next_ones = Customers(self.number, self.node, self.courier, self.left)
        next_ones.chance = self.chance
        return next_ones

    def run(self) -> None:
        company = Company(self.node)
        try:
            while self.left > 0:
                self.one_call(company)
                self.left -= 1
        except (OSError, http.client.HTTPException, AssertionError):
            pass  # it died; what it acknowledged is looked at later

    def one_call(self, company: Company) -> None:
        far = {"lat": 35.1, "lng": 129.0} if self.chance.random() < 0.2 else {}  # nobody near
        call = company.new_call(tel=f"010{self.chance.randrange(10**8):08d}", **far)
        if self.chance.random() < 0.4:
            return company.cancel(call["id"])
        if call["courier"] and self.chance.random() < 0.6:
            steps = ("arrived", "picked-up", "completed")
            for step in steps[:self.chance.randint(1, 3)]:
                company.report(self.courier, call["id"], step)


class Faults(KakaoTest):
    def test_every_message_ends_whatever_fails(self):
        print(f"kakao test: SEED={SEED} KAKAO_CALLS={CALLS} KAKAO_KILLS={KILLS}", file=sys.stderr,
              flush=True)
        chance = random.Random(SEED)
        provider = self.start_provider()
        provider.control(seed=SEED, key_window=3, alimtalk=ALIMTALK_FAULTS, sms=SMS_FAULTS)
        node = self.start_node(DISPATCH_COURIER_LOST_AFTER="1h", **provider.settings())
        courier = Company(node).new_courier(capacity=1_000_000)["id"]
        workers = [Customers(n, node, courier, CALLS // WORKERS) for n in range(WORKERS)]
        for worker in workers:
            worker.start()
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 0.9))
            node.kill9()
            for worker in workers:
                worker.join(30)
            node.start()
            workers = [worker.again() for worker in workers]
            for worker in workers:
                worker.start()
        for worker in workers:
            worker.join(60)
            self.assertEqual(worker.left, 0, "not all calls could be made")
        # Calls that nobody takes would never end.
        self.nothing_on_its_way(node, within=60)

        state = provider.state()
        self.assertEqual(state["violations"], [], f"SEED={SEED}")
        sent = provider.sent(state)
        operator = Operator(node)
        dead = operator.dead_letters()
        self.assertLess(len(dead), 1000, "the list is cut; make fewer fail")
        story = Story(sent, dead)
        company = Company(node)
        calls = [call["id"] for call in company.all(company.manages)]
        self.assertGreaterEqual(len(calls), CALLS - WORKERS)
        histories = {number: due_at(company.history(number)) for number in calls}
        broken = [line for number, due in histories.items()
                  for line in story.broken("pickup", number, due)]
        self.assertEqual(broken[:10], [], f"{len(broken)} promises broken; SEED={SEED}")
        known = {("pickup", position) for due in histories.values() for position, _ in due}
        self.assertEqual({(s.service, s.position) for s in sent} - known, set())
        said = Counter(s.channel for s in sent)
        print(f"kakao test: {len(calls)} calls, sent {dict(said)}, {len(dead)} dead letters, "
              f"provider: {state['counts']}", file=sys.stderr, flush=True)


class Channel(KakaoTest):
    def test_a_call_is_told_by_kakaotalk_in_order_with_its_values(self):
        provider = self.start_provider()
        node = self.start_node(**provider.settings())
        company = Company(node)
        courier = company.new_courier(name="김기사")
        call = company.new_call(tel="010-9876-5432")
        eventually(lambda: len(provider.state()["messages"]) == 1)
        company.finish(courier["id"], call["id"])
        self.nothing_on_its_way(node)
        messages = provider.state()["messages"]
        self.assertEqual([m["name"] for m in messages],
                         ["PICKUP_CONFIRMED", "PICKUP_ARRIVED", "PICKUP_PICKED_UP",
                          "PICKUP_COMPLETED"])
        self.assertEqual({m["tel"] for m in messages}, {"01098765432"})
        self.assertEqual(provider.state()["violations"], [])
        self.assertEqual(Operator(node).metric("pickupd_messages_delivered_total"), 4)
        self.assertNotIn("98765432", node.log())
        self.assertNotIn("secret", node.log())

    def test_an_account_fault_stops_the_channel_and_sms_takes_over(self):
        provider = self.start_provider()
        node = self.start_node(**provider.settings() | {"ALIMTALK_SECRET_KEY": "another"})
        company = Company(node)
        company.new_call()
        company.new_call()
        self.nothing_on_its_way(node)
        self.assertEqual({m["channel"] for m in provider.state()["messages"]}, {"sms"})
        self.assertIn("notify.alarm channel=alimtalk", node.log())
        breakers = json.loads(Operator(node).client.get(
            "/admin/breakers", Authorization="Bearer sesame").body)["breakers"]
        states = {b["name"]: b["state"] for b in breakers}
        self.assertEqual(states["channel:alimtalk"], "forced_open")
        self.assertEqual(states["channel:sms"], "closed")

    def test_a_dead_letter_is_listed_with_its_reason_also_after_a_restart(self):
        provider = self.start_provider()
        provider.control(alimtalk={"fail": {"3018": 1}})
        node = self.start_node(**provider.settings(sms=False))
        call = Company(node).new_call(tel="01012345678")
        for _ in range(2):
            letter = eventually(lambda: Operator(node).dead_letters())[0]
            self.assertEqual((letter["call"], letter["kind"], letter["tel"], letter["code"],
                              letter["reason"]),
                             (call["id"], "RECEIVED", "010******78", 3018,
                              "not reachable: code 3018"))
            node.kill9()
            node.start()

    def test_a_provider_that_is_away_is_told_everything_when_it_is_back(self):
        provider = self.start_provider()
        node = self.start_node(**provider.settings() | {"ALIMTALK_GIVE_UP_AFTER": "60s"})
        company = Company(node)
        provider.control(alimtalk={"error_before": 1, "query_error": 1})
        for _ in range(20):
            company.new_call()
        operator = Operator(node)
        eventually(lambda: operator.metric("pickupd_breaker_rejected_total") > 0)
        provider.control(alimtalk={})
        self.nothing_on_its_way(node)
        messages = provider.state()["messages"]
        self.assertEqual(len({m["key"] for m in messages}), len(messages))
        self.assertEqual(len(messages), 20)


class Tls(KakaoTest):
    def make_certificate(self) -> None:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", "key.pem", "-out", "cert.pem"],
                       cwd=self.scratch, check=True, capture_output=True)

    def test_messages_go_to_whom_the_certificate_names_and_nobody_else(self):
        self.make_certificate()
        cert = str(self.scratch / "cert.pem")
        provider = self.start_provider("--cert", cert, "--key", str(self.scratch / "key.pem"))
        settings = provider.settings("https", "localhost", sms=False)
        trusting = self.start_node("trusting", **settings, ALIMTALK_CA_FILE=cert)
        Company(trusting).new_call()
        self.nothing_on_its_way(trusting)
        self.assertEqual(Operator(trusting).metric("pickupd_messages_delivered_total"), 1)
        doubting = self.start_node("doubting", **settings)
        Company(doubting).new_call()
        eventually(lambda: "notify.unreachable channel=alimtalk" in doubting.log())
        self.assertEqual(Operator(doubting).metric("pickupd_messages_delivered_total"), 0)


class Configuration(NodeTest):
    def test_a_template_that_the_provider_would_refuse_is_refused_at_start(self):
        file = self.scratch / "templates.toml"
        file.write_text("[RECEIVED]\ncode = \"C\"\ntext = \"#{이름}\"\n", encoding="utf-8")
        done = run("--check-config", ALIMTALK_TEMPLATES=str(file))
        self.assertEqual(done.returncode, 78, done.stderr)
        self.assertIn("RECEIVED: text: nothing fills #{이름}", done.stderr)

    def test_a_channel_without_its_account_is_refused(self):
        done = run("--check-config", NOTIFY_CHANNEL="alimtalk")
        self.assertEqual(done.returncode, 78, done.stderr)
        self.assertIn("alimtalk.app_key: must not be empty", done.stderr)


if __name__ == "__main__":
    unittest.main()
