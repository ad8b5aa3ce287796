"""The alerts and the dashboard ask for nothing that pickupd does not show."""

import json
import re
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "k8s/monitoring"
ROWS = re.findall(r"^\| (`pickupd_.*?) \| (.*?) \|", (ROOT / "docs/metrics.md").read_text("utf-8"), re.MULTILINE)
# The labels of every metric; "cause (`breaker open` …)" names one.
LABELS = {name: set(re.findall(r"\w+", re.sub(r"\(.*?\)", "", by)))
          for names, by in ROWS for name in re.findall(r"`(pickupd_\w+)`", names)}
LISTED = set(LABELS)


def asked_for(expression: str) -> set[str]:
    # Of a histogram the list names the family.
    return {re.sub("_seconds_(bucket|sum|count)$", "_seconds", name)
            for name in re.findall(r"\bpickupd_\w+", expression)}


def labels_in(expression: str) -> set[str]:
    grouped = re.findall(r"\b(?:by|without|on|ignoring) ?\(([^)]*)\)", expression)
    matched = re.findall(r"(\w+) ?(?:=~|!~|!=|=) ?\"", expression)
    return {label.strip() for group in grouped for label in group.split(",")} | set(matched)


class Monitoring(unittest.TestCase):
    def test_every_alert_is_about_metrics_that_exist_and_says_what_to_do(self):
        rules = [rule for group in yaml.safe_load((MONITORING / "alerts.yaml").read_text("utf-8"))["groups"]
                 for rule in group["rules"]]
        self.assertEqual(len(rules), len({rule["alert"] for rule in rules}), "a name stands twice")
        for rule in rules:
            with self.subTest(rule["alert"]):
                self.assertTrue(asked_for(rule["expr"]))
                self.assertLessEqual(asked_for(rule["expr"]), LISTED)
                self.assertIn(rule["labels"]["severity"], ("page", "ticket"))
                self.assertTrue(rule["annotations"]["summary"] and rule["annotations"]["look"])

    def test_every_panel_is_about_metrics_that_exist_and_none_hides_another(self):
        panels = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))["panels"]
        self.assertEqual(len(panels), len({panel["id"] for panel in panels}))
        places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
        self.assertEqual(len(panels), len(places))
        for panel in panels:
            for target in panel["targets"]:
                with self.subTest(panel["title"]):
                    self.assertTrue(asked_for(target["expr"]))
                    self.assertLessEqual(asked_for(target["expr"]), LISTED)

    def test_labels_are_those_of_the_metrics_asked_for(self):
        text = "".join(path.read_text("utf-8") for path in MONITORING.iterdir())
        rules = yaml.safe_load((MONITORING / "alerts.yaml").read_text("utf-8"))["groups"]
        asked = [rule["expr"] for group in rules for rule in group["rules"]]
        for panel in json.loads((MONITORING / "dashboard.json").read_text("utf-8"))["panels"]:
            asked += [target["expr"] for target in panel["targets"]]
        self.assertEqual(len(asked), len(re.findall(r"\bexpr\b", text)))
        for expression in asked:
            known = set().union(*(LABELS[name] for name in asked_for(expression)))
            self.assertLessEqual(labels_in(expression), known | {"le"}, expression)

    def test_rates_are_of_counters_and_levels_of_gauges(self):
        text = "".join(path.read_text("utf-8") for path in MONITORING.iterdir())
        for function, name in re.findall(r"\b(rate|increase|deriv|predict_linear)\((pickupd_\w+)", text):
            self.assertEqual(function in ("rate", "increase"), name.endswith(("_total", "_bucket", "_sum", "_count")), name)


if __name__ == "__main__":
    unittest.main()
