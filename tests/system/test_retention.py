"""What is over is forgotten: lists, totals, histories and keys, also when the server is killed."""

import random
import subprocess
import time
import unittest

from .company import CompanyTest, north_of
from .harness import BIN, eventually
from .operator import Operator

SEED = random.SystemRandom().randrange(1_000_000)


class Retention(CompanyTest):
    SETTINGS = {"RETENTION_ENDED_CALLS": "2s"}

    def total(self, path: str) -> int:
        return self.client.get(f"{path}?size=1").json["page"]["totalElements"]

    def gone(self, number: int) -> bool:
        return self.client.get(f"/pickupcalls/{number}").status == 404

    def verify(self) -> str:
        done = subprocess.run([BIN / "pickupctl", "journal", "verify", self.node.data_dir],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, f"SEED={SEED}\n{done.stdout}{done.stderr}")
        return done.stdout

    def test_an_ended_call_is_404_after_its_time_and_a_live_one_is_not(self):
        courier = self.pickup.new_courier(capacity=5)
        kept, done, cancelled = (self.pickup.new_call({"Idempotency-Key": f"k-{n}"})["id"]
                                 for n in range(3))
        self.pickup.finish(courier["id"], done)
        self.pickup.cancel(cancelled)
        self.assertFalse(self.gone(done))
        eventually(lambda: self.gone(done) and self.gone(cancelled))

        for path in (f"/pickupcalls/{done}/history", f"/pickupmanages/{done}"):
            self.assertEqual(self.client.get(path).status, 404, path)
        self.assertEqual(self.client.delete(f"/pickupcalls/{done}").status, 404)
        self.assertEqual(self.pickup.report(courier["id"], done, "completed").status, 404)
        for path in ("/pickupcalls", "/pickupmanages", "/pickupassigns"):
            self.assertEqual(self.total(path), 1, path)
        self.assertEqual(self.pickup.call(kept)["status"], "호출확정")
        self.assertEqual(self.pickup.courier(courier["id"])["load"], 1)
        # A forgotten call's key and number: the one may be used again, the other is not.
        again = self.client.post("/pickupcalls", {"tel": "01012345678", **north_of(0)},
                                 Idempotency_Key="k-1")
        self.assertEqual((again.status, again.headers["Idempotency-Replayed"]), (201, None))
        self.assertEqual(again.json["id"], cancelled + 1)
        operator = Operator(self.node)
        self.assertEqual(operator.metric("pickupd_trimmed_calls_total"), 2)
        self.assertEqual(operator.metric("pickupd_retained_calls"), 2)

    def test_kill_9_while_calls_are_forgotten_breaks_nothing(self):
        chance = random.Random(SEED)
        courier = self.pickup.new_courier(capacity=10)
        live = [self.pickup.new_call()["id"] for _ in range(3)]
        last = 0
        for _ in range(4):
            for _ in range(100):
                last = self.pickup.new_call(tel="01099998888")["id"]
                self.pickup.cancel(last)
            # Steps of forgetting begin within a second or so after the calls' time is over.
            time.sleep(2 + chance.uniform(0, 1.5))
            self.node.kill9()
            self.verify()
            self.node.start()
            self.connect()
            items = self.pickup.all("/pickupmanages")
            self.assertEqual(len(items), self.total("/pickupmanages"))
            self.assertLessEqual(set(live), {item["id"] for item in items})
        eventually(lambda: self.total("/pickupmanages") == len(live))
        self.assertEqual(self.pickup.all("/pickupmanages?tel=01099998888"), [])
        self.assertEqual({a["callId"] for a in self.pickup.all("/pickupassigns")}, set(live))
        self.assertEqual(self.pickup.courier(courier["id"])["load"], len(live))
        self.assertGreater(self.pickup.new_call()["id"], last)
        self.node.terminate()
        self.assertIn("pickup/0: complete from entry", self.verify())


if __name__ == "__main__":
    unittest.main()
