"""Signing in: the right PIN opens the till, wrong ones lock a name for a while."""

from __future__ import annotations

import pytest

from posapp.domain.errors import LockedOut, NotAllowed, NotSignedIn, WrongPin
from posapp.domain.staff import Permission, Role, StaffId
from posapp.usecases.staff import TRIES
from tests.unit.usecases.conftest import OpenShop

CLEO = StaffId("cleo")


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
