"""What is the shop's alone: staff and their lock, claims, notes, decisions, texts, hand-over."""

from __future__ import annotations

from datetime import timedelta

from posapp.domain.legal_text import Disclosure, DisclosureText
from posapp.domain.review import Concern
from posapp.domain.staff import Role, Staff, StaffId
from posapp.domain.timeline import Note
from posapp.store.claims import Claim
from posapp.store.decisions import Decision
from posapp.store.engine import Database
from posapp.store.staff import LOCKED_FOR, TRIES
from posapp.store.transaction import Tx
from tests.helpers.builders import NOON, a_shop

CARLA = Staff(StaffId("carla"), "Carla", Role.CLERK)
ABE = Staff(StaffId("abe"), "Abe", Role.MANAGER)
GONE = Staff(StaffId("gus"), "Gus", Role.CLERK, active=False)


async def test_who_works_here_may_sign_in(database: Database) -> None:
    def work(tx: Tx) -> None:
        for person in (CARLA, ABE, GONE):
            tx.staff.save(person, f"hash of {person.id}")

    await database.write(work)
    assert await database.read(lambda tx: tx.staff.all_active()) == (ABE, CARLA)
    assert await database.read(lambda tx: tx.staff.everyone()) == (ABE, CARLA, GONE)
    assert await database.read(lambda tx: tx.staff.get("gus")) == GONE
    assert await database.read(lambda tx: tx.staff.get("nobody")) is None
    assert await database.read(lambda tx: tx.staff.pin_hash("carla")) == "hash of carla"
    assert await database.read(lambda tx: tx.staff.pin_hash("nobody")) == ""


async def test_a_new_role_leaves_the_pin_alone(database: Database) -> None:
    promoted = Staff(CARLA.id, "Carla", Role.MANAGER)
    await database.write(lambda tx: tx.staff.save(CARLA, "hash"))
    await database.write(lambda tx: tx.staff.save(promoted))
    assert await database.read(lambda tx: (tx.staff.get("carla"), tx.staff.pin_hash("carla"))) == (
        promoted,
        "hash",
    )
    await database.write(lambda tx: tx.staff.save(promoted, "new hash"))
    assert await database.read(lambda tx: tx.staff.pin_hash("carla")) == "new hash"


async def test_too_many_wrong_pins_lock_the_name_for_a_while(database: Database) -> None:
    await database.write(lambda tx: tx.staff.save(CARLA, "hash"))
    counted = [
        await database.write(lambda tx: tx.staff.fail("carla", NOON)) for _ in range(TRIES - 1)
    ]
    assert counted == [1, 2, 3, 4]
    assert await database.read(lambda tx: tx.staff.locked_until("carla")) is None
    assert await database.write(lambda tx: tx.staff.fail("carla", NOON)) == TRIES
    assert await database.read(lambda tx: tx.staff.locked_until("carla")) == NOON + LOCKED_FOR
    await database.write(lambda tx: tx.staff.reset("carla"))
    assert await database.read(
        lambda tx: (tx.staff.failures("carla"), tx.staff.locked_until("carla"))
    ) == (0, None)
    assert await database.write(lambda tx: tx.staff.fail("nobody", NOON)) == 0


async def test_one_person_works_on_an_order_at_a_time(database: Database) -> None:
    end = NOON + timedelta(minutes=10)

    async def take(holder: str, minutes: int, *, over: bool = False) -> bool:
        now = NOON + timedelta(minutes=minutes)
        until = now + timedelta(minutes=10)
        return await database.write(
            lambda tx: tx.claims.take("o", holder, "1", until, now, take_over=over)
        )

    assert await take("Finn", 0)
    assert await database.read(lambda tx: tx.claims.get("o")) == Claim("o", "Finn", "1", end)
    assert not await take("Carla", 9)
    assert await take("Finn", 9)  # prolonged
    assert not await take("Carla", 10)
    assert await take("Carla", 19)
    assert await take("Finn", 20, over=True)
    await database.write(lambda tx: tx.claims.release("o", "Carla"))  # not hers any more
    kept = await database.read(lambda tx: tx.claims.get("o"))
    assert kept is not None and kept.holder == "Finn"
    await database.write(lambda tx: tx.claims.release("o"))
    assert await database.read(lambda tx: tx.claims.get("o")) is None


async def test_notes_stay_in_the_order_they_were_written(database: Database) -> None:
    first = Note("o", "rings twice", "Finn", NOON)
    second = Note("o", "“quotes” & ünïcode", "Abe", NOON + timedelta(seconds=1))

    def work(tx: Tx) -> None:
        for note in (second, first, Note("other", "x", "y", NOON)):
            tx.notes.add(note)

    await database.write(work)
    assert await database.read(lambda tx: tx.notes.for_order("o")) == (first, second)


async def test_decisions_are_kept_with_their_reason(database: Database) -> None:
    await database.write(
        lambda tx: tx.decisions.add("o", Concern.BLOCKED, "closed", "buyer told", "Abe", NOON)
    )
    assert await database.read(lambda tx: tx.decisions.for_order("o")) == (
        Decision("o", Concern.BLOCKED, "closed", "buyer told", "Abe", NOON),
    )
    assert await database.read(lambda tx: tx.decisions.for_order("p")) == ()


async def test_the_shop_is_one_and_can_change(database: Database) -> None:
    assert await database.read(lambda tx: tx.shop.get()) is None
    await database.write(lambda tx: tx.shop.save(a_shop()))
    moved = a_shop(name="Harbour & Oak")
    await database.write(lambda tx: tx.shop.save(moved))
    assert await database.read(lambda tx: tx.shop.get()) == moved


async def test_legal_texts_are_kept_by_entity_language_and_country(database: Database) -> None:
    def texts(country: str, html: str) -> Disclosure:
        text = DisclosureText("resellerDisclosure", html, "https://example.com/terms")
        return Disclosure("DR_INC", "Digital River Inc.", "en", country, (text,))

    later = NOON + timedelta(days=1)
    await database.write(lambda tx: tx.disclosures.save(texts("US", "<b>old</b>"), NOON))
    await database.write(lambda tx: tx.disclosures.save(texts("US", "<b>new</b>"), later))
    await database.write(lambda tx: tx.disclosures.save(texts("CA", "<b>eh</b>"), NOON))
    assert await database.read(lambda tx: tx.disclosures.get("DR_INC", "en", "US")) == texts(
        "US", "<b>new</b>"
    )
    assert await database.read(lambda tx: tx.disclosures.fetched_at("DR_INC", "en", "US")) == later
    assert await database.read(lambda tx: tx.disclosures.get("DR_INC", "fr", "US")) is None


async def test_goods_that_wait_for_their_buyer_are_listed(database: Database) -> None:
    def work(tx: Tx) -> None:
        tx.handover.add("o-2", "s-2")
        tx.handover.add("o-1", "s-1")
        tx.handover.add("o-1", "s-1")
        tx.handover.remove("o-9")

    await database.write(work)
    assert await database.read(lambda tx: tx.handover.all()) == (("o-1", "s-1"), ("o-2", "s-2"))
    await database.write(lambda tx: tx.handover.remove("o-1"))
    assert await database.read(lambda tx: tx.handover.all()) == (("o-2", "s-2"),)
