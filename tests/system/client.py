"""A small HTTP client that keeps its connection, and a raw one for what no client would send."""

import http.client
import json
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def __str__(self) -> str:
        return f"{self.status} {self.body.decode(errors='replace')[:500]}"


class Client:
    """One keep-alive connection; not thread-safe, so each thread has its own.

    A request that gets no answer raises OSError or HTTPException and is never sent again: only
    the caller knows whether repeating it is safe.
    """

    def __init__(self, port: int, timeout: float = 15):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Sends a request. `body` is sent as JSON, bytes as they are; headers are named with
        underscores (`Idempotency_Key="k"`)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            named.setdefault("Content-Type", "application/json")
            if not isinstance(body, bytes):
                body = json.dumps(body, ensure_ascii=False).encode()
        try:
            self._connection.request(method, quote(path, safe="/?=&%"), body=body, headers=named)
            response = self._connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.send("DELETE", path, **headers)

    def close(self) -> None:
        self._connection.close()

    def __del__(self) -> None:
        self.close()


def exchange(port: int, request: bytes, timeout: float = 10) -> bytes:
    """Sends bytes as they are and returns what comes back: one answer, or all until the server
    hangs up."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        # A refusal may come, and the connection end, before the whole request was taken.
        with suppress(ConnectionError):
            connection.sendall(request)
        with suppress(ConnectionError):
            while not _complete(received) and (chunk := connection.recv(65536)):
                received += chunk
    return received


def _complete(answer: bytes) -> bool:
    head, separator, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return bool(separator) and length is not None and len(body) >= int(length[1])


def status_of(answer: bytes) -> int:
    """The status of a raw answer; 0 when there was none."""
    match = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    return int(match[1]) if match else 0
