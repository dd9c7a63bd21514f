"""A shop of one's own: the questions before the first sign-in, and what is kept of the answers.

Nobody is signed in yet. It writes this till's file and its key; the shop itself is written when
the shop is opened next, and only into a store that holds none.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from posapp.config.paths import store_file
from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField
from posapp.domain.shop import Shop, check_shop
from posapp.domain.staff import Role, Staff, StaffId, check_pin
from posapp.usecases.seeding import Seed
from posapp.usecases.till_file import TillFile, TillState
from posapp.usecases.trial import Connection, Keys, Trial, check_keys, whole


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who may change everything. The PIN is in neither `str` nor `repr`."""

    name: str
    pin: str = field(repr=False)
    again: str = field(repr=False)


def check_administrator(person: Administrator) -> None:
    """Raise BadField unless this person can sign in."""
    if not person.name.strip():
        raise BadField("staff_name", FieldProblem.MISSING)
    check_pin(person.pin, person.again)


@dataclass(slots=True)
class FirstStartDesk:
    """Answers to the first questions."""

    till: TillFile
    trial: Trial
    data: Path

    async def state(self) -> TillState:
        """Return what this till was told already. Raises BadSettings, SecretsUnusable."""
        return await self.till.read()

    async def try_keys(self, keys: Keys) -> Connection:
        """Ask the service; an empty secret means the one held. Raises BadField, GatewayError."""
        return await self.trial.service(await whole(keys, self.till))

    async def try_database(self, url: str, keys: Keys) -> Shop | None:
        """Return the shop in the database at `url`, None for none.

        Raises DatabaseRefused, also for the database of another mode than these keys'.
        """
        return await self.trial.database(url, (await whole(keys, self.till)).mode)

    async def shop_here(self, keys: Keys) -> Shop | None:
        """Return the shop that this computer holds for the mode of these keys, None for none.

        It is opened again as it is: the questions fill only what is empty. Raises BadField,
        StoreError.
        """
        from posapp.store.probe import shop_in

        mode = (await whole(keys, self.till)).mode
        return await asyncio.to_thread(shop_in, store_file(self.data, mode))

    async def finish(
        self, keys: Keys, database_url: str, shop: Shop | None, person: Administrator | None
    ) -> Seed | None:
        """Keep everything and return what an empty store is to be filled with.

        `shop` and `person` are None where there is a shop already. Raises BadField,
        SetOutside, BadSettings, SecretsUnusable, OSError; then nothing was kept.
        """
        keys = check_keys(await whole(keys, self.till))
        if shop is not None and person is not None:
            check_shop(shop)
            check_administrator(person)
        changes: dict[str, object] = {"till": shop.till} if shop is not None else {}
        await self.till.take(
            keys.secret,
            **changes,
            training=False,
            api_url=keys.api_url,
            js_url=keys.js_url,
            public_key=keys.public,
            database_url=database_url.strip(),
        )
        if shop is None or person is None:
            return None
        admin = Staff(StaffId("admin"), person.name.strip(), Role.ADMIN)
        return Seed(shop, (), ((admin, person.pin),))
