"""What an administrator sets: the shop's facts, this till, the service, the database.

Never shows a key, and never moves the shop's data: another database begins with what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posapp.domain.clock import Clock
from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField
from posapp.domain.shop import Mode, Shop, account_of, check_shop
from posapp.domain.staff import Permission, Staff
from posapp.usecases.account import shows_our_orders
from posapp.usecases.present import Present
from posapp.usecases.till_file import TillFile, TillState
from posapp.usecases.trial import Connection, Keys, Trial, check_keys, whole

if TYPE_CHECKING:
    from posapp.store.store import Store
    from posapp.store.transaction import Tx


@dataclass(slots=True)
class SettingsDesk:
    """The settings of this shop and of this till. Every change is audited."""

    store: Store
    present: Present
    clock: Clock
    till: TillFile
    trial: Trial
    mode: Mode

    async def state(self) -> TillState:
        """Return what this till was told. Raises NotAllowed, BadSettings, SecretsUnusable."""
        self.present.require(Permission.SETTINGS)
        return await self.till.read()

    async def shop(self) -> Shop | None:
        """Return the shop's facts as the store has them now."""
        self.present.require(Permission.SETTINGS)
        return await self.store.shared.read(lambda tx: tx.shop.get())

    async def change_shop(self, shop: Shop) -> str:
        """Keep these facts of the shop; return the currency that products are still priced in
        when it is another one, else ''. Raises NotAllowed, BadField.
        """
        who = self.present.require(Permission.SETTINGS)
        check_shop(shop)
        now = self.clock.now()

        def work(tx: Tx) -> str:
            tx.shop.save(shop)
            tx.audit.append("shop changed", who.id, now, {"name": shop.name})
            priced = {product.price.currency for product in tx.products.search("", 1)}
            return next(iter(priced - {shop.currency}), "")

        return await self.store.shared.write(work)

    async def change_till(self, **changes: object) -> None:
        """Change this till's name or looks. Raises NotAllowed, SetOutside, BadSettings, OSError."""
        who = self.present.require(Permission.SETTINGS)
        if not str(changes.get("till", "x")).strip():
            raise BadField("till", FieldProblem.MISSING)
        await self.till.change(**changes)
        await self._note(who, "till changed", ", ".join(sorted(changes)))

    async def try_keys(self, keys: Keys) -> Connection:
        """Ask the service with these keys; an empty secret means the one held.

        Raises NotAllowed, BadField, GatewayError.
        """
        self.present.require(Permission.SETTINGS)
        return await self.trial.service(await whole(keys, self.till))

    async def try_to_follow(self, keys: Keys) -> bool:
        """Try the keys, then say whether they may be of another account.

        Raises NotAllowed, BadField, GatewayError, StoreError.
        """
        await self.try_keys(keys)
        return await self.is_other_account(keys)

    async def is_other_account(self, keys: Keys) -> bool:
        """Say whether these may be keys of another account than the store's orders are of.

        Keys used here before are known; of others the service is asked whether it shows them one
        of those orders. Raises NotAllowed, BadField, GatewayError, StoreError.
        """
        self.present.require(Permission.SETTINGS)
        keys = check_keys(await whole(keys, self.till))
        if self.mode is not keys.mode or await self.store.knows_account(account_of(keys.secret)):
            return False
        async with self.trial.river(keys) as river:
            return not await shows_our_orders(self.store, river)

    async def use_keys(self, keys: Keys) -> None:
        """Sell with these keys from the next opening on; an empty secret means the one held.

        The store takes them for keys of the account whose orders it holds: ask
        `is_other_account` first. Raises NotAllowed, BadField, SetOutside, SecretsUnusable,
        BadSettings, OSError, StoreError; then the till keeps its former keys.
        """
        who = self.present.require(Permission.SETTINGS)
        keys = check_keys(await whole(keys, self.till))
        if self.mode is keys.mode:
            await self.store.add_account(account_of(keys.secret))
        await self.till.take(
            keys.secret,
            training=False,
            api_url=keys.api_url,
            js_url=keys.js_url,
            public_key=keys.public,
        )
        await self._note(who, "keys changed", keys.mode)

    async def practise(self) -> None:
        """Open the training room from the next opening on; keys and shop are kept.

        Raises NotAllowed, SetOutside, OSError.
        """
        who = self.present.require(Permission.SETTINGS)
        await self.till.change(training=True)
        await self._note(who, "training chosen", "")

    async def try_database(self, url: str) -> Shop | None:
        """Return the shop in the database at `url`, None for none. Raises DatabaseRefused."""
        self.present.require(Permission.SETTINGS)
        # in training the keys that will use it are not known yet
        mode = None if self.mode is Mode.TRAINING else self.mode
        return await self.trial.database(url, mode)

    async def use_database(self, url: str) -> None:
        """Keep the shop's data there from the next opening on; '' is this computer.

        Raises NotAllowed, SetOutside, OSError, DatabaseRefused when it does not answer.
        """
        who = self.present.require(Permission.SETTINGS)
        if url.strip():
            await self.try_database(url)
        await self.till.change(database_url=url.strip())
        await self._note(who, "database changed", "")

    async def _note(self, who: Staff, kind: str, what: str) -> None:
        """Write down who did it, even when they have signed out since."""
        now = self.clock.now()
        await self.store.shared.write(lambda tx: tx.audit.append(kind, who.id, now, {"what": what}))
