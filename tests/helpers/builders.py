"""Values for tests: each builder makes an ordinary one, and the test names only what matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from posapp.domain.catalogue import Product
from posapp.domain.customer import Address, Customer, CustomerId, Party
from posapp.domain.fulfilment import (
    Fulfilment,
    FulfilmentId,
    FulfilmentItem,
    FulfilmentRequest,
)
from posapp.domain.intent import Intent, IntentId, IntentKind
from posapp.domain.money import Money
from posapp.domain.order import LineId, LineState, Order, OrderId, OrderLine, OrderState
from posapp.domain.payment import (
    Charge,
    ChargeId,
    ChargeOperation,
    ChargeState,
    OperationKind,
    OperationState,
    PaymentSession,
)
from posapp.domain.sale import (
    Basket,
    CheckoutId,
    Delivery,
    Quote,
    Sale,
    SaleId,
    ShippingOption,
)
from posapp.domain.shop import Shop

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def usd(amount: str) -> Money:
    """Return US dollars, as in `usd("12.50")`."""
    return Money.of(amount, "USD")


def a_product(sku: str = "MUG-01", price: str = "12.00", **facts: Any) -> Product:
    """Return a mug, or what the test says."""
    ordinary: dict[str, Any] = {
        "name": "Enamel mug",
        "physical": True,
        "tax_code": "4323.310_A",
        "part_number": sku,
        "country_of_origin": "US",
        "barcode": f"4006381{abs(hash(sku)) % 10**6:06d}",
    }
    return Product(sku=sku, price=usd(price), **(ordinary | facts))


def an_address(**facts: Any) -> Address:
    """Return an address in Minneapolis."""
    ordinary: dict[str, Any] = {
        "line1": "10 Hennepin Ave",
        "city": "Minneapolis",
        "postal_code": "55401",
        "state": "MN",
        "country": "US",
    }
    return Address(**(ordinary | facts))


def a_party(**facts: Any) -> Party:
    """Return Ada Lovelace at home."""
    ordinary: dict[str, Any] = {
        "given_name": "Ada",
        "family_name": "Lovelace",
        "email": "ada@example.com",
        "address": an_address(),
    }
    return Party(**(ordinary | facts))


def a_customer(customer_id: str | None = None, **facts: Any) -> Customer:
    """Return a walk-in, or a registered customer when an id is given."""
    return Customer(
        id=CustomerId(customer_id) if customer_id else None,
        party=facts.pop("party", a_party()),
        **facts,
    )


def a_shop(**facts: Any) -> Shop:
    """Return a small shop in Minneapolis that prices without tax."""
    ordinary: dict[str, Any] = {
        "name": "Harbour & Pine",
        "address": an_address(line1="1 Nicollet Mall"),
        "currency": "USD",
        "tax_inclusive": False,
        "public_ip": "203.0.113.10",
        "till": "1",
        "shipping": (ShippingOption("standard", "Standard", usd("5.00")),),
    }
    return Shop(**(ordinary | facts))


def a_basket(*products: Product, quantity: int = 1) -> Basket:
    """Return a basket with these products to take away, one mug when none is named."""
    basket = Basket("USD")
    for number, product in enumerate(products or (a_product(),), start=1):
        delivery = Delivery.TAKE_AWAY if product.physical else Delivery.DIGITAL
        basket = basket.add(product, quantity, f"line-{number}", delivery)
    return basket


def a_sale(**facts: Any) -> Sale:
    """Return a sale with one mug in the basket."""
    ordinary: dict[str, Any] = {
        "id": SaleId("sale-1"),
        "number": 1042,
        "basket": a_basket(),
        "started_at": NOON,
        "clerk_id": "clerk",
        "till": "1",
    }
    return Sale(**(ordinary | facts))


def a_quote(basket_version: int = 1, **facts: Any) -> Quote:
    """Return what the service made of a basket, funded or not."""
    zero = usd("0")
    ordinary: dict[str, Any] = {
        "checkout_id": CheckoutId("chk-1"),
        "upstream_id": "up-1",
        "basket_version": basket_version,
        "currency": "USD",
        "lines": (),
        "subtotal": usd("12.00"),
        "discount": zero,
        "shipping": zero,
        "shipping_tax": zero,
        "fees": zero,
        "duty": zero,
        "importer_tax": zero,
        "tax": usd("0.96"),
        "total": usd("12.96"),
        "tax_inclusive": False,
        "session": PaymentSession("ps-1", "requires_source", zero, usd("12.96")),
        "selling_entity_id": "DR_INC-ENTITY",
        "ship_to_country": "US",
    }
    return Quote(**(ordinary | facts))


def a_line(
    line_id: str = "l-1", quantity: int = 2, amount: str = "20.00", **facts: Any
) -> OrderLine:
    """Return an order line of two mugs."""
    zero = usd("0")
    ordinary: dict[str, Any] = {
        "sku": "MUG-01",
        "name": "Enamel mug",
        "tax": usd("1.61"),
        "rate": "0.08025",
        "shipping": zero,
        "shipping_tax": zero,
        "state": LineState.CREATED,
        "physical": True,
    }
    return OrderLine(
        id=LineId(line_id), quantity=quantity, amount=usd(amount), **(ordinary | facts)
    )


def an_order(
    order_id: str = "231388420336", state: OrderState = OrderState.ACCEPTED, **facts: Any
) -> Order:
    """Return an accepted order of two mugs."""
    ordinary: dict[str, Any] = {
        "raw_state": state.value,
        "currency": "USD",
        "total": usd("21.61"),
        "lines": (a_line(),),
        "checkout_id": "chk-1",
        "sale_number": "1-1042",
        "created_at": NOON,
        "updated_at": NOON,
        "email": "ada@example.com",
        "bill_to": a_party(),
        "session_state": "complete",
    }
    return Order(id=OrderId(order_id), state=state, **(ordinary | facts))


def later(order: Order, seconds: float, **facts: Any) -> Order:
    """Return the order as told `seconds` after it was last updated."""
    moment = (order.updated_at or NOON) + timedelta(seconds=seconds)
    if "state" in facts:
        facts.setdefault("raw_state", facts["state"].value)
    return replace(order, updated_at=moment, **facts)


def a_charge(state: ChargeState = ChargeState.CAPTURABLE, **facts: Any) -> Charge:
    """Return an authorised charge over the order's total."""
    ordinary: dict[str, Any] = {
        "order_id": "231388420336",
        "source_id": "src-1",
        "amount": usd("21.61"),
    }
    return Charge(id=ChargeId("chg-1"), state=state, **(ordinary | facts))


