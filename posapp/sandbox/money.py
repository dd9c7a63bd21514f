"""Amounts of the pretend service: whole minor units inside, exact decimals outside. No floats."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache
from typing import Any

from posapp.sandbox.tables import table

NOISE = Decimal("0.000001")  # float noise in a caller's amount that still means the decimal near it


@cache
def currencies() -> dict[str, Any]:
    """Every currency the account has switched on: digits, and units of it for one euro."""
    return dict(table("currencies")["currency"])


def known(currency: str) -> bool:
    """Whether ISO 4217 has this code."""
    return currency in currencies() or currency in table("currencies")["switched_off"]


def digits(currency: str) -> int:
    """ISO 4217 exponent."""
    return int(currencies()[currency]["digits"])


def half_away(value: Decimal) -> int:
    """Nearest whole number, halves away from zero (contract section 4.1)."""
    with localcontext() as context:
        context.prec = 60
        return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def to_minor(amount: Decimal | int, currency: str) -> int | None:
    """Whole minor units, or None when the amount has more digits than the currency."""
    scaled = Decimal(amount).scaleb(digits(currency))
    whole = half_away(scaled)
    noisy = abs(scaled - whole).scaleb(-digits(currency)) > NOISE
    return None if noisy else whole


def number(minor: int, currency: str) -> Decimal:
    """The amount as the wire prints it: 7250 US cents -> 72.50, 33 yen -> 33."""
    return Decimal(minor).scaleb(-digits(currency))


def times(minor: int, rate: Decimal) -> int:
    """A share of an amount, rounded half away from zero."""
    return half_away(Decimal(minor) * rate)


def net_of(gross: int, rate: Decimal) -> int:
    """The part of a tax-inclusive amount that is not tax."""
    with localcontext() as context:
        context.prec = 40
        return half_away(Decimal(gross) / (1 + rate))


def share(whole: int, part: int, of: int) -> int:
    """`whole` * part / of, rounded half away from zero."""
    with localcontext() as context:
        context.prec = 40
        return half_away(Decimal(whole) * part / of)


def spread(whole: int, weights: Sequence[int]) -> list[int]:
    """`whole` split pro rata; the last weighted part takes the remainder (section 22, point 42)."""
    total = sum(weights)
    parts = [0] * len(weights)
    if total == 0:
        if weights:
            parts[-1] = whole
        return parts
    last = max(at for at, weight in enumerate(weights) if weight)
    left = whole
    for at, weight in enumerate(weights):
        parts[at] = left if at == last else min(left, share(whole, weight, total))
        left -= parts[at]
    return parts


def convert(minor: int, currency: str, into: str) -> Decimal:
    """Roughly what an amount is worth in another currency, major units; for thresholds and fees."""
    if currency == into:
        return number(minor, currency)  # a limit in the same money is exact
    rates = currencies()
    euros = number(minor, currency) / Decimal(str(rates[currency]["per_euro"]))
    return euros * Decimal(str(rates[into]["per_euro"]))
