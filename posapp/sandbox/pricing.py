"""Prices a basket to the cent: discounts, tax, shipping, fees, duty (contract section 4.1).

Pure: takes what the checkout says and what SKUs and places need, returns minor units. It never
reads a store or a clock.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from posapp.sandbox import money, rates
from posapp.sandbox.rates import ZERO, Place


class Goods(msgspec.Struct):
    """One line to price. `unit` or `whole` is the price in minor units."""

    quantity: int
    physical: bool
    tax_code: str
    unit: int | None = None
    whole: int | None = None
    hs_code: str | None = None
    amount_off: int | None = None
    percent_off: Decimal | None = None
    discounted: int | None = None  # units the discount covers
    place: Place | None = None  # where this line's tax is due; None = not known yet
    origin: str | None = None  # ship-from country


class Terms(msgspec.Struct):
    """What holds for the whole basket."""

    currency: str
    inclusive: bool = False
    amount_off: int | None = None
    percent_off: Decimal | None = None
    shipping: int = 0
    shipping_amount_off: int | None = None
    shipping_percent_off: Decimal | None = None
    delivered_duty_paid: bool = True
    exempt: bool = False  # reverse charge or exemption certificate
    untaxed: bool = False  # not enough is known to compute tax


class LinePrice(msgspec.Struct):
    """A priced line, minor units. `amount` is before, `goods` after the order discount."""

    amount: int = 0
    goods: int = 0
    rate: Decimal = ZERO
    tax: int = 0
    shipping: int = 0
    shipping_tax: int = 0
    fees: list[tuple[str, int]] = []
    fee: int = 0
    fee_tax: int = 0
    duty: int = 0
    importer_tax: int = 0
    registration: str | None = None

    @property
    def total(self) -> int:
        """All that the buyer pays for this line."""
        parts = (self.goods, self.tax, self.shipping, self.shipping_tax, self.fee)
        return sum(parts) + self.fee_tax + self.duty + self.importer_tax


class Price(msgspec.Struct):
    """A priced basket, minor units."""

    lines: list[LinePrice]
    discount: int = 0
    shipping: int = 0  # before its discount
    shipping_tax: int = 0
    importer_of_record: bool = False

    def sum(self, part: str) -> int:
        """One part summed over the lines."""
        return sum(getattr(line, part) for line in self.lines)

    @property
    def total(self) -> int:
        """What the buyer pays."""
        return self.sum("total")

    @property
    def tax(self) -> int:
        """All tax that the seller remits."""
        return self.sum("tax") + self.sum("shipping_tax") + self.sum("fee_tax")

    @property
    def subtotal(self) -> int:
        """Before tax, after discounts."""
        return self.total - self.tax


def off(whole: int, amount_off: int | None, percent_off: Decimal | None) -> int:
    """The discount on an amount; more than the amount is a discount of all of it."""
    if percent_off is not None:
        return money.times(whole, percent_off / 100)
    return min(whole, amount_off or 0)


def before_discount(goods: Goods) -> int:
    """A line at full price."""
    if goods.unit is not None:
        return goods.unit * goods.quantity
    return goods.whole or 0


def line_discount(goods: Goods) -> int:
    """What a line's own discount takes off: per unit, on the units it covers."""
    full = before_discount(goods)
    covered = min(goods.discounted or goods.quantity, goods.quantity)
    if goods.percent_off is not None:
        return money.times(money.share(full, covered, goods.quantity), goods.percent_off / 100)
    return min(full, (goods.amount_off or 0) * covered)


