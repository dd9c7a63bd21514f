"""Careless tills, broken programs and a bad line leave the pretend service's books in order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posapp.sandbox.director import EventTricks
from posapp.sandbox.wire import decode, encode
from tests.unit.sandbox import havoc
from tests.unit.sandbox.audit import Audit
from tests.unit.sandbox.fuzz import run
from tests.unit.sandbox.shop import Shop

Json = dict[str, Any]


@pytest.mark.parametrize("seed", [1, 2])
def test_random_calls_leave_the_books_in_order(seed: int) -> None:
    tills, broken = run(1500, seed)
    assert broken == []
    assert {200, 201, 400, 409} <= set(tills.statuses)


@pytest.mark.parametrize("seed", [3, 4])
def test_havoc_leaves_the_books_in_order(seed: int) -> None:
    """The short form of `bench sandbox_fuzz`, which sends 100,000."""
    tills = havoc.run(3000, seed)
    assert tills.wrong == []
    assert {200, 201, 204, 400, 401, 403, 404, 405, 406, 409} <= set(tills.statuses)
    assert {500, 502, 503, 504} & set(tills.statuses)
    assert tills.audited > 100


def test_havoc_and_restarts_leave_the_books_in_order(tmp_path: Path) -> None:
    tills = havoc.run(1500, 5, tmp_path / "world.sqlite3")
    assert tills.wrong == []
    assert tills.audited > 50
    tills.world.close()


# -- the auditor is no rubber stamp -------------------------------------------------------------


def lost_event(shop: Shop) -> None:
    shop.world.director.events = EventTricks(lose=1)
    shop.world.director.next("in_review", seconds=None)
    shop.order()


def doubled_event(shop: Shop) -> None:
    order = shop.complete()
    shop.world.emit("order.complete", order, order["id"], 1)


def tampered(*path: str, by: int = 1) -> Callable[[Shop], None]:
    """An order whose stored form says something else in one place."""

    def act(shop: Shop) -> None:
        order = shop.complete()
        body = {"orderId": order["id"], "currency": "USD", "percent": 10}
        shop.good("POST", "/refunds", body)
        shop.turn(10)
        storage = shop.world.core.storage
        row = storage.get("order", order["id"])
        assert row is not None
        wire: Json = decode(row.wire)
        place: Any = wire
        for name in path[:-1]:
            place = place[int(name) if name.isdigit() else name]
        place[path[-1]] += by
        with shop.world.at_once():
            storage.put("order", order["id"], encode(wire), row.state, {})

    return act


CHARGE = ("payment", "charges", "0")


@pytest.mark.parametrize(
    ("mischief", "said"),
    [
        (lost_event, "order.created was told 0 times instead of 1"),
        (doubled_event, "order.complete was told 2 times instead of 1"),
        (tampered("totalTax"), "totalTax"),
        (tampered("totalAmount"), "subtotal and tax are not the total"),
        (tampered("capturedAmount"), "capturedAmount"),
        (tampered("availableToRefundAmount"), "more can be refunded than was captured"),
        (tampered("availableToRefundAmount", by=-1), "availableToRefundAmount"),
        (tampered("refundedAmount"), "refundedAmount"),
        (tampered(*CHARGE, "amount", by=-1), "beyond its authorisation"),
        (tampered(*CHARGE, "captures", "0", "amount"), "beyond its authorisation"),
        (tampered(*CHARGE, "refunds", "0", "amount", by=500), "pays back more than it took"),
        (tampered("items", "0", "quantity"), "is open in an order that is complete"),
        (tampered("items", "0", "quantity", by=-1), "2 of 1 units gone"),
        (tampered("totalFees"), "totalFees is not the sum of the lines"),
    ],
)
def test_the_auditor_sees(mischief: Callable[[Shop], None], said: str) -> None:
    shop = Shop()
    mischief(shop)
    found = Audit(shop.world).broken()
    assert any(said in sentence for sentence in found), found


def test_the_auditor_is_content_with_sound_books(shop: Shop) -> None:
    for _ in range(3):
        shop.complete()
    audit = Audit(shop.world)
    assert (audit.broken(), audit.seen) == ([], 3)
