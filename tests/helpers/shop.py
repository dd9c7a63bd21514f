"""A whole shop without a window: real store, real client, the sandbox in process.

Verbs read like the counter.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from posapp.app.session import Service, Session, Surroundings
from posapp.config import resources
from posapp.domain.changes import Changes
from posapp.domain.customer import Party
from posapp.domain.legal_text import Disclosure, DisclosureText
from posapp.domain.order import Order
from posapp.domain.payment_form import Consents, PaidClaim, SourceFlow
from posapp.domain.sale import Delivery, Sale
from posapp.domain.shop import Mode
from posapp.domain.staff import Staff, StaffId
from posapp.gateway.client import Client
from posapp.gateway.river import DigitalRiver
from posapp.sandbox.clock import HandClock
from posapp.sandbox.world import World
from posapp.usecases.desks import Desks
from posapp.usecases.orders import OrderSheet
from posapp.usecases.seeding import read_seed
from tests.helpers.builders import a_customer, a_party
from tests.helpers.clock import OPENING_TIME, FakeClock
from tests.helpers.in_process import WorldTransport

VISA = "4444222233331111"
DECLINED = "4000000000003600"


@dataclass
class _SharedClock(FakeClock):
    """Turns the world's clock with its own."""

    world: HandClock = field(default_factory=HandClock)

    def turn(self, seconds: float) -> None:
        """Turn both."""
        super().turn(seconds)
        self.world.turn(seconds)


@dataclass
class Shop:
    """What a use-case test drives."""

    world: World
    transport: WorldTransport
    clock: FakeClock
    session: Session

    @property
    def desks(self) -> Desks:
        """What people do."""
        return self.session.desks

    def sign_in(self, staff_id: str = "mara") -> Staff:
        """Let somebody stand at the till, without the PIN's arithmetic."""
        roles = {"cleo": "clerk", "finn": "fulfilment", "mara": "manager", "ada": "admin"}
        from posapp.domain.staff import Role

        staff = Staff(StaffId(staff_id), staff_id.title(), Role(roles[staff_id]))
        self.desks.present.enter(staff)
        return staff

    async def catch_up(self, seconds: float = 5.0) -> None:
        """Let time pass, then let feed, inbox and outbox have their turn, twice."""
        engine = self.session.engine
        for _ in range(2):
            self.clock.turn(seconds)
            await engine.outbox.send_due()
            await engine.feed.sweep()
            await engine.inbox.apply()

    async def fill(self, *skus: str, ship: bool = False) -> Sale:
        """Scan these products into a new sale."""
        sale = await self.desks.sale.take_up()
        for sku in skus or ("MUG-WHT", "CABLE-UC2"):
            sale = await self.desks.sale.scan(sale, sku)
        return await self.desks.sale.set_delivery(sale, Delivery.SHIP) if ship else sale

    async def quoted(self, *skus: str, ship: bool = False, buyer: Party | None = None) -> Sale:
        """Bring a sale as far as its taxes."""
        sale = await self.fill(*skus, ship=ship)
        customer = a_customer(party=buyer or a_party())
        return await self.desks.sale.checkout(await self.desks.sale.choose(sale, customer))

    def type_card(self, sale: Sale, number: str = VISA, **facts: Any) -> PaidClaim:
        """Let the buyer fill the form in; returns what the form says."""
        assert sale.quote is not None
        card = {"number": number, "expirationMonth": 12, "expirationYear": 2030, "cvv": "123"}
        made = self.world.form.create_source(
            {"type": "creditCard", "sessionId": sale.quote.session.id, "creditCard": card} | facts
        )
        return claim_of(made)

    async def paid(self, *skus: str, number: str = VISA, ship: bool = False) -> Sale:
        """Bring a sale as far as Review."""
        sale = await self.quoted(*skus, ship=ship)
        return await self.desks.sale.paid(sale, self.type_card(sale, number))

    async def place(self, sale: Sale) -> Order:
        """Make the order."""
        return await self.desks.sale.place(sale, self.disclosure(), where="review")

    async def sold(self, *skus: str, ship: bool = True) -> Order:
        """Sell, from the scan to the order."""
        return await self.place(await self.paid(*skus, ship=ship))

    async def sheet(self, order_id: str) -> OrderSheet:
        """Open an order."""
        return await self.desks.orders.open(order_id)

    @staticmethod
    def disclosure() -> Disclosure:
        """Return the seller's texts, as the payment page would load them."""
        text = DisclosureText("confirmDisclosure", "You buy from Digital River.", "")
        return Disclosure("DR_INC-ENTITY", "Digital River, Inc.", "en", "US", (text,))

    def books_agree(self) -> bool:
        """Say whether the service's own invariants hold."""
        return self.world.check() == []


def claim_of(made: dict[str, Any]) -> PaidClaim:
    """Return what the page would tell us of a source it made."""
    card = made.get("creditCard", {})
    return PaidClaim(
        source_id=made["id"],
        type=made["type"],
        state=made["state"],
        flow=SourceFlow(made.get("flow", "standard")),
        reusable=False,
        amount=Decimal(made["amount"]),
        currency=made["currency"],
        session_id=made["sessionId"],
        brand=card.get("brand", ""),
        last_four=card.get("lastFourDigits", ""),
        expiration_month=card.get("expirationMonth"),
        expiration_year=card.get("expirationYear"),
        redirect_url="",
        ready_for_storage=False,
        supports_storage=True,
        consents=Consents(terms_of_sale=True),
    )


@asynccontextmanager
async def open_shop(
    folder: Path,
    at: datetime = OPENING_TIME,
    *,
    till: str = "1",
    database_url: str = "",
    beside: Shop | None = None,
) -> AsyncIterator[Shop]:
    """Open the training shop of `resources/seed` in `folder`, its products known to the service.

    With `beside` it is another till of that shop: the same service, clock and `database_url`.
    """
    hand = HandClock(at)
    clock = beside.clock if beside else _SharedClock(start=at, running=True, world=hand)
    world = beside.world if beside else World(clock=hand, seed=7)
    transport = WorldTransport(world)
    surroundings = Surroundings(clock, random.Random(f"7 {till}"), Changes())
    service = Service(
        "http://127.0.0.1:1",
        "http://127.0.0.1:1/v1",
        "sk_test_sandbox",
        "pk_test_sandbox",
        Mode.TRAINING,
    )
    river = DigitalRiver(
        Client(
            base_url=service.api_url,
            secret_key=service.secret_key,
            clock=clock,
            rng=surroundings.rng,
            transport=transport,
        )
    )
    session = await Session.open(
        service,
        surroundings,
        data=folder,
        database_url=database_url,
        till=till,
        seed=None if beside else read_seed(resources.path("seed", "shop.toml"), till),
        river=river,
    )
    try:
        while await session.engine.catalogue.push():
            pass
        yield Shop(world, transport, clock, session)
    finally:
        await session.close()
        if beside is None:
            world.close()
