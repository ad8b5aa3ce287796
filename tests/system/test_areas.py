"""Service areas: where calls are taken, and what a file of areas that is not right leads to."""

import json
import unittest
from pathlib import Path

from .company import Company
from .harness import ROOT, SHIPPED_CONFIG, NodeTest, run

SEOUL = ROOT / "config/areas.seoul.geojson"


class Areas(NodeTest):
    def written(self, text: str) -> Path:
        file = self.scratch / "areas.geojson"
        file.write_text(text)
        return file

    def test_a_call_outside_is_refused_with_the_nearest_area_and_leaves_nothing(self):
        node = self.start_node(AREAS_FILE=str(SEOUL))
        pickup, taxi = Company(node), Company(node, "taxi")
        pickup.new_courier(lat=37.39, lng=127.11)  # couriers may be anywhere
        for company in (pickup, taxi):
            refused = company.client.post(company.calls, {"tel": "01012345678", "location": "판교"},
                                          Idempotency_Key="once")
            self.assertEqual(refused.status, 422, str(refused))
            problem = refused.json
            self.assertEqual(problem["type"], "urn:pickupcenter:problem:outside_service_area")
            self.assertEqual(problem["nearestArea"], "서울")
            self.assertTrue(4_000 < problem["distance"] < 9_000, problem)
            self.assertEqual(company.all(company.manages), [])
        served = pickup.client.post("/pickupcalls", {"tel": "01012345678", "location": "이수"},
                                    Idempotency_Key="once")
        self.assertEqual((served.status, served.json["id"]), (201, 1))
        self.assertEqual(served.json["status"], "호출확정")

    def test_a_file_that_is_not_right_is_refused_at_the_start(self):
        whole = json.loads(SEOUL.read_text())
        ring = whole["features"][0]["geometry"]["coordinates"][0]
        ring[3], ring[30] = ring[30], ring[3]
        for text, reason in (("{", "is not JSON"), ('{"type": "Point"}', "FeatureCollection"),
                             (json.dumps(whole), 'area "서울": polygon 1: ring 1: ')):
            refused = run("--config", SHIPPED_CONFIG, "--check-config",
                          AREAS_FILE=str(self.written(text)))
            self.assertEqual(refused.returncode, 78, refused.stderr)
            self.assertIn(reason, refused.stderr)
            self.assertIn("areas.geojson", refused.stderr)

    def test_a_default_place_must_be_served(self):
        refused = run("--config", SHIPPED_CONFIG, "--check-config", AREAS_FILE=str(SEOUL),
                      HTTP_DEFAULT_PLACE_TAXI="부산역")
        self.assertEqual(refused.returncode, 78, refused.stderr)
        self.assertIn("http.default_place_taxi: must be in an area of", refused.stderr)

    def test_the_shipped_outline_is_good(self):
        good = run("--config", SHIPPED_CONFIG, "--check-config", AREAS_FILE=str(SEOUL))
        self.assertEqual(good.returncode, 0, good.stderr)
        self.assertIn("1 service area", good.stdout)


if __name__ == "__main__":
    unittest.main()
