"""Fills a sandbox's database with many orders and their events, copies of one real order.

python -m tests.bench._sandbox_fill FOLDER COUNT
"""

from __future__ import annotations

import random
import sys
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from posapp.sandbox.clock import wall_clock
from posapp.sandbox.seed import plant
from posapp.sandbox.server import DATABASE
from posapp.sandbox.storage import Storage
from posapp.sandbox.wire import decode, encode, micros
from posapp.sandbox.world import World

STEP = 5_000
SECOND = 1_000_000  # microseconds
STATES = ("accepted", "complete", "complete", "complete", "fulfilled", "cancelled")
CUSTOMERS = 50_000
EVENTS = {"order.created", "order.accepted", "order.complete"}  # what the store is asked for most


def fill(folder: Path, count: int) -> None:
    """Adds `count` orders, each with its charge and its own events."""
    folder.mkdir(parents=True, exist_ok=True)
    world = World(folder / DATABASE, clock=wall_clock, seed=1)
    plant(world)
    storage = world.core.storage
    order, charge, events = _models(storage)
    rng = random.Random(1)
    began = micros(world.now - timedelta(days=29))
    for first in range(0, count, STEP):
        with world.at_once():
            for number in range(first, min(first + STEP, count)):
                _copy(storage, rng, number, began + number * 2_000_000, order, charge, events)
    world.close()


def _models(storage: Storage) -> tuple[Any, Any, list[Any]]:
    """A complete order of the seed, its charge, its events."""
    row = storage.find("order", "state", "complete")[0]
    events = [
        event
        for event in storage.find("event", "orderId", row.id)
        if decode(event.wire)["type"] in EVENTS
    ]
    charge = decode(row.wire)["payment"]["charges"][0]["id"]
    return row, storage.get("charge", charge), events


def _copy(
    storage: Storage, rng: random.Random, number: int, at: int, order: Any, charge: Any,
    events: list[Any],
) -> None:  # fmt: skip
    old, new = order.id.encode(), str(410_000_000_000 + number).encode()
    charge_id = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    state = rng.choice(STATES)
    session = str(uuid.UUID(int=rng.getrandbits(128), version=4))

    def moved(data: bytes) -> bytes:
        swapped = data.replace(old, new).replace(charge.id.encode(), charge_id.encode())
        return swapped.replace(b'"state":"complete","stateTransitions"',
                               b'"state":"%b","stateTransitions"' % state.encode())  # fmt: skip

    total = rng.randrange(100, 50_000) * 100
    columns = {
        "createdTime": at, "updatedTime": at + 60 * SECOND, "state": state, "fraudState": "passed",
        "totalAmount": total, "customerId": f"cust-{rng.randrange(CUSTOMERS)}",
        "checkoutId": session, "upstreamId": session, "session": session,
        "currency": rng.choices(("USD", "EUR", "JPY"), (90, 9, 1))[0], "locale": "en_US",
        "chargeType": rng.choices(("customer_initiated", "moto"), (97, 3))[0],
        "customerType": "individual", "refundedAmount": 0, "browserIp": "192.0.2.10",
        "email": f"buyer{rng.randrange(CUSTOMERS)}@example.com", "skuId": ["MUG-WHT"],
        "accepted": at + SECOND, "fraudStateTransitions.passed": at + SECOND,
        state: at + (SECOND if state == "accepted" else 60 * SECOND),
    }  # fmt: skip
    storage.put("order", new.decode(), moved(order.wire), moved(order.state), columns)
    storage.put(
        "charge", charge_id, moved(charge.wire), moved(charge.state), {"orderId": new.decode()}
    )
    for n, event in enumerate(events):
        wire = decode(event.wire)
        id_ = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        body = moved(event.wire).replace(event.id.encode(), id_.encode())
        columns = {"createdTime": at + n, "visible": at + n, "type": wire["type"]}
        storage.put("event", id_, body, encode({}), columns | {"orderId": new.decode()})


if __name__ == "__main__":
    begun = time.perf_counter()
    fill(Path(sys.argv[1]), int(sys.argv[2]))
    size = (Path(sys.argv[1]) / DATABASE).stat().st_size / 1e9
    sys.stdout.write(f"{sys.argv[2]} orders, {size:.2f} GB, {time.perf_counter() - begun:.0f} s\n")
