"""Tax rates, duties and fees by place and kind of goods. Never sees a basket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from posapp.sandbox import money
from posapp.sandbox.tables import table

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where tax is due."""

    country: str
    state: str | None = None
    postal_code: str | None = None


def of(place: Place, tax_code: str) -> Decimal:
    """The rate of goods with this tax code at this place."""
    rates = table("rates")
    if place.country == "US":
        by_zip: Mapping[str, Decimal] = rates["us_zip"]
        zip_code = (place.postal_code or "")[:5]
        if zip_code in by_zip:
            return Decimal(by_zip[zip_code])
        return Decimal(rates["us"].get(place.state or "", 0))
    if place.country == "CA":
        return Decimal(rates["ca"].get(place.state or "", 0))
    country = rates["country"].get(place.country)
    if country is None:
        return ZERO
    return Decimal(country.get(_goods_class(tax_code), country["standard"]))


def _goods_class(tax_code: str) -> str:
    plain = tax_code.replace(".", "")
    if plain.startswith("5510"):
        return "books"
    return "food" if plain.startswith("50") else "standard"


def is_eu(country: str | None) -> bool:
    """Whether the country is a member of the European Union."""
    return bool(table("rates")["country"].get(country or "", {}).get("eu"))


def region(country: str) -> str:
    """The tariff that applies there."""
    return "EU" if is_eu(country) else country


def has_tariff(country: str) -> bool:
    """Whether landed cost is known for this destination."""
    return region(country) in table("duties")


def duty(country: str, hs_code: str) -> Decimal:
    """The import duty rate: the longest HS prefix wins."""
    rates: Mapping[str, Decimal] = table("duties")[region(country)]["rates"]
    plain = hs_code.replace(".", "")
    best = max((prefix for prefix in rates if plain.startswith(prefix)), key=len)
    return Decimal(rates[best])


def is_duty_free(country: str, goods: int, currency: str) -> bool:
    """Whether goods of this value come in without duty, the seller remitting the tax."""
    limit = table("duties")[region(country)]["free_up_to"]
    return money.convert(goods, currency, limit["currency"]) <= Decimal(limit["amount"])


def seller_registration(country: str) -> str | None:
    """The number to print on commercial invoices of such imports."""
    number: str | None = table("duties")["seller_registration"].get(region(country))
    return number


def needs_weight(country: str) -> bool:
    """Whether goods for this country must have a weight."""
    return country in table("duties")["needs_weight"]


def fees(place: Place, tax_code: str, hs_code: str, currency: str) -> list[tuple[str, int]]:
    """Fee type and amount per unit, in minor units of the checkout's currency."""
    plain, customs = tax_code.replace(".", ""), hs_code.replace(".", "")
    found = []
    for fee in table("fees")["fee"]:
        if _applies(fee, place) and _concerns(fee, plain, customs):
            whole = money.to_minor(fee["amount"], fee["currency"]) or 0
            amount = money.convert(whole, fee["currency"], currency)
            found.append((fee["type"], money.half_away(amount.scaleb(money.digits(currency)))))
    return found


def _applies(fee: Mapping[str, Any], place: Place) -> bool:
    return fee["country"] == place.country and fee.get("state") in (None, place.state)


def _concerns(fee: Mapping[str, Any], code: str, customs: str) -> bool:
    return code.startswith(fee["code"]) or customs.startswith(tuple(fee["hs"]))
