#!/usr/bin/env python3
"""Imitates the provider of AlimTalk (v2.3) and SMS (v3.0), and fails on command.

    fake_provider.py [--port N] [--cert FILE --key FILE] [--app-key K] [--secret-key S]

Prints "listening on PORT" when it serves. Beside the provider's own paths it has:

    POST /control    {"seed": 7, "key_window": 600, "alimtalk": FAULTS, "sms": FAULTS}
    GET  /control    {"messages": [...], "violations": [...], "counts": {...}}

FAULTS are probabilities of what happens to a request; what is left out never happens:

    timeout_before, timeout_after   no answer for `hang` seconds; accepted in the second case
    error_before, error_after       500; accepted in the second case
    throttle, throttle_hint         429; with Retry-After in the second case
    slow                            answered after `slow_for` seconds
    query_error                     500 to a search or a poll
    refuse   {"-3003": p, …}        refused with that code
    fail     {"3018": p, …}         accepted, and not delivered with that code

`pending_for` says how many seconds a message takes to be delivered (default 0.05).
"""

import argparse
import json
import random
import ssl
import threading
import time
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

MAX_TEMPLATE_CODE = 20
MAX_RECIPIENT = 15
MAX_GROUPING_KEY = 100


@dataclass
class Message:
    """What the provider has accepted."""

    channel: str  # alimtalk, sms or mms
    key: str  # the grouping key
    tel: str
    name: str  # the template's code; empty for SMS
    text: str
    request_id: str
    accepted_at: float
    done_at: float
    code: int  # of its delivery; 0 when it succeeds
    seq: int = 1

    def is_done(self) -> bool:
        return time.monotonic() >= self.done_at


@dataclass
class State:
    app_key: str
    secret_key: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    chance: random.Random = field(default_factory=random.Random)
    key_window: float = 600
    faults: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    keys: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def fault(self, channel: str, name: str, default: Any = 0) -> Any:
        return self.faults.get(channel, {}).get(name, default)

    def happens(self, channel: str, name: str) -> bool:
        return self.chance.random() < self.fault(channel, name)

    def drawn_code(self, channel: str, name: str) -> int:
        """A code by its probability; 0 for none."""
        point = self.chance.random()
        for code, part in self.fault(channel, name, {}).items():
            point -= part
            if point < 0:
                return int(code)
        return 0

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


