"""A dispatch company as the API sees it: registers couriers, takes calls, reports on jobs."""

import json
import unittest
from typing import Any
from urllib.parse import unquote

from .client import Answer, Client
from .harness import Node, NodeTest, eventually

Json = dict[str, Any]

SEOUL = (37.5665, 126.9780)
METRES_PER_DEGREE = 111_195  # of latitude, on the sphere of the earth's mean radius

check = unittest.TestCase()


def north_of(metres: float, start: tuple[float, float] = SEOUL) -> Json:
    """The place so far north of another, as a body's fields."""
    return {"lat": start[0] + metres / METRES_PER_DEGREE, "lng": start[1]}


class Company:
    """Speaks for one service over one connection; every step asserts what it was promised."""

    def __init__(self, node: Node, service: str = "pickup"):
        self.client: Client = node.client()
        self.service = service
        self.calls = f"/{service}calls"
        self.manages = f"/{service}manages"
        self.assigns = f"/{service}assigns"

    def expect(self, status: int, answer: Answer) -> Any:
        check.assertEqual(answer.status, status, str(answer))
        return answer.json if answer.body else None

    def new_courier(self, **fields: Any) -> Json:
        """Registers a courier, at Seoul's centre unless told otherwise."""
        body = {"name": "기사", "tel": "01000000001", "service": self.service,
                **north_of(0), **fields}
        return self.expect(201, self.client.post("/couriers", body))

    def new_call(self, headers: Json | None = None, **fields: Any) -> Json:
        """Calls from Seoul's centre unless told otherwise."""
        body = {"tel": "01012345678", **north_of(0), **fields}
        return self.expect(201, self.client.post(self.calls, body, **(headers or {})))

    def call(self, number: int) -> Json:
        return self.expect(200, self.client.get(f"{self.calls}/{number}"))

    def confirmed(self, number: int) -> Json:
        """The call once a courier is assigned, which may follow what frees a courier a little
        later."""
        return eventually(
            lambda: call if (call := self.call(number))["status"] == "호출확정" else None)

    def history(self, number: int) -> list[Json]:
        return history_items(self.expect(200, self.client.get(f"{self.calls}/{number}/history")))

    def courier(self, number: int) -> Json:
        return self.expect(200, self.client.get(f"/couriers/{number}"))

    def change_courier(self, number: int, **fields: Any) -> Json:
        return self.expect(200, self.client.patch(f"/couriers/{number}", fields))

    def locate(self, number: int, place: Json) -> None:
        self.expect(204, self.client.put(f"/couriers/{number}/location", place))

    def cancel(self, number: int) -> None:
        self.expect(204, self.client.delete(f"{self.calls}/{number}"))

    def report(self, courier: int, call: int, step: str) -> Answer:
        return self.client.post(f"/couriers/{courier}/jobs/{call}/{step}")

    def job(self, courier: int, call: int, step: str) -> Json:
        return self.expect(200, self.report(courier, call, step))

    def finish(self, courier: int, call: int) -> None:
        """Does a confirmed job to its end."""
        for step in ("arrived", "picked-up", "completed"):
            self.job(courier, call, step)

    def all(self, path: str) -> list[Json]:
        """Every item of a list, all pages together."""
        items: list[Json] = []
        pages, page = 1, 0
        while page < pages:
            mark = "&" if "?" in path else "?"
            answer = self.expect(200, self.client.get(f"{path}{mark}size=200&page={page}"))
            items += embedded(answer, path)
            pages = answer["page"]["totalPages"]
            page += 1
        return items


def embedded(answer: Json, path: str) -> list[Json]:
    """The items of one page; their key is the collection's own name."""
    name = unquote(path).split("?")[0].strip("/").split("/")[0]
    check.assertIn(name, answer["_embedded"], json.dumps(answer, ensure_ascii=False)[:300])
    return answer["_embedded"][name]


def history_items(answer: Json) -> list[Json]:
    return answer["_embedded"]["history"]


class CompanyTest(NodeTest):
    """A test on a fresh node without couriers, with a company of each service."""

    SETTINGS: dict[str, str] = {}

    def setUp(self) -> None:
        self.node = self.start_node(**self.SETTINGS)
        self.connect()

    def connect(self) -> None:
        self.pickup = Company(self.node)
        self.taxi = Company(self.node, "taxi")
        self.client = self.pickup.client

    def restart(self) -> None:
        """Kills the node as a power cut would and starts it again on the same data."""
        self.node.kill9()
        self.node.start()
        self.connect()
