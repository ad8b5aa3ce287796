"""Random clients of a dispatch company, each with a ledger of what it was promised.

A worker owns the calls it made: nobody else gives them commands, so that what it was told about
them has to stay true. What was under way when the server died may have happened or not.
"""

import http.client
import random
import threading
from dataclasses import dataclass, field
from typing import Any

from .client import Answer
from .company import SEOUL, Company, Json
from .harness import Node

NO_ANSWER = (OSError, http.client.HTTPException)

# How a courier goes on with a call that has not ended; who has none is refused.
NEXT_STEP = {"DISPATCHING": "arrived", "CONFIRMED": "arrived", "ARRIVED": "picked-up",
             "PICKED_UP": "completed"}

# What an overloaded or restarting part may answer; nothing is promised then.
NOT_NOW = {503, 504}


@dataclass(eq=False)
class Promise:
    """What a client knows of a call it made."""

    number: int
    tel: str
    must_show: list[str] = field(default_factory=list)  # correlation ids of acknowledged changes
    canceled: bool = False
    phase: str = "DISPATCHING"
    courier: int | None = None

    def note(self, call: Json) -> None:
        """What an answer shows of the call; it may change behind the client's back."""
        self.phase = call["phase"]
        self.courier = call["courier"]["id"] if call["courier"] else None

    def kept_by(self, company: Company) -> list[str]:
        """How the server breaks this promise, if it does."""
        answer = company.client.get(f"{company.calls}/{self.number}")
        if answer.status != 200:
            return [f"call {self.number} was acknowledged and is lost: {answer}"]
        call = answer.json
        broken = []
        if call["tel"] != self.tel:
            broken.append(f"call {self.number} is another's: {call['tel']}, not {self.tel}")
        if self.canceled and call["status"] != "호출취소":
            broken.append(f"call {self.number} was canceled and is {call['phase']}")
        shown = {item["correlationId"] for item in company.history(self.number)}
        for lost in set(self.must_show) - shown:
            broken.append(f"call {self.number}: acknowledged change {lost} is lost")
        self.note(call)
        return broken


@dataclass(eq=False)
class Unanswered:
    """A POST without an answer; repeating it with its key must lead to exactly one call."""

    tel: str
    key: str
    body: Json
    correlation_id: str


