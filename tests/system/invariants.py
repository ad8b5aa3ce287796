"""The promises of the product, checked from outside: each function returns what breaks one."""

from collections import Counter
from typing import Any

from .company import Company
from .messages import due, keeps_to, names_by_call, read_messages

LIVE_PHASES = {"CONFIRMED", "ARRIVED", "PICKED_UP"}


def broken_assignments(company: Company) -> list[str]:
    """At most one live assignment a call, and it is the one the call names; every courier's load
    is its live assignments, within its capacity, each within its ability."""
    calls = {call["id"]: call for status in ("", "?status=호출취소")
             for call in company.all(company.calls + status)}
    couriers = {c["id"]: c for c in company.all(f"/couriers?service={company.service}")}
    live = [a for a in company.all(company.assigns) if a["live"]]
    wanted_class = "parcelType" if company.service == "pickup" else "taxiClass"

    broken = []
    for number, count in Counter(a["callId"] for a in live).items():
        if count > 1:
            broken.append(f"call {number} has {count} live assignments")
    assigned_to = {a["callId"]: a["courier"]["id"] for a in live}
    for number, call in calls.items():
        named = call["courier"]["id"] if call["phase"] in LIVE_PHASES else None
        if assigned_to.get(number) != named:
            broken.append(f"call {number} is {call['phase']} with courier {named}, but its live "
                          f"assignment says {assigned_to.get(number)}")
    loads = Counter(a["courier"]["id"] for a in live)
    for number, courier in couriers.items():
        if courier["load"] != loads[number]:
            broken.append(f"courier {number} shows load {courier['load']}, "
                          f"has {loads[number]} live assignments")
        if courier["load"] > courier["capacity"]:
            broken.append(f"courier {number} has load {courier['load']}, "
                          f"capacity {courier['capacity']}")
    for number, courier in assigned_to.items():
        if number not in calls:
            broken.append(f"call {number} is assigned and not listed")
        elif courier not in couriers:
            broken.append(f"call {number} is assigned to courier {courier}, who does not exist")
        elif calls[number][wanted_class] not in couriers[courier]["classes"]:
            broken.append(f"courier {courier} is not able to do call {number}")
    return broken


def broken_waits(company: Company) -> list[str]:
    """No call waits while a courier who could take it is free. For couriers all within reach."""
    free = [c for c in company.all(f"/couriers?service={company.service}")
            if c["onShift"] and c["lat"] is not None and c["load"] < c["capacity"]]
    wanted_class = "parcelType" if company.service == "pickup" else "taxiClass"
    broken = []
    for call in company.all(f"{company.calls}?status=호출중"):
        refusers = {item["courier"] for item in company.history(call["id"])
                    if item["cause"] in ("courier_declined", "courier_lost")}
        able = [c["id"] for c in free
                if call[wanted_class] in c["classes"] and c["id"] not in refusers]
        if able:
            broken.append(f"call {call['id']} waits although couriers {able} are free")
    return broken


def broken_messages(company: Company, file: Any, numbers: list[int]) -> list[str]:
    """Every visible transition of these calls was told once and in order."""
    messages = read_messages(file)
    broken = [f"intent {intent} was told {count} times"
              for intent, count in Counter(m.intent for m in messages).items() if count > 1]
    told = names_by_call(messages, company.service)
    for number in numbers:
        wanted = due(company.history(number))
        if not keeps_to(told.get(number, []), wanted):
            broken.append(f"call {number}: told {told.get(number)}, due was {wanted}")
    return broken
