"""A program that dies while it writes: what was acknowledged is there, the rest is not, in part
or whole.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from posapp.domain.changes import Changes
from posapp.store.store import Identity, Store

# Writes sales of three parts each as fast as it can and says each number once it is committed.
_TILL = """
import asyncio, sys
from pathlib import Path
from posapp.domain.changes import Changes
from posapp.domain.sale import SaleId
from posapp.store.store import Identity, Store
from posapp.domain.intent import IntentId
from tests.helpers.builders import NOON, a_sale, an_intent, an_order

async def sell():
    store = await Store.open(Path(sys.argv[1]), changes=Changes(), identity=Identity("test"))
    while True:
        def work(tx):
            number = tx.sales.next_number()
            sale = a_sale(id=SaleId(f"s-{number}"), number=number, order_id=f"o-{number}")
            tx.sales.save(sale, till="1")
            tx.intents.save(an_intent(id=IntentId(f"i-{number}"), sale_id=sale.id,
                                      resource=f"checkout:{number}"))
            tx.orders.save(an_order(f"o-{number}", checkout_id=f"c-{number}"), NOON)
            return number
        print(await store.journal.write(work), flush=True)

asyncio.run(sell())
"""


@pytest.mark.parametrize("acknowledged", [1, 40, 113])
def test_no_acknowledged_sale_is_lost_and_none_is_half_there(
    tmp_path: Path, acknowledged: int
) -> None:
    path = tmp_path / "store.sqlite3"
    with subprocess.Popen(
        [sys.executable, "-c", _TILL, str(path)], stdout=subprocess.PIPE, text=True
    ) as till:
        assert till.stdout is not None
        said = [int(till.stdout.readline()) for _ in range(acknowledged)]
        till.kill()
        said += [int(line) for line in till.stdout.read().split("\n") if line.strip()]

    async def look() -> tuple[list[int], list[str], list[bool], str]:
        store = await Store.open(path, changes=Changes(), identity=Identity("test"))
        sales = await store.journal.read(lambda tx: tx.sales.recent(10_000))
        orders = await store.journal.read(
            lambda tx: [order for sale in sales if (order := tx.orders.row(sale.order_id))]
        )
        whole = await store.journal.read(
            lambda tx: [len(tx.intents.for_sale(sale.id)) == 1 for sale in sales]
        )
        sound = await store.journal.read(
            lambda tx: tx.connection.execute(text("PRAGMA integrity_check")).scalar_one()
        )
        await store.close()
        return (
            sorted(sale.number for sale in sales),
            [order.order_id for order in orders],
            whole,
            str(sound),
        )

    numbers, orders, whole, sound = asyncio.run(look())
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(said) <= set(numbers)
    assert len(orders) == len(numbers) and all(whole)
    assert sound == "ok"
