"""Writes the bodies of checkouts, as the text that is sent, hashed and kept. Never sends it."""

from __future__ import annotations

from collections.abc import Sequence

from posapp.domain.customer import Address, Customer, Party
from posapp.domain.sale import Basket, BasketLine, Delivery, ShippingOption
from posapp.domain.shop import Shop
from posapp.gateway.parties import address_body, party_body
from posapp.gateway.wire import encode, filled, number

TAKE_AWAY = "Handed over in the shop"
"""Description of the shipping choice when the buyer carries the goods away."""


def checkout_body(  # noqa: PLR0913  what a checkout always carries
    *,
    shop: Shop,
    customer: Customer,
    basket: Basket,
    ship_to: Party | None,
    shipping: ShippingOption | None,
    upstream_id: str,
    sale_number: str,
    charge_type: str = "customer_initiated",
    locale: str = "",
    tax_identifier_ids: Sequence[str] = (),
) -> str:
    """Return the body of `POST /checkouts` (design 5, contract 4): JSON text, the same every time.

    `ship_to` None means the customer's own address; lines that are all taken away go to the
    shop's, in the buyer's name, for nothing. Digital baskets carry no ship-to at all.
    """
    body = filled(
        currency=basket.currency,
        email=customer.party.email,
        locale=locale or customer.locale or shop.locale,
        customerId=customer.id,
        customerType=customer.kind.value,
        chargeType=charge_type,
        browserIp=shop.public_ip,
        billTo=party_body(customer.party),
        upstreamId=upstream_id,
        metadata={"sale": sale_number},
        **_goods(shop, customer.party, basket, ship_to, shipping),
    )
    body["taxInclusive"] = shop.tax_inclusive
    body["taxIdentifiers"] = [{"id": tax_id} for tax_id in tax_identifier_ids]
    body["items"] = [_line_body(line) for line in basket.lines]
    return encode(body)


def changes_body(
    *,
    shipping: ShippingOption | None = None,
    ship_to: Party | None = None,
    bill_to: Party | None = None,
    ship_from: Address | None = None,
    email: str = "",
    customer_id: str = "",
    tax_identifier_ids: Sequence[str] | None = None,
) -> str:
    """Return the body of `POST /checkouts/{id}`: what is given; None and '' change nothing."""
    body = filled(
        shippingChoice=_choice(shipping) if shipping else None,
        shipTo=party_body(ship_to) if ship_to else None,
        billTo=party_body(bill_to) if bill_to else None,
        shipFrom={"address": address_body(ship_from)} if ship_from else None,
        email=email,
        customerId=customer_id,
    )
    if tax_identifier_ids is not None:
        body["taxIdentifiers"] = [{"id": tax_id} for tax_id in tax_identifier_ids]
    return encode(body)


def _goods(
    shop: Shop,
    buyer: Party,
    basket: Basket,
    ship_to: Party | None,
    shipping: ShippingOption | None,
) -> dict[str, object]:
    deliveries = {line.delivery for line in basket.lines if line.physical}
    if not deliveries:
        return {}
    ship_from = {"address": address_body(shop.address)}
    if deliveries == {Delivery.TAKE_AWAY}:
        return {
            "shipFrom": ship_from,
            "shipTo": party_body(buyer, address=shop.address),
            "shippingChoice": {"amount": 0, "description": TAKE_AWAY},
        }
    return {
        "shipFrom": ship_from,
        "shipTo": party_body(ship_to or buyer),
        "shippingChoice": _choice(shipping) if shipping else None,
    }


def _choice(shipping: ShippingOption) -> dict[str, object]:
    return {
        **filled(id=shipping.id, description=shipping.name),
        "amount": number(shipping.price),
    }


def _line_body(line: BasketLine) -> dict[str, object]:
    return {
        "skuId": line.sku,
        "quantity": line.quantity,
        "price": number(line.unit_price),
        "metadata": {"line": line.key},
    }
