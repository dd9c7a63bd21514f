"""The payment form in its view: what a buyer can do there, and what the till hears of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.drivers.payment import PaymentDriver
from tests.ui.kit.web_fixtures import StandIn, stand_in, till

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("Failed to create RHI", extend=True),  # no graphics card: software
]


@pytest.fixture
def vendor() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


async def test_a_card_is_paid(vendor: StandIn, qapp: QApplication) -> None:
    async with till(vendor) as shop:
        shop.open_form()
        buyer = PaymentDriver(shop.view)
        await buyer.wait_open()
        claim = await buyer.pay_by_card()
        assert (claim.type, claim.brand, claim.last_four) == ("creditCard", "Visa", "1111")
        assert claim.consents.terms_of_sale
