"""The API's description (http/openapi.yaml) against the real server: every operation of it is done, every
refusal it names is provoked, and every answer is checked against what is said there.

That each of the server's routes is described, tests/http/openapi_test.cpp checks.
"""

import http.client
import itertools
import re
import socket
import threading
import unittest
from dataclasses import dataclass, field
from typing import Any, Iterator
from urllib.parse import quote

import jsonschema
import yaml

from .client import Answer, Client
from .company import Company, CompanyTest, Json, north_of
from .harness import OPERATOR_TOKEN, eventually

METHODS = ("get", "put", "post", "patch", "delete")
NOBODY = 999_999_999
PROVOKED = {"200", "201", "204", "400", "401", "404", "409", "413", "415", "422", "503", "default"}


@dataclass(frozen=True)
class Operation:
    path: str
    method: str
    what: Json = field(hash=False, compare=False)
    parameters: list[Json] = field(hash=False, compare=False)

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    def documents(self, status: int | str) -> bool:
        return str(status) in self.what["responses"]

    def enumerated(self) -> Iterator[dict[str, str]]:
        """Every combination of the path's parameters that can only be one of a few."""
        names = [p["name"] for p in self.parameters
                 if p["in"] == "path" and "enum" in p["schema"]]
        values = [p["schema"]["enum"] for p in self.parameters if p["name"] in names]
        for chosen in itertools.product(*values):
            yield dict(zip(names, chosen))


class Description:
    """The document, and what it makes of an answer."""

    def __init__(self, text: bytes):
        self.document = yaml.safe_load(text)
        self._resolver = jsonschema.RefResolver("", self.document)

    def resolved(self, x: Json) -> Json:
        return self._resolver.resolve(x["$ref"])[1] if "$ref" in x else x

    def operations(self) -> list[Operation]:
        return [
            Operation(path, method, item[method],
                      [self.resolved(p) for p in
                       item.get("parameters", []) + item[method].get("parameters", [])])
            for path, item in self.document["paths"].items() for method in METHODS if method in item]

    def mismatch(self, operation: Operation, answer: Answer) -> str:
        """What an answer has that is not documented, or lacks; empty when it is as described."""
        responses = operation.what["responses"]
        said = responses.get(str(answer.status))
        if said is None:
            said = responses["default"]
            if answer.status not in self.resolved(said)["x-statuses"]:
                return f"status {answer.status} is not documented"
        said = self.resolved(said)
        return (self._wrong_headers(said.get("headers", {}), answer)
                or self._wrong_content(said.get("content"), answer))

    def _wrong_headers(self, headers: Json, answer: Answer) -> str:
        for name, header in headers.items():
            header = self.resolved(header)
            value = answer.headers[name]
            if value is None and header.get("required"):
                return f"header {name} is missing"
            if value is not None and (wrong := self._wrong(value, header["schema"])):
                return f"header {name}: {wrong}"
        return ""

    def _wrong_content(self, content: Json | None, answer: Answer) -> str:
        if content is None:
            return "there is a body" if answer.body else ""
        media = (answer.headers["Content-Type"] or "").split(";")[0]
        if media not in content:
            return f"Content-Type is {media}"
        body = answer.json if media.endswith("json") else answer.body.decode()
        if media == "application/problem+json" and body["status"] != answer.status:
            return "the problem tells another status"
        return self._wrong(body, content[media]["schema"])

    def _wrong(self, value: Any, schema: Json) -> str:
        checker = jsonschema.Draft202012Validator(schema, resolver=self._resolver)
        error = jsonschema.exceptions.best_match(checker.iter_errors(value))
        return f"{error.json_path}: {error.message}" if error else ""


def references(x: Any) -> Iterator[str]:
    """Everything a part of the document refers to."""
    if isinstance(x, dict):
        if "$ref" in x:
            yield x["$ref"]
        x = list(x.values())
    for part in x if isinstance(x, list) else []:
        yield from references(part)


