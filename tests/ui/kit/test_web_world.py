"""The whole way of a payment: a checkout at the service, the form in the view, the order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from posapp.domain.payment_form import PaidClaim, SourceFlow
from posapp.sandbox.server import running
from posapp.sandbox.wire import Json
from posapp.ui.kit.page_server import PageConfig, PageServer, shipped_template
from posapp.ui.kit.web import PaymentView
from posapp.ui.kit.web_filter import payment_origins
from tests.drivers.payment import PaymentDriver
from tests.helpers.waiting import emitted
from tests.ui.kit.web_fixtures import calm, checkout_form
from tests.unit.sandbox.shop import COLOGNE, Shop

pytestmark = pytest.mark.usefixtures("qapp")


@dataclass(slots=True)
class Counter:
    """A shop, its service, and a form opened for one of its checkouts."""

    shop: Shop
    server: PageServer
    view: PaymentView
    buyer: PaymentDriver
    url: str

    async def open(self, checkout: Json) -> None:
        """Open the form for this checkout."""
        dropin = checkout_form(self.server.return_url)
        dropin["sessionId"] = checkout["payment"]["session"]["id"]
        config = PageConfig(
            script_folder=f"{self.url}/v1",
            public_key="pk_test_sandbox",
            locale="en-US",
            origins=payment_origins(self.url, self.url),
            title="Payment",
            loading="One moment …",
            dropin=dropin,
        )
        self.view.open(self.server.publish(config), config.origins, language="en-US")
        await self.buyer.wait_open()

    def order(self, checkout: Json, claim: PaidClaim) -> tuple[int, Json]:
        """Attach what the form made and place the order."""
        self.shop.attach(checkout, {"id": claim.source_id})
        return self.shop.call("POST", "/orders", {"checkoutId": checkout["id"]})


@asynccontextmanager
async def counter() -> AsyncIterator[Counter]:
    shop = Shop()
    server = PageServer(shipped_template())
    await server.start()
    view = PaymentView(live=False)
    view.show()
    try:
        async with running(shop.world) as sandbox:
            yield Counter(shop, server, view, PaymentDriver(view), sandbox.url)
            view.dispose()
            await calm()
    finally:
        view.dispose()
        view.close()
        await server.stop()
        shop.world.close()


async def test_a_card_pays_an_order() -> None:
    async with counter() as till:
        checkout = till.shop.checkout()
        await till.open(checkout)
        claim = await till.buyer.pay_by_card()
        assert str(claim.amount) == str(checkout["totalAmount"])
        assert claim.session_id == checkout["payment"]["session"]["id"]
        status, order = till.order(checkout, claim)
        assert (status, order["state"]) == (201, "accepted")


async def test_a_card_whose_charge_fails_makes_no_order() -> None:
    async with counter() as till:
        checkout = till.shop.checkout()
        await till.open(checkout)
        claim = await till.buyer.pay_by_card("4000000000003600")
        status, refusal = till.order(checkout, claim)
        assert (status, refusal["type"]) == (409, "conflict")


async def test_a_refused_card_makes_no_source_and_the_next_one_pays() -> None:
    async with counter() as till:
        checkout = till.shop.checkout()
        await till.open(checkout)
        failed = await till.buyer.expect_declined("4000000000003295")
        assert failed.codes == ("source_creation_failed",)
        claim = await till.buyer.pay_by_card("343456789012341", code="1234")
        assert claim.brand == "American Express"
        assert till.order(checkout, claim)[0] == 201


async def test_the_bank_asks_first() -> None:
    async with counter() as till:
        checkout = till.shop.checkout()
        await till.open(checkout)
        paid = emitted(till.view.paid, timeout_s=15)
        await till.buyer.type_card("4917610000000000", "03/30", "737")
        await till.buyer.agree()
        await till.buyer.submit()
        await till.buyer.answer_bank("1234")
        (claim,) = await paid
        assert till.order(checkout, claim)[1]["state"] == "accepted"


async def test_a_transfer_is_ordered_and_waits() -> None:
    async with counter() as till:
        checkout = till.shop.checkout()
        await till.open(checkout)
        claim = await till.buyer.pay_by("wireTransfer")
        assert claim.flow is SourceFlow.RECEIVER
        status, order = till.order(checkout, claim)
        assert (status, order["state"]) == (201, "pending_payment")


async def test_a_redirect_is_ordered_before_the_buyer_goes() -> None:
    async with counter() as till:
        checkout = till.shop.checkout(ship_to=COLOGNE, currency="EUR")
        await till.open(checkout)
        claim = await till.buyer.pay_by("klarnaCredit")
        assert claim.redirect_url.startswith(f"{till.url}/payments/redirects/{claim.source_id}/")
        status, order = till.order(checkout, claim)
        assert (status, order["state"]) == (201, "pending_payment")
        action = order["payment"]["session"]["nextAction"]
        assert action["data"]["redirectUrl"] == claim.redirect_url
