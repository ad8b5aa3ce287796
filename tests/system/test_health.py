"""Liveness, readiness and metrics."""

import re
import unittest

from .company import CompanyTest
from .harness import ROOT
from .provider import Provider

METRICS = ROOT / "docs/metrics.md"
SAMPLE = re.compile(r"^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^}]*\})? [-+0-9.eInfNa]+$")


class Health(CompanyTest):
    def test_a_started_node_is_alive_and_ready(self):
        self.assertEqual(self.client.get("/livez").status, 200)
        self.assertEqual(self.client.get("/readyz").status, 200)

    def test_metrics_are_prometheus_text(self):
        self.pickup.new_call()
        answer = self.client.get("/metrics")
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))
        text = answer.body.decode()
        typed = set(re.findall(r"^# TYPE (\S+) (?:counter|gauge|histogram)$", text, re.MULTILINE))
        samples = [line for line in text.splitlines() if line and not line.startswith("#")]
        self.assertTrue(samples)
        for line in samples:
            self.assertRegex(line, SAMPLE)
        names = {re.match(r"[^{ ]+", line)[0] for line in samples}
        self.assertLessEqual({re.sub("_(bucket|sum|count)$", "", name) for name in names},
                             typed | names)
        self.assertEqual(len(samples), len({s.rsplit(" ", 1)[0] for s in samples}),
                         "a sample shows twice")

    def test_the_metrics_are_those_that_are_documented(self):
        listed: dict[str, set[str]] = {}
        for name, labels in re.findall(r"^\| (`pickupd_[^|]*)\|([^|]*)\|", METRICS.read_text("utf-8"),
                                       re.MULTILINE):
            by = set(re.sub(r"\(.*?\)", "", labels).replace(",", " ").split())
            listed |= {metric: by for metric in re.findall(r"pickupd_\w+", name)}
        provider = Provider()
        self.addCleanup(provider.stop)
        shown: dict[str, set[str]] = {}
        for node in (self.node, self.start_node("messenger", **provider.settings())):
            client = node.client()
            client.get("/livez")
            text = client.get("/metrics").body.decode()
            kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
            for name, labels in re.findall(r"^(pickupd_\w+)(?:\{(.*)\})? ", text, re.MULTILINE):
                family = name if name in kinds else re.sub("_(bucket|sum|count)$", "", name)
                shown[family] = set(re.findall(r'(\w+)="', labels)) - {"le"}
            for name, kind in kinds.items():
                self.assertEqual(kind == "counter", name.endswith("_total"), name)
                self.assertTrue(kind != "histogram" or name.endswith("_seconds"), name)
        self.assertEqual(shown, listed)


if __name__ == "__main__":
    unittest.main()
