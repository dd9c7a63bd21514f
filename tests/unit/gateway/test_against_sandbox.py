"""The gateway against the pretend service over a real loopback socket: the plain line, and every
fault that the service can have."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from posapp.config.clock import SystemClock
from posapp.domain.customer import CustomerId
from posapp.domain.fulfilment import FulfilmentItem, FulfilmentRequest, Tracking
from posapp.domain.money import Money
from posapp.domain.order import OrderState
from posapp.domain.payment import ChargeState, OperationState
from posapp.domain.sale import Delivery, Quote
from posapp.gateway.budget import LIVE_CALLS_PER_S, Budget
from posapp.gateway.checkout_body import changes_body, checkout_body
from posapp.gateway.client import Client
from posapp.gateway.customers import customer_body
from posapp.gateway.errors import (
    CheckoutSpent,
    Conflict,
    FraudRefused,
    Garbled,
    GatewayError,
    LostAnswer,
    NotFound,
    Offline,
    PaymentDeclined,
    RateLimited,
    Rejected,
    Unauthorised,
)
from posapp.gateway.events import parse_event
from posapp.gateway.fulfilments import fulfilment_body
from posapp.gateway.river import DigitalRiver
from posapp.gateway.sources import credit_body
from posapp.gateway.tax_identifiers import tax_identifier_body
from posapp.sandbox.clock import Pace
from posapp.sandbox.core import Options
from posapp.sandbox.director import Fault, FaultKind
from posapp.sandbox.server import Running, running
from posapp.sandbox.world import World
from tests.unit.gateway.shop import ANNA, MUG, PARCEL, SONG, basket, customer, shop

VISA = "4444222233331111"
DECLINED = "4000000000003600"


@dataclass
class Till:
    """A gateway and the service behind it."""

    river: DigitalRiver
    sandbox: Running

    @property
    def world(self) -> World:
        """The pretend service."""
        return self.sandbox.world

    async def quote(self, upstream_id: str = "attempt-1", **changes: Any) -> Quote:
        """Create a checkout of two mugs to be shipped and two songs."""
        body = checkout_body(
            **{
                "shop": shop(),
                "customer": customer(),
                "basket": basket(Delivery.SHIP, Delivery.DIGITAL),
                "ship_to": None,
                "shipping": PARCEL,
                "upstream_id": upstream_id,
                "sale_number": "1042",
                **changes,
            }
        )
        return await self.river.checkouts.create(body, basket_version=1)

    def card(self, quote: Quote, number: str = VISA) -> str:
        """Let the buyer fill in the form; return the source's id."""
        card = {"number": number, "expirationMonth": 12, "expirationYear": 2030, "cvv": "123"}
        made = self.world.form.create_source(
            {"type": "creditCard", "sessionId": quote.session.id, "creditCard": card}
        )
        source_id: str = made["id"]
        return source_id

    async def funded(self, number: str = VISA, upstream_id: str = "attempt-1") -> Quote:
        """Bring a checkout to where an order may be made."""
        quote = await self.quote(upstream_id)
        source_id = self.card(quote, number)
        return await self.river.checkouts.attach_source(
            quote.checkout_id, source_id, basket_version=1
        )


@asynccontextmanager
async def open_till(*, key: str = "sk_test_sandbox", **options: Any) -> AsyncIterator[Till]:
    """A service at a free port, with a mug and a song in its catalogue, and a till before it."""
    world = World(options=Options(pace=Pace().scaled(0), **options))
    try:
        async with running(world) as sandbox:
            clock = SystemClock()
            client = Client(
                base_url=sandbox.url,
                secret_key=key,
                clock=clock,
                rng=random.Random(3),
                budget=Budget(clock, calls_per_s=LIVE_CALLS_PER_S, backfill_share=1.0),
            )
            async with DigitalRiver(client) as river:
                if key == "sk_test_sandbox":
                    await river.skus.upsert(replace(MUG, part_number="MUG-B1", weight_g=350))
                    await river.skus.upsert(replace(SONG, tax_code="4323.310_A"))
                yield Till(river, sandbox)
    finally:
        world.close()


