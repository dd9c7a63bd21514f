"""One open shop: store, service, desks and engine, built in this order and closed in the other."""

from __future__ import annotations

import asyncio
import random
import uuid
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from posapp.config.paths import store_file
from posapp.domain.changes import Changes
from posapp.domain.clock import Clock
from posapp.domain.errors import ShopNotSetUp
from posapp.domain.shop import Mode, Shop, account_of
from posapp.gateway.client import Client
from posapp.gateway.river import DigitalRiver
from posapp.settle.settler import Settler
from posapp.store.errors import WrongStore
from posapp.store.schema import ACCOUNT
from posapp.store.store import Identity, Store
from posapp.sync.apply import Inbox
from posapp.sync.catalogue import Catalogue
from posapp.sync.doubts import Doubts
from posapp.sync.engine import Engine
from posapp.sync.feed import Feed
from posapp.sync.outbox import Outbox
from posapp.usecases.account import shows_our_orders
from posapp.usecases.desks import Desks
from posapp.usecases.orders import OrderDesk
from posapp.usecases.present import Present
from posapp.usecases.review import ReviewDesk
from posapp.usecases.sale import SaleDesk
from posapp.usecases.seeding import Seed, seed_if_empty
from posapp.usecases.staff import StaffDesk


@dataclass(frozen=True, slots=True)
class Service:
    """Which service, and with which keys. The keys are in neither `str` nor `repr`."""

    api_url: str
    js_url: str
    secret_key: str
    public_key: str
    mode: Mode

    def __repr__(self) -> str:
        return f"Service({self.api_url}, {self.mode})"

    @property
    def account(self) -> str:
        """A fingerprint of the account, to tell stores of different accounts apart."""
        if self.mode is Mode.TRAINING:
            return ""
        return account_of(self.secret_key)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the world hands in: time, chance, and the board for announcements."""

    clock: Clock
    rng: random.Random
    changes: Changes

    def new_id(self) -> str:
        """Return an id nobody has had, a UUID (contract 11: `upstreamId`)."""
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))


@dataclass(slots=True)
class Session:
    """An open shop."""

    service: Service
    store: Store
    river: DigitalRiver
    settler: Settler
    engine: Engine
    desks: Desks

    @classmethod
    async def open(
        cls,
        service: Service,
        surroundings: Surroundings,
        *,
        data: Path,
        database_url: str = "",
        till: str = "1",
        seed: Seed | None = None,
        river: DigitalRiver | None = None,
    ) -> Session:
        """Open the store, fill it from `seed` when it is empty, and connect everything; starts
        nothing yet.

        A store of another account is refused; keys new to it are of its account when the service
        shows them one of its orders. Raises StoreError, GatewayError when that cannot be asked,
        ValueError for keys that cannot be.
        """
        await asyncio.to_thread(data.mkdir, parents=True, exist_ok=True)
        open_store = partial(
            Store.open,
            store_file(data, service.mode),
            changes=surroundings.changes,
            url=database_url,
            till=till,
        )
        is_proven = True
        try:
            store = await open_store(identity=Identity(service.mode, service.account))
        except WrongStore as error:
            if error.what != ACCOUNT:
                raise
            store = await open_store(identity=Identity(service.mode))
            is_proven = False
        try:
            river = river or _river(service, surroundings)
            if not is_proven:
                await _prove(service, store, river)
            if seed is not None:
                await seed_if_empty(store, seed)
            shop = await _shop_of(store, till)
        except BaseException:
            if river is not None:
                await river.aclose()
            await store.close()
            raise
        return cls._connected(service, surroundings, store, river, shop, till)

    @classmethod
    def _connected(
        cls,
        service: Service,
        surroundings: Surroundings,
        store: Store,
        river: DigitalRiver,
        shop: Shop,
        till: str,
    ) -> Session:
        clock, changes, new_id = surroundings.clock, surroundings.changes, surroundings.new_id
        present = Present(changes)
        settler = Settler(river, store, clock)
        inbox = Inbox(river, store, clock, live=service.mode is Mode.LIVE)
        engine = Engine(
            feed=Feed(river, store, clock),
            inbox=inbox,
            outbox=Outbox(river, store, settler, inbox, clock, holder=f"{till}:{new_id()}"),
            doubts=Doubts(store, settler),
            catalogue=Catalogue(river, store),
            clock=clock,
            changes=changes,
            random=surroundings.rng.random,
        )
        desks = Desks(
            shop=shop,
            mode=service.mode,
            changes=changes,
            present=present,
            staff=StaffDesk(store, clock, present),
            sale=SaleDesk(
                store=store,
                river=river,
                settler=settler,
                clock=clock,
                new_id=new_id,
                present=present,
                shop=shop,
                mode=service.mode,
                public_key=service.public_key,
            ),
            orders=OrderDesk(store, river, clock, new_id, present, till),
            review=ReviewDesk(store, settler, clock, present),
        )
        return cls(service, store, river, settler, engine, desks)

    async def close(self) -> None:
        """Stop what runs, wait for what flies, let go of store and service."""
        await self.engine.stop()
        await self.settler.rest()
        await self.river.aclose()
        await self.store.close()


async def _shop_of(store: Store, till: str) -> Shop:
    shop = await store.shared.read(lambda tx: tx.shop.get())
    if shop is None:
        raise ShopNotSetUp
    return replace(shop, till=till)  # many tills share the shop's facts, not their names


def _river(service: Service, surroundings: Surroundings) -> DigitalRiver:
    return DigitalRiver(
        Client(
            base_url=service.api_url,
            secret_key=service.secret_key,
            clock=surroundings.clock,
            rng=surroundings.rng,
        )
    )


async def _prove(service: Service, store: Store, river: DigitalRiver) -> None:
    """Let the store know these keys as its account's. Raises WrongStore when they are not."""
    if not await shows_our_orders(store, river):
        raise WrongStore(ACCOUNT, "", service.account)
    await store.add_account(service.account)
