"""A shop of one's own: four questions, and nothing kept before the last answer."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.config.clock import SystemClock
from posapp.config.paths import store_file
from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField, SetOutside
from posapp.domain.shop import Mode
from posapp.domain.staff import Role
from posapp.gateway.errors import Unauthorised
from posapp.sandbox.clock import wall_clock
from posapp.sandbox.server import Running, running
from posapp.sandbox.world import World
from posapp.usecases.first_start import Administrator, FirstStartDesk
from posapp.usecases.seeding import seed_if_empty
from posapp.usecases.trial import Keys, Trial
from tests.helpers.builders import a_shop
from tests.helpers.stores import a_store
from tests.helpers.till import PUBLIC, SECRET, keys_to, no_keyring, till_file

__all__ = ["no_keyring"]

pytestmark = pytest.mark.usefixtures("no_keyring")

OLGA = Administrator("  Olga Owner ", "2468", "2468")
KEYS = Keys(SECRET, PUBLIC, "http://127.0.0.1:9", "http://127.0.0.1:9/v1")


@asynccontextmanager
async def service() -> AsyncIterator[Running]:
    world = World(clock=wall_clock, seed=7)
    async with running(world) as sandbox:
        yield sandbox
    world.close()


def desk_at(folder: Path, environ: dict[str, str] | None = None) -> FirstStartDesk:
    return FirstStartDesk(
        till_file(folder, environ), Trial(SystemClock(), random.Random(1)), folder / "data"
    )


def kept_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def moved(file: Path, to: Path) -> None:
    file.rename(to)


async def test_the_answers_make_a_shop_and_its_administrator(tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    seed = await desk.finish(KEYS, "", a_shop(till="Front"), OLGA)
    assert seed is not None
    ((admin, pin),) = seed.staff
    assert (admin.name, admin.role, pin) == ("Olga Owner", Role.ADMIN, "2468")
    assert seed.products == ()
    told = (await desk_at(tmp_path).state()).in_force
    assert (told.training, told.till, told.public_key) == (False, "Front", PUBLIC)
    assert await desk_at(tmp_path).till.secret() == SECRET


async def test_what_is_handed_to_the_opening_shows_no_pin(tmp_path: Path) -> None:
    seed = await desk_at(tmp_path).finish(KEYS, "", a_shop(), OLGA)
    assert "2468" not in f"{seed} {seed!r}"


async def test_the_seed_fills_an_empty_store_and_never_another(tmp_path: Path) -> None:
    seed = await desk_at(tmp_path).finish(KEYS, "", a_shop(), OLGA)
    assert seed is not None
    store = await a_store(tmp_path)
    assert await seed_if_empty(store, seed)
    other = replace(seed, shop=a_shop(name="Another"))
    assert not await seed_if_empty(store, other)
    held = await store.shared.read(lambda tx: tx.shop.get())
    assert held is not None
    assert held.name == a_shop().name
    await store.close()


async def test_who_joins_a_shop_brings_neither_shop_nor_people(tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    assert await desk.finish(KEYS, "postgresql://host/shop ", None, None) is None
    told = (await desk_at(tmp_path).state()).in_force
    assert (told.database_url, told.till) == ("postgresql://host/shop", "Till 1")


async def test_a_shop_this_computer_holds_already_is_found_by_the_mode_of_the_keys(
    tmp_path: Path,
) -> None:
    desk = desk_at(tmp_path)
    assert await desk.shop_here(KEYS) is None
    store = await a_store(tmp_path / "data")
    kept_at = store_file(tmp_path / "data", "test")
    await store.shared.write(lambda tx: tx.shop.save(a_shop(name="Hafen & Kiefer")))
    await store.close()
    moved(tmp_path / "data" / "posapp.sqlite", kept_at)
    found = await desk.shop_here(KEYS)
    assert found is not None
    assert found.name == "Hafen & Kiefer"
    assert await desk.shop_here(replace(KEYS, secret="sk_live_1")) is None


async def test_trying_keeps_nothing(tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    async with service() as sandbox:
        assert (await desk.try_keys(keys_to(sandbox))).mode is Mode.TEST
        with pytest.raises(Unauthorised):
            await desk.try_keys(keys_to(sandbox, secret="sk_test_nobody"))
    assert kept_in(tmp_path) == []


async def test_an_empty_key_means_the_one_held(tmp_path: Path) -> None:
    async with service() as sandbox:
        environ = {
            "POSAPP_API_KEY": SECRET,
            "POSAPP_API_URL": sandbox.url,
            "POSAPP_JS_URL": sandbox.js_url,
        }
        desk = desk_at(tmp_path, environ)
        assert (await desk.try_keys(keys_to(sandbox, secret=""))).mode is Mode.TEST
    with pytest.raises(BadField) as missing:
        await desk_at(tmp_path).try_keys(replace(KEYS, secret=" "))
    assert (missing.value.field, missing.value.problem) == ("secret_key", FieldProblem.MISSING)


async def test_the_key_held_never_goes_to_an_address_somebody_typed(tmp_path: Path) -> None:
    await desk_at(tmp_path).finish(KEYS, "", a_shop(), OLGA)
    desk = desk_at(tmp_path)
    seen: list[Keys] = []
    desk.trial.connect = seen.append  # type: ignore[assignment]
    for typed in (
        replace(KEYS, secret="", api_url="https://collects.example"),
        replace(KEYS, secret="", js_url="https://collects.example/v1"),
    ):
        for verb in (desk.try_keys(typed), desk.finish(typed, "", a_shop(), OLGA)):
            with pytest.raises(BadField) as refused:
                await verb
            assert refused.value.field == "secret_key"
            assert refused.value.problem == FieldProblem.KEY_AGAIN
    assert seen == []
    assert (
        await desk.finish(replace(KEYS, secret="", api_url=f"{KEYS.api_url}/"), "", None, None)
        is None
    )


@pytest.mark.parametrize(
    ("person", "field", "problem"),
    [
        (Administrator(" ", "2468", "2468"), "staff_name", FieldProblem.MISSING),
        (Administrator("Olga", "24680", "24680"), "pin", FieldProblem.BAD_PIN),
        (Administrator("Olga", "", ""), "pin", FieldProblem.BAD_PIN),
        (Administrator("Olga", "24a8", "24a8"), "pin", FieldProblem.BAD_PIN),
        (Administrator("Olga", "٢٤٦٨", "٢٤٦٨"), "pin", FieldProblem.BAD_PIN),
        (Administrator("Olga", "2468", "2469"), "pin_again", FieldProblem.PIN_DIFFERS),
    ],
)
async def test_a_bad_last_answer_keeps_nothing_of_the_others(
    tmp_path: Path, person: Administrator, field: str, problem: FieldProblem
) -> None:
    with pytest.raises(BadField) as refused:
        await desk_at(tmp_path).finish(KEYS, "", a_shop(), person)
    assert (refused.value.field, refused.value.problem) == (field, problem)
    assert kept_in(tmp_path) == []


async def test_a_bad_shop_keeps_nothing_either(tmp_path: Path) -> None:
    with pytest.raises(BadField) as refused:
        await desk_at(tmp_path).finish(KEYS, "", a_shop(public_ip="10.0.0.1"), OLGA)
    assert refused.value.problem == FieldProblem.PRIVATE_IP
    assert kept_in(tmp_path) == []


async def test_another_database_than_the_environments_is_refused_and_nothing_kept(
    tmp_path: Path,
) -> None:
    desk = desk_at(tmp_path, {"POSAPP_DATABASE_URL": "postgresql://host/one"})
    with pytest.raises(SetOutside):
        await desk.finish(KEYS, "postgresql://host/two", a_shop(), OLGA)
    assert await desk.till.secret() == ""
    assert kept_in(tmp_path) == []


def test_no_pin_stands_in_a_text_of_ours() -> None:
    assert "2468" not in repr(OLGA) + str(OLGA)