async def test_the_plain_line_from_checkout_to_captured() -> None:
    async with open_till() as till:
        river = till.river
        quote = await till.quote()
        assert {line.key for line in quote.lines} == {"line-1", "line-2"}
        assert quote.total == quote.subtotal + quote.tax
        assert (quote.sale_number, quote.upstream_id) == ("1042", "attempt-1")
        assert not quote.session.funded

        source = await river.sources.get(till.card(quote))
        assert source.session_id == quote.session.id
        assert (source.currency, source.state) == ("USD", "chargeable")
        quote = await river.checkouts.attach_source(
            quote.checkout_id, source.method.source_id, basket_version=1
        )
        assert quote.session.funded
        assert quote.methods[0].last_four == "1111"

        order = await river.orders.create(quote.checkout_id)
        assert (order.state, order.sale_number) == (OrderState.ACCEPTED, "1042")
        assert (order.total, order.upstream_id) == (quote.total, "attempt-1")
        assert {line.key for line in order.lines} == {"line-1", "line-2"}
        read = await river.orders.get(order.id)
        assert {line.sku: line.physical for line in read.lines} == {MUG.sku: True, SONG.sku: False}

        items = tuple(FulfilmentItem(line.id, line.quantity) for line in order.lines)
        request = FulfilmentRequest("req-1", order.id, items, Tracking("UPS", "1Z999"))
        fulfilment = await river.fulfilments.create(request)
        assert (fulfilment.request, fulfilment.items) == ("req-1", items)
        assert await river.fulfilments.list(order.id) == (fulfilment,)

        done = await river.orders.get(order.id)
        assert done.state is OrderState.COMPLETE
        assert done.captured == order.total
        charge = await river.charges.get(order.charges[0].id)
        assert charge.state is ChargeState.COMPLETE
        assert {o.state for o in charge.operations} == {OperationState.COMPLETE}
        assert till.world.check() == []


async def test_what_was_sent_is_found_again() -> None:
    async with open_till() as till:
        quote = await till.funded()
        found = await till.river.checkouts.find("attempt-1")
        assert [one.checkout_id for one in found] == [quote.checkout_id]
        assert await till.river.checkouts.find("attempt-2") == ()
        assert await till.river.orders.find_by_checkout(quote.checkout_id) is None
        order = await till.river.orders.create(quote.checkout_id)
        again = await till.river.orders.find_by_checkout(quote.checkout_id)
        assert again is not None
        assert again.id == order.id
        with pytest.raises(CheckoutSpent):
            await till.river.orders.create(quote.checkout_id)


async def test_refused_orders_say_who_refused() -> None:
    async with open_till() as till:
        with pytest.raises(PaymentDeclined) as declined:
            await till.river.orders.create((await till.funded(DECLINED, "a")).checkout_id)
        assert declined.value.shopper_message
        till.world.core.director.next("blocked")
        with pytest.raises(FraudRefused):
            await till.river.orders.create((await till.funded(upstream_id="b")).checkout_id)
        with pytest.raises(Rejected):  # not paid yet: the checkout stays good
            await till.river.orders.create((await till.quote("c")).checkout_id)


async def test_a_refused_checkout_names_its_field() -> None:
    async with open_till() as till:
        bad = replace(ANNA, address=replace(ANNA.address, postal_code="nowhere"))
        with pytest.raises(Rejected) as rejected:
            await till.quote(ship_to=bad)
        assert "postalCode" in rejected.value.field
        with pytest.raises(GatewayError) as other:
            await till.quote(basket=replace(basket(Delivery.SHIP), currency="XXX"))
        assert not other.value.in_doubt


async def test_customers_tax_numbers_and_credit() -> None:
    async with open_till() as till:
        river = till.river
        body = customer_body(customer(business=True), customer_id="cust-7")
        made = await river.customers.create(body)
        assert made.party == ANNA
        with pytest.raises(Conflict):
            await river.customers.create(body)
        tax = await river.tax_identifiers.create(tax_identifier_body("de", "DE123456789"))
        await river.customers.attach_tax_identifier("cust-7", tax.id)
        held = await river.tax_identifiers.list(customer_id="cust-7")
        assert [(one.identifier.id, one.customer_id) for one in held] == [(tax.id, "cust-7")]
        read = await river.customers.get("cust-7")
        assert [one.id for one in read.tax_identifiers] == [tax.id]

        buyer = replace(read, id=CustomerId("cust-7"))
        quote = await till.quote(customer=buyer)
        credit = await river.sources.create_credit(
            credit_body(Money(500, "USD"), session_id=quote.session.id, upstream_id="credit-1")
        )
        quote = await river.checkouts.attach_source(
            quote.checkout_id, credit.method.source_id, basket_version=1
        )
        assert quote.session.remaining == quote.total - Money(500, "USD")
        quote = await river.checkouts.update(
            quote.checkout_id,
            changes_body(shipping=replace(PARCEL, price=Money(0, "USD"))),
            basket_version=1,
        )
        assert quote.shipping == Money(0, "USD")
        await river.checkouts.detach_source(quote.checkout_id, credit.method.source_id)
        await river.checkouts.delete(quote.checkout_id)
        with pytest.raises(NotFound):
            await river.checkouts.get(quote.checkout_id, basket_version=1)


