"""Signing in: the right PIN opens the till, wrong ones lock a name for a while."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.customer import FieldProblem
from posapp.domain.errors import (
    BadField,
    LastAdmin,
    LockedOut,
    NotAllowed,
    NotSignedIn,
    WrongPin,
)
from posapp.domain.staff import Permission, Role, Staff, StaffId
from posapp.usecases.staff import TRIES
from tests.helpers.shop import Shop
from tests.unit.usecases.conftest import OpenShop

CLEO, ADA, NELL = StaffId("cleo"), StaffId("ada"), StaffId("nell")


async def person(shop: Shop, staff_id: StaffId) -> Staff:
    """Look somebody up in the list."""
    return next(one for one in await shop.desks.staff.everyone() if one.id == staff_id)


async def audited(shop: Shop) -> list[tuple[str, str, str]]:
    """What was written down, newest first: what, who, and about whom."""
    entries = await shop.session.store.shared.read(lambda tx: tx.audit.entries())
    return [(entry.kind, entry.who, (entry.facts or {}).get("staff", "")) for entry in entries]


async def test_the_right_pin_lets_somebody_in_and_signing_out_leaves_nobody(
    shop_at: OpenShop,
) -> None:
    async with shop_at() as shop:
        desks = shop.desks
        with pytest.raises(NotSignedIn):
            desks.present.require(Permission.SELL)
        names = [staff.id for staff in await desks.staff.names()]
        assert set(names) == {"cleo", "finn", "mara", "ada"}
        staff = await desks.staff.sign_in(CLEO, "1111")
        assert desks.present.require(Permission.SELL) == staff
        with pytest.raises(NotAllowed):
            desks.present.require(Permission.DECIDE)
        desks.staff.sign_out()
        assert desks.present.staff is None


async def test_wrong_pins_lock_the_name_and_time_opens_it_again(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        for left in range(TRIES - 1, 0, -1):
            with pytest.raises(WrongPin) as wrong:
                await shop.desks.staff.sign_in(CLEO, "9999")
            assert wrong.value.tries_left == left
        with pytest.raises(LockedOut):
            await shop.desks.staff.sign_in(CLEO, "9999")
        with pytest.raises(LockedOut) as locked:
            await shop.desks.staff.sign_in(CLEO, "1111")
        assert locked.value.until > shop.clock.now()
        await shop.desks.staff.sign_in(StaffId("mara"), "3333")
        shop.clock.turn(301)
        assert (await shop.desks.staff.sign_in(CLEO, "1111")).id == CLEO


async def test_the_right_pin_forgives_the_wrong_ones_before_it(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        with pytest.raises(WrongPin):
            await shop.desks.staff.sign_in(CLEO, "9999")
        await shop.desks.staff.sign_in(CLEO, "1111")
        with pytest.raises(WrongPin) as wrong:
            await shop.desks.staff.sign_in(CLEO, "9999")
        assert wrong.value.tries_left == TRIES - 1


async def test_a_name_nobody_has_is_a_wrong_pin_not_a_fault(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        with pytest.raises(WrongPin):
            await shop.desks.staff.sign_in(StaffId("nobody"), "1111")
        assert shop.desks.present.staff is None


async def test_somebody_taken_on_can_sign_in(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in("ada")
        await shop.desks.staff.add("Nell New", Role.CLERK, "5555", StaffId("nell"))
        assert (await shop.desks.staff.sign_in(StaffId("nell"), "5555")).name == "Nell New"


async def test_a_name_is_trimmed_and_stands_once_in_the_list(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in("ada")
        desk = shop.desks.staff
        assert (await desk.add("  Nell   New ", Role.CLERK, "5555", NELL)).name == "Nell New"
        with pytest.raises(BadField) as taken:
            await desk.add("nell new", Role.CLERK, "6666", StaffId("nell2"))
        assert (taken.value.field, taken.value.problem) == ("staff_name", FieldProblem.TAKEN)
        cleo = await person(shop, CLEO)
        with pytest.raises(BadField) as renamed:
            await desk.change(replace(cleo, name=" NELL new"))
        assert renamed.value.problem == FieldProblem.TAKEN
        with pytest.raises(BadField) as missing:
            await desk.change(replace(cleo, name=" "))
        assert missing.value.problem == FieldProblem.MISSING
        await desk.change(cleo)  # her own name is not taken
        assert [one.name for one in await desk.everyone()].count("Nell New") == 1


@pytest.mark.parametrize("pin", ["", "123", "12345", "12a4", "١٢٣٤", " 123"])
async def test_a_pin_is_four_digits(shop_at: OpenShop, pin: str) -> None:
    async with shop_at() as shop:
        shop.sign_in("ada")
        with pytest.raises(BadField) as refused:
            await shop.desks.staff.add("Nell New", Role.CLERK, pin, NELL)
        assert (refused.value.field, refused.value.problem) == ("pin", FieldProblem.BAD_PIN)
        assert NELL not in {one.id for one in await shop.desks.staff.everyone()}


async def test_a_new_pin_opens_a_locked_name(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        for _ in range(TRIES):
            with pytest.raises((WrongPin, LockedOut)):
                await shop.desks.staff.sign_in(CLEO, "9999")
        shop.sign_in("ada")
        await shop.desks.staff.change(await person(shop, CLEO), "7777")
        assert (await shop.desks.staff.sign_in(CLEO, "7777")).id == CLEO
        with pytest.raises(WrongPin):
            await shop.desks.staff.sign_in(CLEO, "1111")


async def test_without_a_new_pin_the_old_one_stays(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in("ada")
        await shop.desks.staff.change(replace(await person(shop, CLEO), role=Role.MANAGER))
        cleo = await shop.desks.staff.sign_in(CLEO, "1111")
        assert cleo.role is Role.MANAGER
        assert shop.desks.present.require(Permission.DECIDE) == cleo


async def test_somebody_must_stay_administrator(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in("ada")
        desk, ada = shop.desks.staff, await person(shop, ADA)
        for wish in (replace(ada, role=Role.MANAGER), replace(ada, active=False)):
            with pytest.raises(LastAdmin):
                await desk.change(wish)
        assert await person(shop, ADA) == ada
        await desk.change(replace(await person(shop, CLEO), role=Role.ADMIN))
        await desk.change(replace(ada, role=Role.MANAGER))
        with pytest.raises(NotAllowed):  # her own new role counts at once
            await desk.everyone()


async def test_an_administrator_who_left_is_none(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in("ada")
        cleo = replace(await person(shop, CLEO), role=Role.ADMIN, active=False)
        await shop.desks.staff.change(cleo)
        with pytest.raises(LastAdmin):
            await shop.desks.staff.change(replace(await person(shop, ADA), role=Role.CLERK))


async def test_who_left_neither_signs_in_nor_stands_at_the_sign_in(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in("ada")
        await shop.desks.staff.change(replace(await person(shop, CLEO), active=False))
        assert CLEO not in {one.id for one in await shop.desks.staff.names()}
        assert CLEO in {one.id for one in await shop.desks.staff.everyone()}
        with pytest.raises(WrongPin):  # from a sign-in screen painted before
            await shop.desks.staff.sign_in(CLEO, "1111")


async def test_who_says_to_have_left_is_out_at_once(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in("ada")
        await shop.desks.staff.change(replace(await person(shop, CLEO), role=Role.ADMIN))
        await shop.desks.staff.change(replace(await person(shop, ADA), active=False))
        assert shop.desks.present.staff is None


@pytest.mark.parametrize("who", ["cleo", "finn", "mara"])
async def test_only_an_administrator_changes_the_list(shop_at: OpenShop, who: str) -> None:
    async with shop_at() as shop:
        shop.sign_in("ada")
        cleo = await person(shop, CLEO)
        shop.sign_in(who)
        with pytest.raises(NotAllowed):
            await shop.desks.staff.everyone()
        with pytest.raises(NotAllowed):
            await shop.desks.staff.add("Nell New", Role.ADMIN, "5555", NELL)
        with pytest.raises(NotAllowed):
            await shop.desks.staff.change(replace(cleo, role=Role.ADMIN), "5555")
        assert await audited(shop) == []


async def test_every_change_is_written_down_without_a_pin(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in("ada")
        await shop.desks.staff.add("Nell New", Role.CLERK, "5678", NELL)
        await shop.desks.staff.change(await person(shop, NELL), "8765")
        assert await audited(shop) == [
            ("staff changed", "ada", "nell"),
            ("staff added", "ada", "nell"),
        ]
        entries = await shop.session.store.shared.read(lambda tx: tx.audit.entries())
        assert not [pin for pin in ("5678", "8765") if pin in repr(entries)]
        hashed = await shop.session.store.shared.read(lambda tx: tx.staff.pin_hash(NELL))
        assert hashed.startswith("$argon2id$")