def price(terms: Terms, basket: list[Goods]) -> Price:
    """Prices the basket."""
    gross = [before_discount(goods) - line_discount(goods) for goods in basket]
    order_off = off(sum(gross), terms.amount_off, terms.percent_off)
    after = [g - cut for g, cut in zip(gross, money.spread(order_off, gross), strict=True)]
    # the threshold looks at the goods that are shipped, not at downloads beside them
    shipped = sum(left for left, goods in zip(after, basket, strict=True) if goods.physical)
    imported = _imports(terms, basket, shipped)
    out = Price([], discount=sum(line_discount(goods) for goods in basket))
    for goods, before, left, landed in zip(basket, gross, after, imported, strict=True):
        out.lines.append(_line(terms, goods, before, left, landed))
    out.importer_of_record = any(imported)
    out.discount += out.sum("amount") - out.sum("goods")
    _ship(terms, basket, imported, out)
    return out


def _rate(terms: Terms, goods: Goods) -> Decimal:
    if terms.exempt or terms.untaxed or goods.place is None:
        return ZERO
    return rates.of(goods.place, goods.tax_code)


def _crosses(goods: Goods) -> bool:
    """Whether a line is imported: other country, and not from EU to EU."""
    if not (goods.physical and goods.place and goods.origin):
        return False
    if goods.origin == goods.place.country or not rates.has_tariff(goods.place.country):
        return False
    return not (rates.is_eu(goods.origin) and rates.is_eu(goods.place.country))


def _imports(terms: Terms, basket: list[Goods], value: int) -> list[bool]:
    """Which lines carry duty and importer tax."""
    if not terms.delivered_duty_paid or terms.inclusive or terms.untaxed:
        return [False] * len(basket)
    return [
        _crosses(goods)
        and bool(goods.hs_code)
        and goods.place is not None
        and not rates.is_duty_free(goods.place.country, value, terms.currency)
        for goods in basket
    ]


def _line(terms: Terms, goods: Goods, before: int, left: int, landed: bool) -> LinePrice:
    rate = _rate(terms, goods)
    if not landed and _crosses(goods) and not terms.delivered_duty_paid:
        rate = ZERO  # import charges fall due on delivery
    line = LinePrice(amount=before, goods=left, rate=rate)
    if terms.inclusive:
        line.amount = money.net_of(before, rate)
        line.goods = money.net_of(left, rate)
        line.tax = left - line.goods
    elif not landed:
        line.tax = money.times(left, rate)
    if landed and goods.place and goods.hs_code:
        duty = rates.duty(goods.place.country, goods.hs_code)
        line.duty = money.times(left, duty)
        line.importer_tax = money.times(left + line.duty, rate)
        line.rate = duty + rate
    elif _crosses(goods) and terms.delivered_duty_paid and goods.place:
        line.registration = rates.seller_registration(goods.place.country)
    if goods.place and goods.physical:
        line.fees = rates.fees(goods.place, goods.tax_code, goods.hs_code or "", terms.currency)
        line.fee = sum(each for _, each in line.fees) * goods.quantity
        line.fee_tax = 0 if landed else money.times(line.fee, rate)
    return line


def _ship(terms: Terms, basket: list[Goods], imported: list[bool], out: Price) -> None:
    """Shipping over the physical lines, pro rata; its tax is rounded once where rates agree."""
    weights = [
        max(line.amount, 1) if goods.physical else 0
        for goods, line in zip(basket, out.lines, strict=True)
    ]
    if not any(weights):
        return
    cut = off(terms.shipping, terms.shipping_amount_off, terms.shipping_percent_off)
    left = terms.shipping - cut
    shipped = [line for line, weight in zip(out.lines, weights, strict=True) if weight]
    landed = [flag for flag, weight in zip(imported, weights, strict=True) if weight]
    rate = ZERO if any(landed) else max(line.rate for line in shipped)
    net = money.net_of(left, rate) if terms.inclusive else left
    tax = left - net if terms.inclusive else money.times(left, rate)
    shares = money.spread(net, weights)
    taxes = money.spread(tax, shares if any(shares) else weights)
    for line, part, part_tax in zip(out.lines, shares, taxes, strict=True):
        line.shipping, line.shipping_tax = part, part_tax
    full = money.net_of(terms.shipping, rate) if terms.inclusive else terms.shipping
    out.shipping, out.shipping_tax = full, tax
    out.discount += full - net