async def test_the_feed_reads_back_to_what_it_knows() -> None:
    async with open_till() as till:
        await till.river.orders.create((await till.funded()).checkout_id)
        everything = await till.river.events.page()
        assert not everything.has_more
        events = [parse_event(raw.body) for raw in everything.events]
        accepted = next(event for event in events if event.type == "order.accepted")
        assert accepted.order is not None
        assert accepted.order_id == accepted.order.id
        assert all(not event.live_mode for event in events)

        two = await till.river.events.page(limit=2)
        assert two.has_more
        rest = await till.river.events.page(starting_after=two.last_id)
        assert two.events + rest.events == everything.events
        newer = await till.river.events.page(ending_before=everything.last_id)
        assert newer.events == everything.events[:-1]
        only = await till.river.events.page(types=("order.accepted",))
        assert {event.type for event in only.events} == {"order.accepted"}


async def test_a_long_list_is_read_to_its_end() -> None:
    async with open_till() as till:
        for number in range(105):
            await till.river.skus.upsert(replace(MUG, sku=f"mug-{number}"))
        skus = await till.river.skus.list()
        assert len(skus) == len({sku.id for sku in skus}) == 107


FAULTS: list[tuple[Fault, type[GatewayError]]] = [
    (Fault(FaultKind.LOST_ANSWER), LostAnswer),
    (Fault(FaultKind.TIMEOUT), LostAnswer),
    (Fault(FaultKind.STATUS, status=503), LostAnswer),
    (Fault(FaultKind.STATUS_AFTER, status=500), LostAnswer),
    (Fault(FaultKind.CUT_BODY), LostAnswer),
    (Fault(FaultKind.WRONG_JSON), LostAnswer),
    (Fault(FaultKind.RATE_LIMIT, seconds=60), RateLimited),
]


@pytest.mark.parametrize(("fault", "meaning"), FAULTS, ids=lambda x: getattr(x, "kind", None))
async def test_a_write_met_by_a_fault_is_sent_once_and_told(
    fault: Fault, meaning: type[GatewayError]
) -> None:
    async with open_till() as till:
        quote = await till.funded()
        till.world.core.director.faults.append(replace(fault, method="POST", path="/orders$"))
        with pytest.raises(meaning) as caught:
            await till.river.orders.create(quote.checkout_id)
        assert caught.value.in_doubt is (meaning is LostAnswer)
        if meaning is RateLimited:
            return
        order = await till.river.orders.find_by_checkout(quote.checkout_id)
        happened = fault.kind not in (FaultKind.TIMEOUT, FaultKind.STATUS)
        assert (order is not None) is happened  # and whichever it was, the look-up knows
        assert till.world.check() == []


async def test_a_read_met_by_a_fault_is_tried_again() -> None:
    async with open_till() as till:
        for kind in (FaultKind.STATUS, FaultKind.LOST_ANSWER, FaultKind.CUT_BODY):
            till.world.core.director.faults.append(Fault(kind, method="GET", path="/skus/"))
            assert (await till.river.skus.get(MUG.sku)).name == MUG.name
        till.world.core.director.faults.append(Fault(FaultKind.WRONG_JSON, method="GET"))
        with pytest.raises(Garbled):
            await till.river.skus.get(MUG.sku)


async def test_noise_and_novelties_are_read() -> None:
    async with open_till() as till:
        plain = await till.quote("a")
        for kind in (FaultKind.FLOAT_NOISE, FaultKind.EXTRA_FIELDS):
            till.world.core.director.faults.append(Fault(kind, method="GET"))
            read = await till.river.checkouts.get(plain.checkout_id, basket_version=1)
            assert read == plain


async def test_a_wrong_key_and_a_closed_shop() -> None:
    async with open_till(key="sk_test_wrong") as till:
        with pytest.raises(Unauthorised):
            await till.river.reach()
    async with open_till() as till:
        assert (await till.river.reach()).took_ms >= 0
        url = till.sandbox.url
    client = Client(
        base_url=url, secret_key="sk_test_sandbox", clock=SystemClock(), rng=random.Random(3)
    )
    async with DigitalRiver(client) as river:
        with pytest.raises(Offline):
            await river.orders.create("checkout-1")


async def test_a_risk_averse_account_tells_that_the_authorisation_lapsed() -> None:
    async with open_till(risk_averse=True) as till:
        order = await till.river.orders.create((await till.funded()).checkout_id)
        till.world.turn(8 * 24 * 3600)  # a card keeps an authorisation for seven days
        request = FulfilmentRequest(
            "req-1", order.id, (FulfilmentItem(order.lines[0].id, order.lines[0].quantity),)
        )
        with pytest.raises(Conflict) as caught:
            await till.river.fulfilments.create(request)
        assert caught.value.code == "payment_authorization_failed"
        assert caught.value.message  # which came as `description`
        assert "req-1" in fulfilment_body(request)