class Worker:
    """A client with a seed. `run` ends when the server is gone or `stop` is set."""

    def __init__(self, number: int, seed: int, couriers: list[int]):
        self.number = number
        self.chance = random.Random(f"{seed}/{number}")
        self.couriers = couriers
        self.promises: list[Promise] = []
        self.open: list[Promise] = []  # calls that may still be worked on
        self.unanswered: list[Unanswered] = []
        self.touched: set[Promise] = set()  # since they were last checked
        self.surprises: list[str] = []
        self.requests = 0
        self.made = 0

    def run(self, node: Node, stop: threading.Event) -> None:
        company = Company(node)
        while not stop.is_set():
            try:
                self.one_step(company)
            except NO_ANSWER:
                return
            except Exception as bug:  # a thread must not die silently
                self.surprises.append(f"worker {self.number}: {bug!r}")
                return

    def one_step(self, company: Company) -> None:
        action = self.chance.choices(
            (self.call, self.cancel, self.decline, self.work, self.move, self.change_courier),
            weights=(30, 12, 10, 38, 15, 4))[0]
        action(company)

    def expect(self, answer: Answer, *statuses: int) -> bool:
        """Whether the answer is the promise it should be; notes one that may not be given."""
        if answer.status in statuses:
            return True
        if answer.status not in NOT_NOW and answer.status not in (404, 409):
            self.surprises.append(f"worker {self.number}: {answer}")
        return False

    def next_id(self) -> str:
        self.requests += 1
        return f"w{self.number}-{self.requests}"

    # -- what customers do

    def call(self, company: Company) -> None:
        self.made += 1
        tel = f"010{self.number:02d}{self.made:06d}"
        body = {"tel": tel, **self.place(),
                "parcelType": self.chance.choice(("under10kg", "over10kg"))}
        request = Unanswered(tel, f"key-{tel}", body, self.next_id())
        self.unanswered.append(request)
        self.send_call(company, request)

    def send_call(self, company: Company, request: Unanswered) -> None:
        answer = company.client.post(company.calls, request.body, Idempotency_Key=request.key,
                                     X_Correlation_Id=request.correlation_id)
        if self.expect(answer, 201):
            self.unanswered.remove(request)
            self.promise(answer.json, request)

    def promise(self, call: Json, request: Unanswered) -> None:
        promise = Promise(call["id"], request.tel, [request.correlation_id])
        promise.note(call)
        self.promises.append(promise)
        self.open.append(promise)
        self.touched.add(promise)

    def cancel(self, company: Company) -> None:
        if promise := self.any_open():
            answer = company.client.delete(f"{company.calls}/{promise.number}",
                                           X_Correlation_Id=self.next_id())
            if self.expect(answer, 204):
                promise.canceled = True
                self.open.remove(promise)

    # -- what couriers do

    def decline(self, company: Company) -> None:
        if promise := self.any_open():
            self.report(company, promise, "decline")

    def work(self, company: Company) -> None:
        if promise := self.any_open():
            while promise in self.open:
                # An ended call is in `open` when the server died before it could say so.
                step = NEXT_STEP.get(promise.phase, "arrived")
                if self.chance.random() < 0.1:
                    step = "failed"
                if not self.report(company, promise, step) or self.chance.random() < 0.2:
                    return

    def report(self, company: Company, promise: Promise, step: str) -> bool:
        courier = promise.courier or self.chance.choice(self.couriers)
        correlation_id = self.next_id()
        answer = company.client.post(f"/couriers/{courier}/jobs/{promise.number}/{step}",
                                     X_Correlation_Id=correlation_id)
        if self.expect(answer, 200):
            promise.must_show.append(correlation_id)
            call = answer.json
        else:
            answer_now = company.client.get(f"{company.calls}/{promise.number}")
            if answer_now.status in NOT_NOW:
                return False
            call = answer_now.json
        promise.note(call)
        if promise.phase not in NEXT_STEP:
            self.open.remove(promise)
        return answer.status == 200

    def move(self, company: Company) -> None:
        answer = company.client.put(f"/couriers/{self.chance.choice(self.couriers)}/location",
                                    self.place())
        self.expect(answer, 204)

    def change_courier(self, company: Company) -> None:
        change: Json = {"onShift": self.chance.random() < 0.8}
        if self.chance.random() < 0.5:
            change["capacity"] = self.chance.randint(1, 4)
        if self.chance.random() < 0.3:
            change["classes"] = self.chance.choice((["under10kg"], ["under10kg", "over10kg"]))
        self.expect(company.client.patch(f"/couriers/{self.chance.choice(self.couriers)}", change),
                    200)

    # -- helpers

    def place(self) -> Json:
        return {"lat": SEOUL[0] + self.chance.uniform(-0.04, 0.04),
                "lng": SEOUL[1] + self.chance.uniform(-0.04, 0.04)}

    def any_open(self) -> Promise | None:
        if not self.open:
            return None
        # The oldest are most likely assigned, the newest most likely wait.
        promise = self.chance.choice(self.open[:20] + self.open[-20:])
        self.touched.add(promise)
        return promise

    # -- after a restart

    def repeat_unanswered(self, company: Company) -> list[str]:
        """Sends again what got no answer, and says where that did not lead to exactly one call."""
        broken = []
        for request in list(self.unanswered):
            self.send_call(company, request)
            found = len(company.all(f"{company.manages}?tel={request.tel}"))
            if found != 1 or request in self.unanswered:
                broken.append(f"POST {request.key}, repeated, led to {found} calls")
        return broken

    def broken_promises(self, company: Company) -> list[str]:
        """Checks the calls touched since the last check."""
        broken = [line for promise in self.touched for line in promise.kept_by(company)]
        self.touched.clear()
        return broken


def run_for(node: Node, workers: list[Worker], stop: threading.Event) -> list[threading.Thread]:
    """Starts all workers; each ends by itself when the server is gone."""
    stop.clear()
    threads = [threading.Thread(target=worker.run, args=(node, stop)) for worker in workers]
    for thread in threads:
        thread.start()
    return threads


def surprises(workers: list[Worker]) -> list[str]:
    return [line for worker in workers for line in worker.surprises]


def promises(workers: list[Worker]) -> list[Promise]:
    return [promise for worker in workers for promise in worker.promises]


def hire(company: Company, count: int, **fields: Any) -> list[int]:
    """Couriers with different abilities, around the city's centre."""
    return [company.new_courier(name=f"기사 {n}", tel=f"0100000{n:04d}", capacity=1 + n % 4,
                                classes=["under10kg", "over10kg"] if n % 3 else ["under10kg"],
                                lat=SEOUL[0] + 0.005 * (n % 7), lng=SEOUL[1] + 0.005 * (n % 5),
                                **fields)["id"] for n in range(count)]