def raw(connection: socket.socket) -> Answer:
    """One answer from a connection on which something else than http.client was spoken."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return Answer(response.status, response.headers, response.read())


class OpenApiTest(CompanyTest):
    def setUp(self) -> None:
        super().setUp()
        self.api = Description(self.client.get("/openapi.yaml").body)
        self.operators = Client(self.node.operator_port)
        for company in (self.pickup, self.taxi):
            company.new_courier(capacity=1000)

    def as_documented(self, operation: Operation, answer: Answer, status: int) -> None:
        self.assertEqual(answer.status, status, f"{operation}: {answer}")
        self.assertEqual(self.api.mismatch(operation, answer), "", f"{operation}: {answer}")

    def send(self, operation: Operation, path: str, body: Any = None, **headers: str) -> Answer:
        return self.client.send(operation.method.upper(), path, body, **headers)

    def raw_request(self, operation: Operation, *lines: str, query: str = "") -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.node.port), timeout=10)
        first = f"{operation.method.upper()} {quote(self.unknown(operation))}{query} HTTP/1.1"
        connection.sendall("\r\n".join([first, "Host: x", *lines]).encode())
        return connection

    def refused_raw(self, operation: Operation, status: int, *lines: str, query: str = "") -> None:
        with self.raw_request(operation, *lines, "", "", query=query) as connection:
            self.as_documented(operation, raw(connection), status)

    # -- paths

    def company_of(self, operation: Operation) -> Company:
        pickup = operation.path.startswith(("/pickup", "/픽업"))
        return self.pickup if pickup else self.taxi

    def unknown(self, operation: Operation) -> str:
        """The path with parameters that fit nobody."""
        return operation.path.format(id=NOBODY, callId=NOBODY, step="arrived")

    def known(self, operation: Operation, chosen: dict[str, str] | None = None) -> str:
        """The path with parameters that fit something, made for it."""
        chosen = chosen or next(operation.enumerated())
        if operation.path.startswith("/couriers/{id}/jobs"):
            return operation.path.format(**self.job(chosen["step"]), **chosen)
        if operation.path.startswith("/couriers/{id}"):
            return operation.path.format(id=self.pickup.new_courier(capacity=2)["id"])
        if "{id}" in operation.path:
            return operation.path.format(id=self.company_of(operation).new_call()["id"])
        return operation.path.format(**chosen)

    def job(self, step: str) -> dict[str, int]:
        """A job whose next step may be this one."""
        call = self.pickup.new_call()
        job = {"id": call["courier"]["id"], "callId": call["id"]}
        before = {"picked-up": ["arrived"], "completed": ["arrived", "picked-up"],
                  "failed": ["arrived"]}
        for done in before.get(step, []):
            self.pickup.job(job["id"], job["callId"], done)
        if step == "decline":
            self.pickup.new_courier()  # somebody who takes over
        return job

    def body(self, operation: Operation) -> Any:
        """A body that is accepted, when the operation takes one."""
        if "requestBody" not in operation.what:
            return None
        if operation.path == "/couriers":
            return {"name": "김기사", "tel": "01011112222"}
        if operation.path == "/couriers/locations":
            return [{"id": 1, **north_of(5)}, {"id": 1, **north_of(6)}, {"id": NOBODY, **north_of(0)},
                    {"id": "x"}]
        if operation.method == "patch":
            return {"name": "이기사"}
        return {"tel": "01012345678", **north_of(0)}


class Described(OpenApiTest):
    SETTINGS = {"HTTP_REQUEST_READ_LIMIT": "1s"}

    def each(self, status: int | str) -> list[Operation]:
        found = [o for o in self.api.operations() if o.documents(status)]
        self.assertTrue(found)
        return found

    def test_the_document_is_sound(self):
        document = self.api.document
        names = [o.what["operationId"] for o in self.api.operations()]
        self.assertEqual(len(names), len(set(names)))
        for o in self.api.operations():
            declared = {p["name"] for p in o.parameters if p["in"] == "path"}
            self.assertEqual(declared, set(re.findall(r"{(\w+)}", o.path)), str(o))
        for name, schema in document["components"]["schemas"].items():
            jsonschema.Draft202012Validator.check_schema(schema)
        used = set(references(document))
        for kind, components in document["components"].items():
            for name in components:
                self.assertIn(f"#/components/{kind}/{name}", used)
        for reference in used:
            self.api.resolved({"$ref": reference})

    def test_every_documented_status_is_provoked_here(self):
        documented = {status for o in self.api.operations() for status in o.what["responses"]}
        self.assertLessEqual(documented, PROVOKED)

    def test_every_operation_succeeds_as_described(self):
        for operation in self.api.operations():
            status = int(next(s for s in operation.what["responses"] if s.startswith("2")))
            for chosen in operation.enumerated():
                answer = self.send(operation, self.known(operation, chosen), self.body(operation))
                self.as_documented(operation, answer, status)

    def test_what_is_not_always_there_is_as_described_too(self):
        operations = {o.what["operationId"]: o for o in self.api.operations()}
        create = operations["createPickupCall"]
        call = {"tel": "01012345678", "memo": "앞", "cost": "10000", "location": "이수"}
        for headers in ({"Idempotency_Key": "once", "Prefer": "wait=1"}, {"Idempotency_Key": "once"}):
            answer = self.client.post("/pickupcalls", call, **headers)
            self.as_documented(create, answer, 201)
        self.assertEqual(answer.headers["Idempotency-Replayed"], "true")
        number = answer.json["id"]
        self.pickup.finish(answer.json["courier"]["id"], number)
        canceled = self.pickup.new_call()["id"]
        self.client.delete(f"/pickupcalls/{canceled}?reason=other")
        far = self.client.post("/택시호출s", {"tel": "01012345678", "lat": 33, "lng": 126})
        self.as_documented(operations["createTaxiKoreanCall"], far, 201)
        for o in self.api.operations():
            if o.method == "get":
                path = o.path.format(id=canceled) if "pickup" in o.path else o.path.format(id=1)
                self.as_documented(o, self.client.get(path), 200)
        self.as_documented(operations["listPickupCalls"],
                           self.client.get("/pickupcalls?size=1&page=1&status=호출취소"), 200)

    def test_methods_are_those_described_and_any_other_is_refused_with_them(self):
        for path, item in self.api.document["paths"].items():
            operation = next(o for o in self.api.operations() if o.path == path)
            described = {m.upper() for m in METHODS if m in item}
            allowed = described | {"OPTIONS"} | ({"HEAD"} if "get" in item else set())
            for method, status in (("OPTIONS", 204), ("TRACE", 405)):
                answer = self.client.send(method, self.unknown(operation))
                self.assertEqual(answer.status, status, f"{method} {path}")
                told = {m.strip() for m in answer.headers["Allow"].split(",")}
                self.assertEqual(told, allowed, f"{method} {path}")

    # -- refusals

    def test_400(self):
        for o in self.each(400):
            self.as_documented(o, self.send(o, self.unknown(o) + "?x=%zz"), 400)

    def test_400_for_parameters_that_break_their_form(self):
        broken = {"tel": "1", "status": "no", "page": "-1", "size": "0", "reason": "가" * 201,
                  "service": "bus", "class": "bus", "lat": "91", "lng": "x", "k": "0"}
        for o in self.api.operations():
            for parameter in o.parameters:
                if parameter["in"] == "query" and parameter["name"] in broken:
                    name = parameter["name"]
                    path = self.known(o)
                    self.as_documented(o, self.send(o, f"{path}?{name}={broken[name]}"), 400)

    def test_400_for_bodies_that_make_no_sense(self):
        for o in self.each(400):
            if "requestBody" in o.what:
                self.as_documented(o, self.send(o, self.known(o), b"{"), 400)

    def test_404(self):
        for o in self.each(404):
            self.as_documented(o, self.send(o, self.unknown(o), self.body(o)), 404)

    def test_409(self):
        for o in self.each(409):
            if "jobs" in o.path:
                answer = self.send(o, o.path.format(**{**self.job("arrived"), "step": "completed"}))
            elif o.method == "delete" and o.path != "/couriers/{id}":
                company = self.company_of(o)
                call = company.new_call()
                for step in ("arrived", "picked-up"):
                    company.job(call["courier"]["id"], call["id"], step)
                answer = self.send(o, o.path.format(id=call["id"]))
            else:
                for _ in range(2):
                    courier = self.pickup.new_call()["courier"]["id"]
                answer = self.send(o, f"/couriers/{courier}",
                                   {"capacity": 1} if o.method == "patch" else None)
            self.as_documented(o, answer, 409)

    def test_413(self):
        for o in self.each(413):
            self.refused_raw(o, 413, "Content-Length: 99999999")

    def test_415(self):
        for o in self.each(415):
            self.as_documented(
                o, self.send(o, self.known(o), b"x", Content_Type="text/plain"), 415)

    def test_422(self):
        for o in self.each(422):
            if o.method == "get":
                answer = self.send(o, f"{o.path}?location=서대문고")
            else:
                answer = self.send(o, o.path, {"tel": "01012345678", "location": "서대문고"})
            self.as_documented(o, answer, 422)
            if o.method == "post":
                for cost in (1, 2):
                    answer = self.send(o, o.path, {"tel": "01012345678", "cost": cost},
                                       Idempotency_Key=f"reused {o}".encode().hex())
                self.as_documented(o, answer, 422)

    def test_what_is_refused_of_any_request(self):
        statuses = self.api.resolved({"$ref": "#/components/responses/Refused"})["x-statuses"]
        self.assertEqual(statuses, [408, 414, 431, 501])
        for o in self.each("default"):
            self.refused_raw(o, 414, query="?" + "a" * 9000)
            self.refused_raw(o, 431, *[f"X-{n}: " + "a" * 8000 for n in range(3)])
            self.refused_raw(o, 501, "Transfer-Encoding: gzip")
        # All at once: each waits for its second.
        slow = [(o, self.raw_request(o, "X-Slow: ")) for o in self.each("default")]
        for o, connection in slow:
            with connection:
                self.as_documented(o, raw(connection), 408)


class Overloaded(OpenApiTest):
    SETTINGS = {"HTTP_IN_FLIGHT": "1", "SUPERVISION_INTENSITY": "1000000"}

    def test_503_of_the_busy(self):
        """One request that takes its time fills the server."""
        number = self.pickup.new_call()["id"]
        self.operators.send("POST", f"/admin/actors/call/pickup:{number}/hang?for=4s",
                            Authorization=f"Bearer {OPERATOR_TOKEN}")

        def cancel() -> None:
            other = self.node.client()
            while other.delete(f"/pickupcalls/{number}").status == 503:
                pass

        waiting = threading.Thread(target=cancel)
        waiting.start()
        eventually(lambda: self.client.get("/couriers").status == 503)
        for o in self.api.operations():
            if o.documents(503) and o.path not in ("/livez", "/readyz"):
                self.as_documented(o, self.send(o, self.unknown(o)), 503)
        waiting.join()

    def test_503_of_livez(self):
        o = next(o for o in self.api.operations() if o.path == "/livez")
        for service in ("pickup", "taxi"):  # each takes one of the two threads
            self.operators.send("POST", f"/admin/actors/dispatcher/{service}/hang?for=3s",
                                Authorization=f"Bearer {OPERATOR_TOKEN}")
        eventually(lambda: self.as_documented(o, self.client.get("/livez"), 503) or True)

    def test_503_of_readyz(self):
        o = next(o for o in self.api.operations() if o.path == "/readyz")
        for _ in range(300):
            self.pickup.new_courier()
        tired = threading.Event()

        def crash() -> None:
            while not tired.is_set():
                Client(self.node.operator_port).send(
                    "POST", "/admin/actors/dispatcher/pickup/crash",
                    Authorization=f"Bearer {OPERATOR_TOKEN}")

        crashing = threading.Thread(target=crash)
        crashing.start()
        try:
            answer = eventually(
                lambda: a if (a := self.client.get("/readyz")).status != 200 else None, every=0)
        finally:
            tired.set()
            crashing.join()
        self.as_documented(o, answer, 503)


if __name__ == "__main__":
    unittest.main()
