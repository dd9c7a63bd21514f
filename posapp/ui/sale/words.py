"""How the sale screens say amounts, steps, taxes, ages and addresses. Never computes a tax."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

from babel import Locale

from posapp.domain.customer import Address, Party
from posapp.domain.payment import PaymentMethod
from posapp.domain.sale import Delivery, Sale, Step
from posapp.domain.words import tr

# Local names of the tax (drop-in.md 5.3); proper names, so never translated.
_TAX_NAMES = {
    "AT": "USt.",
    "AU": "GST",
    "BE": "BTW/TVA",
    "CA": "GST/HST",
    "CH": "MwSt.",
    "CZ": "DPH",
    "DE": "MwSt.",
    "DK": "MOMS",
    "ES": "IVA",
    "FI": "ALV",
    "FR": "TVA",
    "GB": "VAT",
    "HU": "ÁFA",
    "IE": "VAT",
    "IN": "GST",
    "IT": "IVA",
    "JP": "consumption tax",
    "KR": "VAT",
    "NL": "BTW",
    "NO": "MVA",
    "NZ": "GST",
    "PL": "VAT/PTU",
    "PT": "IVA",
    "SE": "MOMS",
    "SG": "GST",
    "SK": "DPH",
    "TW": "VAT",
    "US": "sales tax",
}


def tax_name(country: str) -> str:
    """Return what people in this country call the tax."""
    return _TAX_NAMES.get(country, tr("tax"))


def tax_line(country: str, *, inclusive: bool) -> str:
    """Return the label of the tax: "incl. VAT" when it lies in the prices, else "plus VAT"."""
    words = tr("incl. {tax}") if inclusive else tr("plus {tax}")
    return words.format(tax=tax_name(country))


def rate(text: str) -> str:
    """Return a tax rate of the service (a fraction as text) as per cent; nothing for nothing.

    No rate has more than four digits behind the point of its per cent: the rest is float noise.
    """
    try:
        per_cent = (Decimal(text) * 100).quantize(Decimal("0.0001"))
    except InvalidOperation:
        return text
    return f"{per_cent.normalize():f} %" if text else ""


def step_title(step: Step) -> str:
    """Return the step's name on the step bar."""
    return {
        Step.CART: tr("Cart"),
        Step.CUSTOMER: tr("Customer"),
        Step.CHECKOUT: tr("Checkout"),
        Step.PAYMENT: tr("Payment"),
        Step.REVIEW: tr("Review"),
        Step.DONE: tr("Done"),
    }[step]


def delivery_words(delivery: Delivery) -> str:
    """Return how a line reaches the buyer."""
    return {
        Delivery.TAKE_AWAY: tr("take away"),
        Delivery.SHIP: tr("ship"),
        Delivery.DIGITAL: tr("digital"),
    }[delivery]


def buyer_words(sale: Sale) -> str:
    """Return whom the sale is for: the firm or the name, or that nobody is chosen yet."""
    if sale.customer is None:
        return tr("No customer yet")
    party = sale.customer.party
    return party.organization or party.name or party.email


def country_name(code: str) -> str:
    """Return a country's name in English; an unknown code stays as it is."""
    return str(Locale.parse("en").territories.get(code, code))


def address_lines(party: Party) -> str:
    """Return name and address as they stand on a parcel, one fact a line."""
    place: Address = party.address
    town = " ".join(part for part in (place.postal_code, place.city, place.state) if part)
    lines = (
        party.organization,
        party.name,
        place.line1,
        place.line2,
        town,
        country_name(place.country),
    )
    return "\n".join(line for line in lines if line)


def method_words(method: PaymentMethod) -> str:
    """Return how it is paid: the card's make and last four digits, or the method's name."""
    if method.last_four:
        make = method.brand or tr("Card")
        return tr("{make} ending in {digits}", make=make, digits=method.last_four)
    names = {
        "creditCard": tr("Card"),
        "wireTransfer": tr("Bank transfer"),
        "customerCredit": tr("Store credit"),
        "konbini": tr("Konbini"),
        "payPal": "PayPal",
        "payPalBilling": "PayPal",
        "directDebit": tr("Direct debit"),
    }
    return names.get(method.type, method.type)


def age_words(since: datetime, now: datetime) -> str:
    """Return how long ago it was, in the one unit that matters."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 1:
        return tr("just now")
    if minutes < 60:
        return tr("{n} min", n=minutes)
    if minutes < 48 * 60:
        return tr("{n} h", n=minutes // 60)
    return tr("{n} days", n=minutes // (24 * 60))


def units_words(units: int) -> str:
    """Return how many pieces, in words."""
    return tr("1 item") if units == 1 else tr("{n} items", n=units)