def a_capture(state: OperationState = OperationState.COMPLETE) -> ChargeOperation:
    """Return a capture over the whole charge."""
    return ChargeOperation("cap-1", OperationKind.CAPTURE, usd("21.61"), state)


def a_fulfilment(
    *items: tuple[str, int, int], request: str = "", fulfilment_id: str = "ful-1"
) -> Fulfilment:
    """Return a fulfilment of (line, shipped, cancelled) each."""
    return Fulfilment(
        FulfilmentId(fulfilment_id),
        OrderId("231388420336"),
        tuple(FulfilmentItem(LineId(line), shipped, dropped) for line, shipped, dropped in items),
        request=request,
    )


def a_request(*items: tuple[str, int, int], key: str = "req-1") -> FulfilmentRequest:
    """Return a decision to ship and cancel (line, shipped, cancelled) each."""
    return FulfilmentRequest(
        key,
        OrderId("231388420336"),
        tuple(FulfilmentItem(LineId(line), shipped, dropped) for line, shipped, dropped in items),
        decided_by="Finn",
        decided_at=NOON,
    )


def an_intent(kind: IntentKind = IntentKind.ORDER, **facts: Any) -> Intent:
    """Return a write just decided."""
    ordinary: dict[str, Any] = {
        "id": IntentId("intent-1"),
        "resource": "checkout:chk-1",
        "key": "chk-1",
        "body": "{}",
        "written_at": NOON,
        "sale_id": "sale-1",
    }
    return Intent(kind=kind, **(ordinary | facts))
