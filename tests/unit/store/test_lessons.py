"""Best runs of lessons: a person's own, the better one kept, every passed run counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from posapp.domain.lesson import Best, Score
from posapp.store.claims import Claim
from posapp.store.engine import Database

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FAIR = Score(40.5, 12, 1)
BETTER = Score(55.0, 20, 0)
WORSE = Score(90.0, 8, 2)


async def test_the_better_run_stays_and_every_run_counts(database: Database) -> None:
    first = await database.write(lambda tx: tx.lessons.keep("cleo", "declined", FAIR, AT))
    second = await database.write(lambda tx: tx.lessons.keep("cleo", "declined", BETTER, AT))
    third = await database.write(lambda tx: tx.lessons.keep("cleo", "declined", WORSE, AT))

    assert (first, second, third) == (None, Best(FAIR, 1), Best(BETTER, 2))
    assert await database.read(lambda tx: tx.lessons.of("cleo")) == {"declined": Best(BETTER, 3)}


async def test_each_person_has_runs_of_their_own(database: Database) -> None:
    await database.write(lambda tx: tx.lessons.keep("cleo", "declined", FAIR, AT))
    await database.write(lambda tx: tx.lessons.keep("mara", "blocked", WORSE, AT))

    assert await database.read(lambda tx: tx.lessons.of("mara")) == {"blocked": Best(WORSE, 1)}
    assert await database.read(lambda tx: tx.lessons.of("finn")) == {}


async def test_what_somebody_has_in_hand_is_told_and_nobody_elses(database: Database) -> None:
    until = AT + timedelta(minutes=10)
    await database.write(lambda tx: tx.claims.take("7", "Finn", "1", until, AT))
    await database.write(lambda tx: tx.claims.take("8", "Mara", "1", until, AT))

    assert await database.read(lambda tx: tx.claims.of("Finn")) == (Claim("7", "Finn", "1", until),)
    await database.write(lambda tx: tx.claims.release("7"))
    assert await database.read(lambda tx: tx.claims.of("Finn")) == ()
