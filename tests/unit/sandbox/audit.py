"""An auditor who sees only what the API shows: amounts add up, each charge stays within its
authorisation, each thing that happened has its event once. It knows no rule of the sandbox.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

from posapp.sandbox.wire import Request
from posapp.sandbox.world import World

Json = dict[str, Any]
KEY = {"authorization": "Bearer sk_test_sandbox"}
# entering a state has this event
EVENT_OF = {
    "accepted": "order.accepted", "blocked": "order.blocked", "cancelled": "order.cancelled",
    "complete": "order.complete", "fulfilled": "order.fulfilled", "dispute": "order.dispute",
    "in_review": "order.review_opened", "pending_payment": "order.pending_payment",
}  # fmt: skip
SHIPPED = ("fulfilled", "complete", "returned")


class Audit:
    """One reading of the books of a world that nobody disturbs meanwhile."""

    def __init__(self, world: World, days: float = 29) -> None:
        self.world = world
        since = world.now.astimezone(UTC) - timedelta(days=days)
        self._since = f"{since:%Y-%m-%dT%H:%M:%SZ}"
        self.seen = 0

    def broken(self) -> list[str]:
        """Every disagreement in words, over the orders of the last days."""
        found = list(self._event_ids())
        parcels, refunds = self._by_order("/fulfillments"), self._by_order("/refunds")
        for order in self._all("/orders"):
            self.seen += 1
            told = self._told.get(order["id"], Counter())
            sentences = [
                *amounts(order), *charges(order), *units(order, parcels[order["id"]]),
                *given_back(order, refunds[order["id"]]),
                *once(order, told, len(parcels[order["id"]]), refunds[order["id"]]),
            ]  # fmt: skip
            found += [f"order {order['id']}: {sentence}" for sentence in sentences]
        return found

    def _all(self, path: str) -> Iterator[Json]:
        query = [("limit", "100"), ("createdTime[gte]", self._since)]
        after: list[tuple[str, str]] = []
        while True:
            page = self.world.handle(Request("GET", path, [*query, *after], KEY)).json()
            yield from page["data"]
            if not page["hasMore"]:
                return
            after = [("startingAfter", page["data"][-1]["id"])]

    def _by_order(self, path: str) -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = defaultdict(list)
        for each in self._all(path):
            found[each["orderId"]].append(each)
        return found

    def _event_ids(self) -> Iterator[str]:
        """Reads the event list; counts types by order. An id that comes back must be the same."""
        self._told: dict[str, Counter[str]] = defaultdict(Counter)
        known: dict[str, str] = {}
        last = ""
        for event in self._all("/events"):
            if event["id"] in known:
                if known[event["id"]] != event["createdTime"]:
                    yield f"event {event['id']} is two events"
                continue
            known[event["id"]] = event["createdTime"]
            if last and event["createdTime"] >= last:
                yield f"event {event['id']} stands out of order"
            last = event["createdTime"]
            shown = event["data"]["object"]
            is_order = event["type"].startswith("order.") and "items" in shown
            order_id = shown["id"] if is_order else shown.get("orderId", "")
            self._told[order_id][event["type"]] += 1


def total(rows: list[Json], *path: str) -> Decimal:
    """The sum of one amount over rows."""
    found = Decimal(0)
    for row in rows:
        value: Any = row
        for name in path:
            value = value.get(name, 0) if isinstance(value, dict) else 0
        found += Decimal(value)
    return found


def going(rows: list[Json]) -> Decimal:
    """What operations moved or are moving."""
    return total([row for row in rows if row["state"] != "failed"], "amount")


def done(rows: list[Json]) -> Decimal:
    """What operations moved for good."""
    return total([row for row in rows if row["state"] == "complete"], "amount")


def amounts(order: Json) -> Iterator[str]:
    """Section 4.1: sums of the order and of its lines."""
    items = order["items"]
    tax = total(items, "tax", "amount") + total(items, "shipping", "taxAmount")
    tax += total(items, "fees", "taxAmount")
    if order["totalTax"] != tax:
        yield f"totalTax {order['totalTax']} is not {tax}"
    if order["subtotal"] + order["totalTax"] != order["totalAmount"]:
        yield "subtotal and tax are not the total"
    for name, path in (
        ("totalFees", ("fees", "amount")), ("totalDuty", ("duties", "amount")),
        ("totalImporterTax", ("importerTax", "amount")),
    ):  # fmt: skip
        if order[name] != total(items, *path):
            yield f"{name} is not the sum of the lines"
    if order["totalAmount"] < 0 or total(items, "shipping", "amount") > order["totalShipping"]:
        yield "less than nothing, or more shipping than was chosen"


def charges(order: Json) -> Iterator[str]:
    """Section 9: each charge within its authorisation, and the order's sums of them."""
    found = order["payment"].get("charges", [])
    captured = available = Decimal(0)
    sound = "dispute" not in order["stateTransitions"]
    for charge in found:
        captures, cancels, back = (
            charge.get(name, []) for name in ("captures", "cancels", "refunds")
        )
        if going(captures) + going(cancels) > charge["amount"]:
            yield f"charge {charge['id']} goes beyond its authorisation"
        if going(back) > done(captures):
            yield f"charge {charge['id']} pays back more than it took"
        captured += going(captures)
        available += done(captures) - going(back)
        sound = sound and all(each["state"] == "complete" for each in captures)
    if order["capturedAmount"] != captured:
        yield f"capturedAmount {order['capturedAmount']} is not {captured}"
    if order["availableToRefundAmount"] > available:
        yield "more can be refunded than was captured"
    if sound and order["availableToRefundAmount"] != available:
        yield f"availableToRefundAmount {order['availableToRefundAmount']} is not {available}"
    if sound and total(order["items"], "availableToRefundAmount") > available:
        yield "the lines promise more back than there is"
    complete = order["payment"]["session"]["state"] == "complete"
    if complete and total(found, "amount") != order["totalAmount"]:
        yield "the charges are not the total"