STATE: State


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536

    # -- the server's side

    def do_GET(self) -> None:
        self.answer(b"")

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def log_message(self, *_: Any) -> None:
        pass

    def reply(self, status: int, body: Any, **headers: str) -> None:
        data = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def hang(self, channel: str) -> None:
        time.sleep(STATE.fault(channel, "hang", 1))
        self.close_connection = True

    def answer(self, body: bytes) -> None:
        url = urlsplit(self.path)
        parts = [unquote(part) for part in url.path.strip("/").split("/")]
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        try:
            if parts == ["control"]:
                self.control(body)
            elif parts[:3] == ["alimtalk", "v2.3", "appkeys"] and parts[4:5] == ["messages"]:
                self.provide("alimtalk", "alimtalk", parts[3], parts[5:], query, body)
            elif parts[:3] == ["sms", "v3.0", "appKeys"] and parts[4:5] == ["sender"]:
                self.provide("sms", parts[5], parts[3], parts[6:], query, body)
            else:
                self.reply(404, {"message": "no such path"})
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # it did not wait; that is its right

    def control(self, body: bytes) -> None:
        with STATE.lock:
            if self.command == "GET":
                self.reply(200, {"messages": [asdict(m) | {"done": m.is_done()}
                                              for m in STATE.messages],
                                 "counts": STATE.counts, "violations": STATE.violations})
                return
            wanted = json.loads(body)
            if "seed" in wanted:
                STATE.chance.seed(wanted["seed"])
            STATE.key_window = wanted.get("key_window", STATE.key_window)
            for channel in ("alimtalk", "sms"):
                if channel in wanted:
                    STATE.faults[channel] = wanted[channel]
        self.reply(200, {})

    # -- the provider's side

    def provide(self, channel: str, kind: str, app_key: str, rest: list[str],
                query: dict[str, str], body: bytes) -> None:
        if app_key != STATE.app_key:
            self.reply(200, header(-1000))
        elif self.headers.get("X-Secret-Key") != STATE.secret_key:
            self.reply(200, header(-1001))
        elif self.command == "POST":
            self.send(channel, kind, json.loads(body))
        else:
            self.look_up(channel, kind, rest, query)

    def send(self, channel: str, kind: str, wanted: dict[str, Any]) -> None:
        with STATE.lock:
            STATE.count(f"{channel} sends")
            self.check(kind, wanted)
            fate = next((name for name in ("throttle", "throttle_hint", "timeout_before",
                                           "error_before", "timeout_after", "error_after", "slow")
                         if STATE.happens(channel, name)), "")
        if fate:
            with STATE.lock:
                STATE.count(f"{channel} {fate}")
        if fate == "throttle":
            return self.reply(429, {})
        if fate == "throttle_hint":
            return self.reply(429, {}, Retry_After="1")
        if fate == "timeout_before":
            return self.hang(channel)
        if fate == "error_before":
            return self.reply(500, {})
        answer = self.accept(channel, kind, wanted)
        if fate == "timeout_after":
            return self.hang(channel)
        if fate == "error_after":
            return self.reply(500, {})
        if fate == "slow":
            time.sleep(STATE.fault(channel, "slow_for", 0.1))
        return self.reply(200, answer)

    def check(self, kind: str, wanted: dict[str, Any]) -> None:
        to = wanted["recipientList"][0]
        kept = [len(wanted["recipientList"]) == 1,
                0 < len(to["recipientNo"]) <= MAX_RECIPIENT and to["recipientNo"].isdigit(),
                0 < len(to["recipientGroupingKey"]) <= MAX_GROUPING_KEY]
        if kind == "alimtalk":
            kept += [0 < len(wanted["templateCode"]) <= MAX_TEMPLATE_CODE,
                     to["resendParameter"] == {"isResend": False},
                     bool(self.headers.get("X-NC-API-IDEMPOTENCY-KEY"))]
        else:
            size = len(wanted["body"].encode("euc-kr"))
            kept += [wanted["sendNo"].isdigit(), kind == "mms" or size <= 90,
                     (kind == "mms") == ("title" in wanted)]
        if not all(kept):
            STATE.violations.append(f"{kind}: {wanted}: {kept}")

    def accept(self, channel: str, kind: str, wanted: dict[str, Any]) -> Any:
        now = time.monotonic()
        to = wanted["recipientList"][0]
        idempotency_key = self.headers.get("X-NC-API-IDEMPOTENCY-KEY")
        with STATE.lock:
            if idempotency_key and channel == "alimtalk":
                first = STATE.keys.get(idempotency_key)
                if first is not None and now - first < STATE.key_window:
                    STATE.count("key refused")
                    return header(-1005)
            if code := STATE.drawn_code(channel, "refuse"):
                STATE.count(f"{channel} refused {code}")
                return header(code)
            if idempotency_key:
                STATE.keys[idempotency_key] = now
            code = STATE.drawn_code(channel, "fail")
            message = Message(kind, to["recipientGroupingKey"], to["recipientNo"],
                              wanted.get("templateCode", ""), wanted.get("body", ""),
                              f"R{len(STATE.messages):08d}", now,
                              now + STATE.fault(channel, "pending_for", 0.05), code)
            STATE.messages.append(message)
        result = {"recipientSeq": message.seq, "recipientNo": message.tel, "resultCode": 0,
                  "resultMessage": "SUCCESS", "recipientGroupingKey": message.key}
        if channel == "alimtalk":
            return header(0) | {"message": {"requestId": message.request_id,
                                            "sendResults": [result]}}
        return header(0) | {"body": {"data": {"requestId": message.request_id, "statusCode": "2",
                                              "sendResultList": [result]}}}

    def look_up(self, channel: str, kind: str, rest: list[str], query: dict[str, str]) -> None:
        with STATE.lock:
            STATE.count(f"{channel} queries")
            if STATE.happens(channel, "query_error"):
                return self.reply(500, {})
            if rest:
                found = [m for m in STATE.messages if m.request_id == rest[0]]
            else:
                STATE.count(f"{channel} searches")
                if not query.get("startRequestDate") or not query.get("endRequestDate"):
                    STATE.violations.append(f"search without dates: {query}")
                found = [m for m in STATE.messages if m.key == query.get("recipientGroupingKey")]
            found = [m for m in found if m.channel == kind]
        report = alimtalk_report if channel == "alimtalk" else sms_report
        reports = [report(m) for m in found]
        if not rest:
            page = {"messages": reports, "totalCount": len(reports)}
            return self.reply(200, header(0) | ({"messageSearchResultResponse": page}
                                                if channel == "alimtalk"
                                                else {"body": {"data": reports}}))
        if not reports:
            return self.reply(200, header(-2008 if channel == "sms" else -1013))
        return self.reply(200, header(0) | ({"message": reports[0]} if channel == "alimtalk"
                                            else {"body": {"data": reports[0]}}))


def header(code: int) -> dict[str, Any]:
    return {"header": {"resultCode": code, "resultMessage": "SUCCESS" if code == 0 else "no",
                       "isSuccessful": code == 0}}


def alimtalk_report(m: Message) -> dict[str, Any]:
    status = "REQUESTED" if not m.is_done() else "FAILED" if m.code else "COMPLETED"
    return {"requestId": m.request_id, "recipientSeq": m.seq, "recipientNo": m.tel,
            "messageStatus": status, "resultCode": str(m.code or 1000) if m.is_done() else None,
            "recipientGroupingKey": m.key}


def sms_report(m: Message) -> dict[str, Any]:
    return {"requestId": m.request_id, "recipientSeq": m.seq, "recipientNo": m.tel,
            "msgStatus": "2" if not m.is_done() else "0" if m.code else "3",
            "resultCode": str(m.code or 1000) if m.is_done() else None,
            "recipientGroupingKey": m.key}


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: Any) -> None:
        pass  # clients that are killed leave all sorts of errors behind


def main() -> None:
    global STATE
    flags = argparse.ArgumentParser()
    flags.add_argument("--port", type=int, default=0)
    flags.add_argument("--cert")
    flags.add_argument("--key")
    flags.add_argument("--app-key", default="app")
    flags.add_argument("--secret-key", default="secret")
    wanted = flags.parse_args()
    STATE = State(wanted.app_key, wanted.secret_key)
    server = Server(("127.0.0.1", wanted.port), Handler)
    if wanted.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(wanted.cert, wanted.key)
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
    print(f"listening on {server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
