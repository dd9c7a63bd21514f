"""The plain line, without a window: scan, customer, taxes, card, order, fulfil, captured."""

from __future__ import annotations

from posapp.domain.fulfilment import FulfilmentItem, Tracking
from posapp.domain.intent import IntentState
from posapp.domain.money import Money
from posapp.domain.order import Light, OrderState
from posapp.domain.sale import SaleState, Step
from tests.unit.usecases.conftest import OpenShop


async def test_two_lines_are_sold_fulfilled_and_captured(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.quoted("MUG-WHT", "CABLE-UC2", ship=True)
        assert sale.quote is not None
        assert sale.quote.total == sale.quote.subtotal + sale.quote.tax
        assert sale.quote.tax > Money.zero("USD")
        assert sale.quote.selling_entity_name

        sale = await shop.desks.sale.paid(sale, shop.type_card(sale))
        assert sale.step is Step.REVIEW
        assert sale.method is not None
        assert sale.method.last_four == "1111"

        order = await shop.place(sale)
        done = await shop.desks.sale.get(sale.id)
        assert done is not None
        assert (done.state, done.order_id) == (SaleState.DONE, order.id)
        light, _ = await shop.desks.orders.light(order.id)
        assert light is Light.RELEASE

        sheet = await shop.sheet(order.id)
        items = [FulfilmentItem(line.line.id, quantity=line.open) for line in sheet.lines]
        await shop.desks.orders.fulfil(order.id, items, Tracking("UPS", "1Z999AA10123456784"))
        assert (await shop.sheet(order.id)).sending
        await shop.catch_up()

        sheet = await shop.sheet(order.id)
        assert sheet.order.state is OrderState.COMPLETE
        assert sheet.order.captured == sheet.order.total
        assert [line.open for line in sheet.lines] == [0, 0]
        assert [intent.state for _, intent in sheet.outbox] == [IntentState.DONE]
        told = [entry.what for entry in sheet.timeline]
        assert "order.charge.capture.complete" in told
        assert "order.complete" in told
        assert shop.books_agree()