def units(order: Json, parcels: list[Json]) -> Iterator[str]:
    """Section 10: no unit leaves twice, none stays open in an order that is closed."""
    gone: Counter[str] = Counter()
    for parcel in parcels:
        for item in parcel["items"]:
            gone[item["itemId"]] += item["quantity"] + item["cancelQuantity"]
    for line in order["items"]:
        if gone[line["id"]] > line["quantity"]:
            yield f"line {line['id']}: {gone[line['id']]} of {line['quantity']} units gone"
        if order["state"] in SHIPPED and gone[line["id"]] != line["quantity"]:
            yield f"line {line['id']} is open in an order that is {order['state']}"


def given_back(order: Json, refunds: list[Json]) -> Iterator[str]:
    """Section 12: what refunds say is what the order says."""
    paid = total([each for each in refunds if each["state"] == "succeeded"], "refundedAmount")
    if order.get("refundedAmount", 0) != paid:
        yield f"refundedAmount {order.get('refundedAmount')} is not {paid}"
    back = [each for charge in order["payment"].get("charges", [])
            for each in charge.get("refunds", [])]  # fmt: skip
    if done(back) != paid:
        yield "refunds and charge refunds disagree"


def once(order: Json, told: Counter[str], parcels: int, refunds: list[Json]) -> Iterator[str]:
    """Section 13: each thing that happened has its event, once."""
    wanted = Counter({"order.created": 1, "order.submitted": 1, "fulfillment.created": parcels})
    for state in order["stateTransitions"]:
        if state in EVENT_OF:
            wanted[EVENT_OF[state]] = 1
    for charge in order["payment"].get("charges", []):
        for word, rows in (
            ("capture", charge.get("captures", [])), ("cancel", charge.get("cancels", [])),
            ("refund", charge.get("refunds", [])),
        ):  # fmt: skip
            wanted[f"order.charge.{word}.pending"] += len(rows)
            for end in ("complete", "failed"):
                ended = [row for row in rows if row["state"] == end]
                wanted[f"order.charge.{word}.{end}"] += len(ended)
    if order["state"] in ("blocked", "cancelled") and not parcels:
        for name in ("pending", "complete"):  # released by the service itself: no operation's event
            wanted.pop(f"order.charge.cancel.{name}", None)
    for word in ("pending", "succeeded", "failed"):
        kind = {"succeeded": "refund.complete"}.get(word, f"refund.{word}")
        wanted[kind] = sum(word in ("pending", each["state"]) for each in refunds)
    for kind, count in wanted.items():
        several = kind == "order.dispute"  # may open again
        if told[kind] != count and not (several and told[kind] > count):
            yield f"{kind} was told {told[kind]} times instead of {count}"
