"""The audit chain: a changed, missing or cut-off link shows; erased facts do not break it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from posapp.store.audit import Broken
from posapp.store.engine import Database
from posapp.store.transaction import Tx
from tests.helpers.builders import NOON
from tests.unit.store.conftest import TILL


async def write_three(database: Database) -> None:
    def work(tx: Tx) -> None:
        for number in range(3):
            tx.audit.append("take over", "carla", NOON, {"order": f"o-{number}", "from": "Finn"})
        tx.audit.append("sign in", "abe", NOON, {}, till="Till 2")

    await database.write(work)


async def test_an_untouched_chain_is_whole(database: Database) -> None:
    assert await database.read(lambda tx: tx.audit.verify())
    await write_three(database)
    assert await database.read(lambda tx: tx.audit.verify())
    newest = (await database.read(lambda tx: tx.audit.entries()))[0]
    assert (newest.till, newest.seq, newest.facts) == (TILL, 3, {"order": "o-2", "from": "Finn"})


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE audit SET who = 'nobody' WHERE seq = 2", 2),
        ("UPDATE audit SET kind = 'sign in' WHERE seq = 1 AND till = 'Till 1'", 1),
        ("UPDATE audit SET at = at + 1 WHERE seq = 3", 3),
        ("UPDATE audit_facts SET doc = '{}' WHERE seq = 2", 2),
        ("UPDATE audit_facts SET salt = '00' WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE till = 'Till 1'", 1),
        ("DELETE FROM audit_heads WHERE till = 'Till 1'", 3),
    ],
)
async def test_tampering_shows(database: Database, tampering: str, broken: int) -> None:
    await write_three(database)
    await database.write(lambda tx: tx.connection.execute(text(tampering)))
    assert not await database.read(lambda tx: tx.audit.verify())
    assert await database.read(lambda tx: tx.audit.first_broken()) == Broken(TILL, broken)


async def test_facts_can_be_erased_and_the_chain_still_holds(database: Database) -> None:
    await write_three(database)
    await database.write(lambda tx: tx.audit.erase(TILL, 2))
    assert await database.read(lambda tx: tx.audit.verify())
    erased = next(
        entry
        for entry in await database.read(lambda tx: tx.audit.entries())
        if (entry.till, entry.seq) == (TILL, 2)
    )
    assert erased.facts is None and erased.who == "carla"


async def test_the_chain_itself_holds_no_words_of_the_facts(database: Database) -> None:
    await write_three(database)
    chain = await database.read(
        lambda tx: str(tx.connection.execute(text("SELECT * FROM audit")).all())
    )
    assert "carla" in chain and "Finn" not in chain and "o-1" not in chain
