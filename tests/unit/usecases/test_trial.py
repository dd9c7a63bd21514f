"""Keys and databases are tried over the wire before a till is set to them."""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.config.clock import SystemClock
from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField, DatabaseRefused
from posapp.domain.shop import Mode
from posapp.gateway.errors import GatewayError, NotFound, Offline, Unauthorised
from posapp.sandbox.clock import wall_clock
from posapp.sandbox.server import Running, running
from posapp.sandbox.world import World
from posapp.store.store import Identity
from posapp.usecases.trial import MOST_SKEW_S, Connection, Keys, Trial, check_keys
from tests.helpers.builders import a_shop
from tests.helpers.clock import FakeClock
from tests.helpers.postgres import postgres_server, postgres_url
from tests.helpers.stores import a_store_at
from tests.helpers.till import PUBLIC, SECRET, keys_to

__all__ = ["postgres_server", "postgres_url"]

NOBODY = "http://127.0.0.1:9"  # the port of "discard": nobody listens


@asynccontextmanager
async def service() -> AsyncIterator[Running]:
    """The service, on a port of this computer."""
    world = World(clock=wall_clock, seed=7)
    async with running(world) as sandbox:
        yield sandbox
    world.close()


def a_trial() -> Trial:
    return Trial(SystemClock(), random.Random(1))


async def test_the_right_keys_are_answered_with_mode_and_time() -> None:
    async with service() as sandbox:
        found = await a_trial().service(keys_to(sandbox))
    assert found.mode is Mode.TEST
    assert 0 <= found.took_ms < 5000
    assert found.clocks_agree


async def test_a_restricted_key_is_enough() -> None:
    async with service() as sandbox:
        found = await a_trial().service(keys_to(sandbox, secret="sk_test_sandbox_readonly"))
    assert found.mode is Mode.TEST


async def test_spaces_around_a_key_copied_from_a_mail_do_no_harm() -> None:
    async with service() as sandbox:
        keys = keys_to(sandbox, secret=f"  {SECRET}\n", public=f"{PUBLIC} ")
        assert (await a_trial().service(keys)).mode is Mode.TEST


async def test_a_wrong_key_is_refused_by_the_service() -> None:
    async with service() as sandbox:
        with pytest.raises(Unauthorised):
            await a_trial().service(keys_to(sandbox, secret="sk_test_of_nobody"))


async def test_nobody_at_the_address_is_offline() -> None:
    async with service() as sandbox:
        with pytest.raises(Offline) as away:
            await a_trial().service(keys_to(sandbox, api_url=NOBODY))
        assert away.value.path != "/DigitalRiver.js"
        with pytest.raises(Offline) as form:
            await a_trial().service(keys_to(sandbox, js_url=NOBODY))
        assert form.value.path == "/DigitalRiver.js"


async def test_a_folder_without_the_script_is_said() -> None:
    async with service() as sandbox:
        with pytest.raises(NotFound) as missing:
            await a_trial().service(keys_to(sandbox, js_url=f"{sandbox.url}/v1/nowhere"))
        assert missing.value.path == "/DigitalRiver.js"


async def test_a_wrong_clock_is_measured_and_said() -> None:
    late = FakeClock(start=SystemClock().now() - timedelta(minutes=10))
    async with service() as sandbox:
        found = await Trial(late, random.Random(1)).service(keys_to(sandbox))
    assert found.skew_s == pytest.approx(600, abs=30)
    assert not found.clocks_agree
    assert Connection(Mode.TEST, 1, -MOST_SKEW_S).clocks_agree


