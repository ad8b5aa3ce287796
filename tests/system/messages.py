"""What customers were told: reads the message file, and says what a history must have told."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable

# Only these may be superseded by later news before they were sent.
SUPERSEDABLE = {"RECEIVED", "CONFIRMED", "REASSIGNED"}

TOLD_BY_EVENT = {
    "Arrived": "ARRIVED",
    "PickedUp": "PICKED_UP",
    "Completed": "COMPLETED",
    "CallCancelled": "CANCELED",
    "Unfulfilled": "UNFULFILLED",
    "Failed": "FAILED",
}


@dataclass(frozen=True)
class Message:
    """One line of the message file."""

    intent: str  # "pickup/0:17": the shard and its journal position
    time: str
    call: int
    name: str
    tel: str
    correlation_id: str
    text: str

    @property
    def service(self) -> str:
        return self.intent.split("/")[0]

    @property
    def position(self) -> int:
        return int(self.intent.split(":")[1])


def read_messages(file: Path) -> list[Message]:
    if not file.exists():
        return []
    whole = file.read_text(encoding="utf-8")
    # A last line still being written, or cut by a kill, is not yet a message.
    lines = whole[: whole.rfind("\n") + 1].splitlines()
    return [_parse(line) for line in lines]


def _parse(line: str) -> Message:
    intent, time, call, name, tel, correlation_id, text = line.split("\t")
    return Message(intent, time, int(call), name, tel, correlation_id, text)


def names_by_call(messages: Iterable[Message], service: str) -> dict[int, list[str]]:
    told: dict[int, list[str]] = defaultdict(list)
    for message in messages:
        if message.service == service:
            told[message.call].append(message.name)
    return told


def due(history: list[dict[str, Any]]) -> list[str]:
    """The messages a call's history stands for: one per visible commit."""
    return [name for _, name in due_at(history)]


def due_at(history: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """The same, each with its journal position."""
    told = []
    assigned_before = False
    for commit in _commits(history):
        message = None
        for item in commit:
            event = item["event"].removeprefix("Pickup").removeprefix("Taxi")
            if event == "Managed":
                message = "RECEIVED"
            elif event == "Assigned":
                message = "REASSIGNED" if assigned_before else "CONFIRMED"
                assigned_before = True
            else:
                message = TOLD_BY_EVENT.get(event, message)
        if message:
            told.append((commit[0]["seq"], message))
    return told


def _commits(history: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    commits: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for item in history:
        commits[item["seq"]].append(item)
    return [commits[seq] for seq in sorted(commits)]


def keeps_to(told: list[str], wanted: list[str]) -> bool:
    """Whether all that was due was told, in order and once, but for what was superseded."""
    rest = iter(told)
    current = next(rest, None)
    for position, name in enumerate(wanted):
        if current == name:
            current = next(rest, None)
        elif name not in SUPERSEDABLE or position == len(wanted) - 1:
            return False
    return current is None
