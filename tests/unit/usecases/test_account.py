"""The store at opening: new keys are of its account when the service shows them its orders."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.app.session import Service, Session, Surroundings
from posapp.config import resources
from posapp.domain.changes import Changes
from posapp.domain.errors import ShopNotSetUp
from posapp.domain.shop import Mode
from posapp.gateway.errors import Offline
from posapp.sandbox.clock import HandClock
from posapp.sandbox.seed import plant
from posapp.sandbox.world import World
from posapp.store.errors import WrongStore
from posapp.usecases.seeding import read_seed
from posapp.usecases.trial import Keys
from tests.helpers.clock import OPENING_TIME, FakeClock
from tests.helpers.in_process import WorldTransport
from tests.helpers.postgres import postgres_server, postgres_url
from tests.helpers.till import rivers_of

__all__ = ["postgres_server", "postgres_url"]

RESTRICTED = "sk_test_sandbox_readonly"


class Account:
    """A Digital River account, and tills that open shop with keys of it."""

    def __init__(self, seed: int = 7) -> None:
        self.clock = FakeClock(running=True)
        self.world = World(clock=HandClock(OPENING_TIME), seed=seed)
        self.transport = WorldTransport(self.world)

    async def open(
        self,
        folder: Path,
        key: str = "sk_test_sandbox",
        *,
        url: str = "",
        till: str = "1",
        is_new: bool = False,
    ) -> Session:
        """Open the shop with this key."""
        keys = Keys(key, "pk_test_sandbox", "http://127.0.0.1:1", "http://127.0.0.1:1/v1")
        return await Session.open(
            Service(keys.api_url, keys.js_url, key, keys.public, Mode.TEST),
            Surroundings(self.clock, random.Random(till), Changes()),
            data=folder,
            database_url=url,
            till=till,
            seed=read_seed(resources.path("seed", "shop.toml"), till) if is_new else None,
            river=rivers_of(self.transport, self.clock)(keys),
        )

    async def day(self, session: Session) -> None:
        """Let the store hear of a day's orders."""
        plant(self.world)
        await session.engine.feed.sweep()
        await session.engine.inbox.apply()
        assert await session.store.shared.read(lambda tx: tx.orders.newest(1))


async def test_another_key_of_the_account_opens_the_shop_and_is_remembered(tmp_path: Path) -> None:
    account = Account()
    first = await account.open(tmp_path, is_new=True)
    await account.day(first)
    await first.close()
    asked = len(account.transport.calls)
    await (await account.open(tmp_path, RESTRICTED)).close()
    assert account.transport.calls[asked].startswith("GET /orders/")
    asked = len(account.transport.calls)
    await (await account.open(tmp_path, RESTRICTED)).close()
    await (await account.open(tmp_path)).close()
    assert account.transport.calls[asked:] == []  # both are known by now


async def test_keys_of_another_account_are_refused_and_the_store_let_go(tmp_path: Path) -> None:
    account, other = Account(), Account(seed=9)
    first = await account.open(tmp_path, is_new=True)
    await account.day(first)
    await first.close()
    other.world.core.options.keys = replace(other.world.core.options.keys, secret="sk_test_other")
    with pytest.raises(WrongStore) as refused:
        await other.open(tmp_path, "sk_test_other")
    assert refused.value.what == "account"
    with pytest.raises(WrongStore):
        await other.open(tmp_path, "sk_test_other")
    await (await account.open(tmp_path)).close()


async def test_without_an_answer_the_shop_stays_closed_until_there_is_one(tmp_path: Path) -> None:
    account = Account()
    first = await account.open(tmp_path, is_new=True)
    await account.day(first)
    await first.close()
    account.transport.is_down = True
    with pytest.raises(Offline):
        await account.open(tmp_path, RESTRICTED)
    account.transport.is_down = False
    await (await account.open(tmp_path, RESTRICTED)).close()
    assert account.transport.calls[-1].startswith("GET /orders/")


async def test_a_store_without_orders_takes_any_keys(tmp_path: Path) -> None:
    account = Account()
    await (await account.open(tmp_path, is_new=True)).close()
    opened = await account.open(tmp_path, RESTRICTED)
    assert opened.desks.shop.name
    await opened.close()


async def test_each_till_of_a_shop_may_have_a_key_of_its_own(
    tmp_path: Path, postgres_url: str
) -> None:
    account = Account()
    one = await account.open(tmp_path / "1", url=postgres_url, is_new=True)
    await account.day(one)
    two = await account.open(tmp_path / "2", RESTRICTED, url=postgres_url, till="2")
    assert two.desks.shop.name == one.desks.shop.name
    await two.close()
    await one.close()
    for till, key in (("1", "sk_test_sandbox"), ("2", RESTRICTED)):
        await (await account.open(tmp_path / till, key, url=postgres_url, till=till)).close()


async def test_a_store_without_a_shop_lets_go_of_its_file(tmp_path: Path) -> None:
    account = Account()
    for _again in range(2):
        with pytest.raises(ShopNotSetUp):
            await account.open(tmp_path)