@pytest.mark.parametrize(
    ("wrong", "field", "problem"),
    [
        ({"secret": ""}, "secret_key", FieldProblem.MISSING),
        ({"public": " "}, "public_key", FieldProblem.MISSING),
        ({"secret": "pk_test_1"}, "secret_key", FieldProblem.BAD_KEY),
        ({"secret": "sk_test_1 2"}, "secret_key", FieldProblem.BAD_KEY),
        ({"secret": "sk_test_ключ"}, "secret_key", FieldProblem.BAD_KEY),
        ({"public": "sk_test_1"}, "public_key", FieldProblem.BAD_KEY),
        ({"public": "pk_live_1"}, "public_key", FieldProblem.OTHER_MODE),
        ({"secret": "sk_live_1"}, "public_key", FieldProblem.OTHER_MODE),
        ({"api_url": "http://api.example.com"}, "api_url", FieldProblem.BAD_URL),
        ({"api_url": "api.example.com"}, "api_url", FieldProblem.BAD_URL),
        ({"js_url": "http://js.example.com"}, "js_url", FieldProblem.BAD_URL),
        ({"js_url": "file:///etc"}, "js_url", FieldProblem.BAD_URL),
    ],
)
async def test_what_cannot_be_keys_never_reaches_the_wire(
    wrong: dict[str, str], field: str, problem: FieldProblem
) -> None:
    def connect(_keys: Keys) -> object:
        raise AssertionError("nothing may be sent")

    trial = Trial(SystemClock(), random.Random(1), connect)  # type: ignore[arg-type]
    right = {"secret": SECRET, "public": PUBLIC, "api_url": NOBODY, "js_url": NOBODY}
    with pytest.raises(BadField) as refused:
        await trial.service(Keys(**(right | wrong)))
    assert (refused.value.field, refused.value.problem) == (field, problem)


async def test_the_secret_is_in_no_text_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    async with service() as sandbox:
        for keys in (
            keys_to(sandbox, secret="sk_test_very_secret"),
            keys_to(sandbox, secret="sk_test_very_secret", api_url=NOBODY),
            keys_to(sandbox, secret="sk_test_very_secret", public="pk_live_1"),
        ):
            told += [str(keys), repr(keys), f"{keys}"]
            with pytest.raises((GatewayError, BadField)) as refused:
                await a_trial().service(keys)
            told += [str(refused.value), repr(refused.value)]
    told += [record.getMessage() for record in caplog.records]
    assert len(told) > 15
    assert not [text for text in told if "very_secret" in text]


def test_live_keys_sell_for_real() -> None:
    live = check_keys(Keys("sk_1", "pk_1", "https://api.example.com", "https://js.example.com"))
    assert live.mode is Mode.LIVE


async def test_a_database_says_which_shop_it_holds(tmp_path: Path, postgres_url: str) -> None:
    trial = a_trial()
    assert await trial.database(f" {postgres_url} ") is None
    store = await a_store_at(tmp_path, postgres_url, Identity("test", "one"))
    assert await trial.database(postgres_url, Mode.TEST) is None
    await store.shared.write(lambda tx: tx.shop.save(a_shop(name="Hafen & Kiefer")))
    await store.close()
    found = await trial.database(postgres_url, Mode.TEST)
    assert found is not None
    assert found.name == "Hafen & Kiefer"


async def test_a_database_of_the_other_mode_is_refused_before_anything_is_kept(
    tmp_path: Path, postgres_url: str
) -> None:
    await (await a_store_at(tmp_path, postgres_url, Identity("live", "one"))).close()
    with pytest.raises(DatabaseRefused) as refused:
        await a_trial().database(postgres_url, Mode.TEST)
    assert "live" in refused.value.reason


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (lambda folder: f"postgresql://nobody@/x?host={folder}", "connection"),
        (lambda _folder: "sqlite:///shop.db", "not PostgreSQL"),
        (lambda _folder: "our database", "cannot be read"),
        (lambda _folder: "postgresql://user@127.0.0.1:9/shop", "connection"),
    ],
)
async def test_a_database_that_is_none_says_why(
    tmp_path: Path, address: Callable[[Path], str], said: str
) -> None:
    with pytest.raises(DatabaseRefused) as refused:
        await a_trial().database(address(tmp_path))
    assert said in refused.value.reason


async def test_the_password_of_a_database_is_in_no_text_of_ours(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(DatabaseRefused) as refused:
        await a_trial().database(f"postgresql://user:hush-hush@/x?host={tmp_path}")
    assert "hush-hush" not in repr(refused.value) + str(refused.value) + caplog.text
