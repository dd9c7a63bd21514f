"""The sign-in: however many work here, everybody is chosen by keys, by letters and by mouse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from posapp.domain.staff import Role, Staff, StaffId
from posapp.ui.kit.run import Runner
from posapp.ui.settings.sign_in import SignIn
from posapp.usecases.staff import StaffDesk
from tests.drivers.settings import SignInDriver
from tests.helpers.running import real_runner
from tests.helpers.shop import Shop, open_shop
from tests.helpers.waiting import emitted, shown, until

FIRST = "Abel Bea Carl Dora Emil Fay Gus Hedy Ivo Jana Karl Lena Mila Nils Olga Paul Rosa".split()
PIN = "4321"


class Counter:
    """The sign-in of a shop where many work."""

    def __init__(self, shop: Shop, sign_in: SignIn, run: Runner) -> None:
        self.shop = shop
        self.sign_in = sign_in
        self.at = SignInDriver(sign_in)
        self.run = run

    @property
    def desk(self) -> StaffDesk:
        return self.shop.desks.staff

    async def open(self) -> None:
        """Offer everybody."""
        self.sign_in.open(self.desk, await self.desk.names(), shop_name="Harbour & Pine")


@asynccontextmanager
async def counter(folder: Path, people: int) -> AsyncIterator[Counter]:
    async with open_shop(folder) as shop:
        shop.sign_in("ada")
        for at, name in enumerate(FIRST[:people]):
            await shop.desks.staff.add(f"{name} Example", Role.CLERK, PIN, StaffId(f"p{at}"))
        shop.desks.staff.sign_out()
        run, errors = real_runner(asyncio.get_running_loop())
        sign_in = SignIn(run)
        sign_in.resize(1280, 800)
        made = Counter(shop, sign_in, run)
        await shown(sign_in)
        await made.at.come_forward()
        yield made
        run.cancel_all()
        sign_in.close()
        sign_in.deleteLater()
        assert errors == []


async def sit(made: Counter) -> Staff:
    """Type the PIN of whoever is chosen and return who came in."""
    came = emitted(made.sign_in.signed_in)
    QTest.keyClicks(made.sign_in, PIN)
    (staff,) = await came
    assert isinstance(staff, Staff)
    return staff


@pytest.mark.usefixtures("loop")
async def test_everybody_of_many_is_reached_by_arrows_and_seen_when_chosen(tmp_path: Path) -> None:
    async with counter(tmp_path, len(FIRST)) as made:
        await made.open()
        for name in made.at.names:
            made.at.choose(name)
            await until(lambda name=name: made.at.can_see(name), what=f"{name} to be seen")  # type: ignore[misc]
        assert len(made.at.names) == len(FIRST) + 4
        made.at.choose("Rosa Example")
        assert (await sit(made)).name == "Rosa Example"


@pytest.mark.usefixtures("loop")
async def test_a_letter_chooses_the_next_name_that_begins_with_it(tmp_path: Path) -> None:
    async with counter(tmp_path, len(FIRST)) as made:
        await made.open()
        made.at.keys("o")
        assert made.at.chosen == "Olga Example"
        await until(lambda: made.at.can_see("Olga Example"), what="Olga to be seen")
        names = [name for name in made.at.names if name.startswith("C")]
        for name in (*names, names[0]):
            made.at.keys("C")
            assert made.at.chosen == name
        made.at.keys("x")
        assert made.at.chosen == names[0]
        assert (await sit_as(made, "Olga Example", "O")).name == "Olga Example"


async def sit_as(made: Counter, name: str, letter: str) -> Staff:
    made.at.keys(letter)
    assert made.at.chosen == name
    return await sit(made)


@pytest.mark.usefixtures("loop")
async def test_the_mouse_scrolls_and_chooses(tmp_path: Path) -> None:
    async with counter(tmp_path, len(FIRST)) as made:
        await made.open()
        last = made.at.names[-1]
        await until(lambda: made.at.can_see(made.at.names[0]), what="the first names")
        assert not made.at.can_see(last)
        bar = made.sign_in.people_area.verticalScrollBar()
        assert bar.maximum() > 0
        bar.setValue(bar.maximum())
        await until(lambda: made.at.can_see(last), what="the last name")
        made.at.click(last)
        assert made.at.chosen == last


@pytest.mark.usefixtures("loop")
async def test_a_few_people_need_no_scrolling(tmp_path: Path) -> None:
    async with counter(tmp_path, 2) as made:
        await made.open()
        await until(lambda: all(made.at.can_see(name) for name in made.at.names), what="all names")
        assert made.sign_in.people_area.verticalScrollBar().maximum() == 0


@pytest.mark.usefixtures("loop")
async def test_who_was_taken_on_meanwhile_is_offered_and_who_left_is_not(tmp_path: Path) -> None:
    async with counter(tmp_path, 3) as made:
        await made.open()
        made.at.choose("Bea Example")
        made.shop.sign_in("ada")
        await made.desk.add("Aaron Newcome", Role.CLERK, PIN, StaffId("new"))
        await made.desk.change(Staff(StaffId("p0"), "Abel Example", Role.CLERK, active=False))
        made.desk.sign_out()
        made.sign_in.lock()
        await until(lambda: "Aaron Newcome" in made.at.names, what="the names to be read again")
        assert "Abel Example" not in made.at.names
        assert made.at.chosen == "Bea Example"
        made.at.choose("Aaron Newcome")
        assert (await sit(made)).id == "new"


@pytest.mark.usefixtures("loop")
async def test_a_pin_typed_before_the_shop_is_open_is_tried_when_it_is(tmp_path: Path) -> None:
    async with counter(tmp_path, 1) as made:
        made.at.keys(PIN)
        made.sign_in.close_shop("Opening the shop …")  # the door's first step
        came = emitted(made.sign_in.signed_in)
        people = tuple(one for one in await made.desk.names() if one.id == "p0")
        made.sign_in.open(made.desk, people, shop_name="Harbour & Pine")
        (staff,) = await came
        assert staff.id == "p0"


@pytest.mark.usefixtures("loop")
async def test_a_pin_typed_for_a_shop_that_closes_lets_nobody_into_the_next(tmp_path: Path) -> None:
    async with counter(tmp_path, 1) as made:
        await made.open()
        came = emitted(made.sign_in.signed_in)
        made.at.choose("Abel Example")
        made.at.keys(PIN)  # being checked …
        made.sign_in.close_shop("Opening the shop …")  # … when the shop closes
        await until(lambda: made.run.is_idle, what="the check to end")
        assert (made.at.message, made.at.names) == ("Opening the shop …", [])
        await made.open()
        assert not came.is_heard
        assert made.sign_in.pin_dots.accessibleName() == "PIN, 0 of 4 digits"
