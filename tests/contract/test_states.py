"""Every state and every event of the contract is reached by a sale that the contract describes."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from posapp.sandbox.lifecycle import NEXT
from posapp.sandbox.wire import decode, encode
from tests.contract.answers import contract, event_errors
from tests.contract.test_codes import section
from tests.unit.sandbox.shop import Shop

Json = dict[str, Any]
# states that the contract lists without saying when they occur; it tells readers to bear them
UNDESCRIBED: Mapping[str, frozenset[str]] = {
    "SessionState": frozenset(
        {"confirmed", "chargeable", "processing", "requires_action", "cancelled"}  # section 5
    ),
    "ItemState": frozenset({"paid"}),  # section 22, point 31
}
# in the enumeration of shapes, yet in no table of section 13
ENUMERATED_ONLY = {"customer.invoice_attribute.created"}
NOT_IN_TEST_MODE = {"sales_transaction.created", "payout.created"}  # section 13


def pay(shop: Shop, kind: str, name: str = "Shopper", *, approve: bool = True) -> Json:
    """An order paid by another method than a card."""
    checkout = shop.checkout()
    source = shop.pay(checkout, kind, lastName=name)
    order = shop.place(shop.attach(checkout, source))
    if "redirect" in source:
        source_id, token = source["redirect"]["redirectUrl"].split("/")[-2:]
        shop.world.form.decide(source_id, token, approve=approve)
    return order


def refund(shop: Shop, order: Json, **how: Any) -> Json:
    """A refund of an order."""
    body = {"orderId": order["id"], "currency": order["currency"]} | (how or {"percent": 100})
    made: Json = shop.good("POST", "/refunds", body)
    return made


def master_data(shop: Shop) -> None:
    """Customers, saved sources, tax numbers, SKUs and checkouts come and go."""
    shop.good("POST", "/customers", {"id": "c1"})
    shop.good("POST", "/customers/c1", {"email": "c1@example.com"})
    card = shop.card(shop.checkout(customerId="c1"))
    path = f"/customers/c1/sources/{card['id']}"
    shop.good("POST", path)
    shop.call("DELETE", path)
    shop.good("POST", "/tax-identifiers", {"type": "de", "value": "DE123456789"})
    made = shop.good("POST", "/tax-identifiers", {"type": "de", "value": "DE999999123"})
    shop.turn(2)
    shop.good("POST", f"/customers/c1/tax-identifiers/{made['id']}")
    shop.call("DELETE", f"/tax-identifiers/{made['id']}")
    shop.call("DELETE", "/customers/c1")
    shop.sku("old")
    shop.call("DELETE", "/skus/old")
    checkout = shop.checkout()
    shop.good("POST", f"/checkouts/{checkout['id']}", {"email": "new@example.com"})
    shop.call("DELETE", f"/checkouts/{checkout['id']}")


def counter_sales(shop: Shop) -> None:
    """Card sales: shipped, dropped, reviewed, blocked, failed, late."""
    for card in ("4444222233331111", "4000000000004103", "4000000000004442", "4000000000003295"):
        checkout = shop.checkout()
        source = shop.card(checkout, card)
        if source["state"] == "chargeable":
            order = shop.place(shop.attach(checkout, source))
            shop.ship(order, 1, drop=1)
    shop.card(shop.checkout(), "5454545454545454")
    shop.ship(shop.order(), 0, drop=2)
    for outcome in ("in_review", "blocked_later", "pending_payment", "pending_fails"):
        shop.world.director.next(outcome)
        shop.order()
    shop.turn(10)
    shop.good("POST", f"/orders/{shop.order()['id']}", {"metadata": {"a": 1}})
    shop.world.options.risk_averse = True
    order = shop.order()
    shop.turn(8 * 86400)
    body = {"orderId": order["id"], "items": [{"skuId": "mug", "quantity": 1}]}
    assert shop.error("POST", "/fulfillments", body)[1] == "payment_authorization_failed"
    shop.world.options.risk_averse = False


def other_methods(shop: Shop) -> None:
    """Redirects and transfers: approved, declined, refused, paid, lapsed, dropped."""
    pay(shop, "payPal")
    pay(shop, "payPal", approve=False)
    pay(shop, "directDebit", "SourceFailAfterRedirect")
    pay(shop, "directDebit", "ChargeRemainPending")
    pay(shop, "wireTransfer", "SourceFailWithDelay")
    transfer, dropped = pay(shop, "wireTransfer"), pay(shop, "wireTransfer")
    shop.turn(60)
    shop.ship(dropped, 0, drop=2)
    shop.ship(transfer)
    shop.turn(60)
    refund(shop, transfer)


def long_after(shop: Shop) -> None:
    """Nobody gave the bank details of a refund; nobody paid."""
    shop.turn(40 * 86400)


def after_sales(shop: Shop) -> None:
    """Refunds, returns, disputes, documents."""
    refund(shop, shop.complete())
    failing = refund(shop, shop.complete(card="4000000000004111"))
    shop.good("POST", f"/refunds/{failing['id']}", {"metadata": {"a": 1}})
    asked = pay(shop, "wireTransfer")
    order = shop.complete()
    line = {"itemId": order["items"][0]["id"], "quantity": 2}
    back = shop.good("POST", "/returns", {"orderId": order["id"], "items": [line]})
    shop.good("POST", f"/returns/{back['id']}", {"metadata": {"a": 1}})
    shop.good("POST", f"/returns/{back['id']}", {"state": "accepted"})
    disputed = shop.complete()
    shop.world.dispute(disputed["id"])
    shop.world.resolve_dispute(disputed["id"], charged_back=1000)
    shop.turn(60)
    shop.ship(asked)
    shop.turn(60)
    refund(shop, asked)
    shop.turn(5)
    link = {"fileId": disputed["invoicePDFs"][0]["id"], "expiresTime": "2030-01-01T00:00:00Z"}
    made = shop.good("POST", "/file-links", link)
    later = {"expiresTime": "2031-01-01T00:00:00Z"}
    shop.good("POST", f"/file-links/{made['id']}", later)
    shop.call("DELETE", f"/file-links/{made['id']}")


@cache
def lived() -> tuple[dict[str, set[str]], dict[str, list[Json]]]:
    """States by the name of their enumeration, and events by type, of a whole life."""
    states: dict[str, set[str]] = defaultdict(set)
    events: dict[str, list[Json]] = defaultdict(list)
    shop = Shop()
    for chapter in (master_data, counter_sales, other_methods, after_sales, long_after):
        chapter(shop)
        known = {each["id"] for found in events.values() for each in found}
        for event in shop.events():
            if event["id"] not in known:
                events[event["type"]].append(event)
        for kind in ("checkout", "order", "source", "refund", "return", "tax_identifier"):
            storage = shop.world.core.storage
            for id_ in storage.ids(kind, "", 100_000):
                note(states, kind, decode(storage.wire(kind, id_) or b"{}"))
    for event in (each for found in events.values() for each in found):
        shown = event["data"]["object"]
        kind = event["type"].split(".")[0]
        if "order.charge" in event["type"]:
            kind = "order" if "items" in shown else "charge"
        note(states, kind, shown)
    assert shop.world.check() == []
    shop.world.close()
    return states, events


def note(states: dict[str, set[str]], kind: str, shown: Json) -> None:
    """The states that one resource shows."""
    names = {
        "order": "OrderState", "charge": "ChargeState", "source": "SourceState",
        "refund": "RefundState", "return": "ReturnState", "tax_identifier": "TaxIdentifierState",
    }  # fmt: skip
    if kind in names and "state" in shown:
        states[names[kind]].add(shown["state"])
    if "fraudState" in shown:
        states["FraudState"].add(shown["fraudState"])
    if kind == "order":
        states["ItemState"] |= {line["state"] for line in shown.get("items", [])}
    payment = shown.get("payment") or {}
    if "session" in payment:
        states["SessionState"].add(payment["session"]["state"])
    for charge in [*payment.get("charges", []), *([shown] if kind == "charge" else [])]:
        states["ChargeState"].add(charge["state"])
        for name in ("captures", "cancels", "refunds"):
            states[name] |= {each["state"] for each in charge.get(name, [])}


def enumerations() -> Iterator[tuple[str, set[str]]]:
    """Every enumeration of states in the OpenAPI file."""
    schemas = contract()["components"]["schemas"]
    for name, schema in schemas.items():
        if name.endswith("State"):
            yield name, set(schema["enum"])
    for name, title in (
        ("captures", "Capture"),
        ("cancels", "Cancel"),
        ("refunds", "ChargeRefund"),
    ):
        yield name, set(schemas[title]["properties"]["state"]["enum"])


@pytest.mark.parametrize(
    ("name", "states"),
    list(enumerations()),
    ids=lambda each: str(each) if isinstance(each, str) else "",
)
def test_every_state_is_reached(name: str, states: set[str]) -> None:
    assert lived()[0][name] == states - UNDESCRIBED.get(name, frozenset())


def spelled(cell: str) -> list[str]:
    """The event names of one cell of section 13: `a.b.c / d` and `a.*` in full."""
    names: list[str] = []
    for group in re.findall(r"`([^`]+)`", cell):
        words = [word.strip() for word in re.split(r"\s*/\s*", group)]
        names.append(words[0])
        names += [f"{words[0].rpartition('.')[0]}.{word}" for word in words[1:]]
    return names


def section_13() -> set[str]:
    """Every event that the table of section 13 names."""
    rows = [line for line in section("## 13.").splitlines() if line.startswith("| `")]
    found: set[str] = set()
    for row in rows:
        cell = row.split("|")[1]
        if "dispute.resolved" in cell:
            found |= {"order.dispute", "order.dispute.resolved", "order.chargeback"}
        elif "review_opened" in cell:
            found |= {"order.review_opened", "order.review_closed"}
        else:
            found |= set(spelled(cell))
    types = contract()["components"]["schemas"]["EventType"]["enum"]
    wild = {name for name in found if name.endswith("*")}
    for name in wild:
        found |= {each for each in types if each.startswith(name[:-1])}
    return found - wild


def test_every_event_of_section_13_happens() -> None:
    wanted = section_13()
    assert len(wanted) > 55
    assert wanted <= set(contract()["components"]["schemas"]["EventType"]["enum"])
    assert wanted - NOT_IN_TEST_MODE - set(lived()[1]) == set()
    assert not NOT_IN_TEST_MODE & set(lived()[1])


def test_every_event_carries_what_section_13_says() -> None:
    events = lived()[1]
    for kind, found in events.items():
        assert kind not in ENUMERATED_ONLY
        for event in found:
            assert event_errors(json.loads(encode(event))) == [], kind
            assert event["liveMode"] is False
            assert event["digitalriverVersion"] == "2021-12-13"


MOVES = {
    "order.accepted": "state", "order.cancelled": "state", "order.fulfilled": "state",
    "order.complete": "state", "order.dispute": "state", "order.dispute.resolved": "state",
    "order.review_closed": "fraudState", "order.charge.capturable": "state",
    "order.charge.complete": "state", "order.charge.processing": "state",
    "order.charge.failed": "state", "refund.complete": "state", "refund.failed": "state",
    "refund.pending_information": "state", "return.accepted": "state",
    "tax_identifier.verified": "state", "tax_identifier.not_valid": "state",
    "source.chargeable": "state", "checkout.updated": "email", "customer.updated": "email",
    "sku.updated": "updatedTime", "order.updated": "metadata", "refund.updated": "metadata",
    "return.updated": "metadata", "fileLink.updated": "expiresTime",
    "tax_identifier.updated": "customerId",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "field"), list(MOVES.items()))
def test_events_of_a_change_say_what_was_before(kind: str, field: str) -> None:
    told = [event["data"] for event in lived()[1][kind] if "previousAttributes" in event["data"]]
    changed = [data for data in told if field in data["previousAttributes"]]
    assert changed, kind
    for data in changed:
        assert data["previousAttributes"][field] != data["object"].get(field)


def test_first_events_have_nothing_before() -> None:
    for kind, found in lived()[1].items():
        if kind.endswith(".created"):
            assert not [event for event in found if "previousAttributes" in event["data"]], kind


def test_moves_of_an_order_are_those_of_section_8() -> None:
    assert set(NEXT) - {""} == set(contract()["components"]["schemas"]["OrderState"]["enum"])
    assert not NEXT["blocked"] | NEXT["cancelled"] | NEXT["returned"]
