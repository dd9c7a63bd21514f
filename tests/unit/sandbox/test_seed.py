"""The training shop as a fresh sandbox has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posapp.sandbox.seed import plant
from posapp.sandbox.tables import table
from posapp.sandbox.wire import stamp
from posapp.sandbox.world import World
from tests.unit.sandbox.shop import Shop

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[Shop]:
    """A seeded world on disk."""
    shop = Shop()
    shop.world = World(tmp_path / "w.sqlite3", clock=lambda: NOW, seed=3)
    plant(shop.world)
    yield shop
    assert shop.world.check() == []
    shop.world.close()


def test_catalogue_is_known_to_the_service(seeded: Shop) -> None:
    assert seeded.world.core.storage.count("sku") == len(table("seed")["sku"]) >= 43
    for sku in table("seed")["sku"]:
        assert seeded.good("GET", f"/skus/{sku['id']}")["physical"] is sku["physical"]


def test_day_of_orders_in_mixed_states(seeded: Shop) -> None:
    orders = seeded.good("GET", "/orders", limit="100")["data"]
    states = Counter(order["state"] for order in orders)
    assert set(states) == {
        "accepted", "complete", "in_review", "pending_payment", "blocked", "cancelled", "returned",
        "fulfilled",
    }  # fmt: skip
    assert states["accepted"] >= 8
    assert len(orders) == len(table("seed")["day"])
    times = [order["createdTime"] for order in orders]
    assert times == sorted(times, reverse=True)
    assert times[-1] >= "2026-11-24T08:00:00Z"
    assert times[0] < stamp(NOW)


def test_events_of_the_day_lie_in_the_past(seeded: Shop) -> None:
    events = seeded.events()
    assert events[-1]["createdTime"] <= stamp(NOW)
    assert len(events) > 200


def test_seeding_twice_changes_nothing(seeded: Shop) -> None:
    before = seeded.world.core.storage.count("event")
    plant(seeded.world)
    assert seeded.world.core.storage.count("event") == before


def test_same_seed_same_shop() -> None:
    ids = []
    for _ in range(2):
        shop = Shop()
        shop.world = World(clock=lambda: NOW, seed=9)
        plant(shop.world)
        ids.append([order["id"] for order in shop.good("GET", "/orders")["data"]])
    assert ids[0] == ids[1]
