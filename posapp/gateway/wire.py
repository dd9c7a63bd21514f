"""JSON at the edge: exact decimals in and out, and a reader that takes what really comes.

Never a float, never trust in the shape of an answer: what cannot be read raises Garbled.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from posapp.domain.making import maker
from posapp.domain.money import Money, exponent, is_exact
from posapp.gateway.errors import Garbled

log = logging.getLogger(__name__)

Record = Mapping[str, Any]
"""A JSON object as it came; everything in it is doubtful."""

NOTHING: Final[dict[str, Any]] = {}
_MOST_KEPT: Final = 20_000
_money: Final = maker(Money)
_LARGEST: Final = Decimal(10) ** 15


class _Decimals(dict[str, Decimal]):
    """Literals already read. Amounts repeat (0.0 above all), and equal ones share one object."""

    def __missing__(self, literal: str) -> Decimal:
        if len(self) >= _MOST_KEPT:
            self.clear()
        value = self[literal] = Decimal(literal)
        return value


class _Purse(dict[Any, Money]):
    """Amounts of one currency already read."""

    __slots__ = ("currency", "digits")

    def __init__(self, currency: str) -> None:
        super().__init__()
        self.currency = currency
        self.digits = exponent(currency)

    def __missing__(self, value: object) -> Money:
        number = _as_decimal(value, "amount")
        shifted = number.scaleb(self.digits)
        if (minor := int(shifted)) == shifted:  # as nearly every amount is
            return self._kept(value, _money(minor, self.currency))
        money = Money.of(number, self.currency)
        if not is_exact(number, self.currency):
            # Contract 4.1: float noise is normal; this is more, so it is said each time.
            log.warning(
                "amount with more than %d digits of %s", exponent(self.currency), self.currency
            )
            return money
        return self._kept(value, money)

    def _kept(self, value: object, money: Money) -> Money:
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[value] = money
        return money


_purses: dict[str, _Purse] = {}
decimals: Final = _Decimals().__getitem__
"""Reads the digits of a JSON fraction as they stand."""
_decode: Final = msgspec.json.Decoder(float_hook=decimals).decode
_encode: Final = msgspec.json.Encoder(decimal_format="number").encode


def decode(body: bytes | str) -> Any:
    """Return the JSON value with every fraction an exact Decimal. Raises Garbled."""
    try:
        return _decode(body)
    except (ValueError, ArithmeticError, RecursionError, msgspec.MsgspecError) as error:
        raise Garbled(what=f"not JSON: {type(error).__name__}") from error


def decode_record(body: bytes | str) -> Record:
    """Return the JSON object. Raises Garbled for anything else."""
    return as_record(decode(body), "answer")


def encode(value: object) -> str:
    """Return the JSON text; Decimals become numbers with the digits they have."""
    return _encode(value).decode()


def as_record(value: object, what: str) -> Record:
    """Return the value if it is an object. Raises Garbled, naming `what`."""
    if not isinstance(value, dict):
        raise Garbled(what=f"{what} is not an object")
    return value


def record(data: Record, key: str) -> Record:
    """Return the object under `key`; an empty one when it is absent, null or something else."""
    value = data.get(key)
    return value if type(value) is dict else NOTHING


def records(data: Record, key: str) -> list[dict[str, Any]]:
    """Return the objects of the list under `key`; none when it is absent or null."""
    value = data.get(key)
    if type(value) is not list:
        return []
    return [entry for entry in value if type(entry) is dict]


def text(data: Record, key: str) -> str:
    """Return the text under `key`, `''` when absent; ids that came as numbers are read as text."""
    value = data.get(key)
    return value if type(value) is str else as_text(value)


def as_text(value: object) -> str:
    """Return what a single JSON value says, `''` for null, lists and objects."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _plain(value)
    return str(value)


@functools.lru_cache(1_000)  # tax rates: few, and on every line
def _plain(value: Decimal) -> str:
    return format(value, "f") if abs(value.adjusted()) < 40 else str(value)


def required_text(data: Record, *keys: str) -> str:
    """Return the first text found under one of the keys. Raises Garbled when there is none."""
    for key in keys:
        found = text(data, key)
        if found:
            return found
    raise Garbled(what=f"{keys[0]} is missing")


def flag(data: Record, *keys: str) -> bool:
    """Return the truth under the first of the keys that is there; False when none is."""
    for key in keys:
        value = data.get(key)
        if value is not None:
            return value is True or value == "true"
    return False


def count(data: Record, key: str, default: int = 0) -> int:
    """Return the whole number under `key`, be it a number or a numeric string. Raises Garbled."""
    value = data.get(key)
    if type(value) is int:
        return value
    if value is None or value == "":
        return default
    number = _as_decimal(value, key)
    whole = int(number)
    if whole != number:
        raise Garbled(what=f"{key} is not a whole number")
    return whole


def _as_decimal(value: object, what: str) -> Decimal:
    if type(value) is Decimal:
        number = value
    elif isinstance(value, bool) or not isinstance(value, (int, str)):
        raise Garbled(what=f"{what} is not a number")
    else:
        try:
            number = Decimal(value)
        except ArithmeticError as error:
            raise Garbled(what=f"{what} is not a number") from error
    if not number.is_finite() or number.copy_abs() > _LARGEST:
        raise Garbled(what=f"{what} is out of range")
    return number


def moneys(currency: str) -> Mapping[Any, Money]:
    """Return the reader of amounts in this currency: `moneys("EUR")[value]`. Raises Garbled."""
    purse = _purses.get(currency)
    if purse is None:
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise Garbled(what="currency is missing or no currency")
        purse = _purses[currency] = _Purse(currency)
    return purse


def as_money(value: object, purse: Mapping[Any, Money]) -> Money:
    """Return the amount. Raises Garbled for nonsense and for none."""
    try:
        if value is not True and value is not False:  # they would be found as 1 and 0
            return purse[value]
    except TypeError as error:  # a list or an object
        raise Garbled(what="an amount is none") from error
    raise Garbled(what="an amount is none")


def required_amount(data: Record, key: str, purse: Mapping[Any, Money]) -> Money:
    """Return the amount under `key`. Raises Garbled for nonsense and for none."""
    return as_money(data.get(key), purse)


def amount(data: Record, key: str, purse: Mapping[Any, Money]) -> Money:
    """Return the amount under `key`; zero when it is absent. Raises Garbled for nonsense."""
    value = data.get(key)
    return purse[0] if value is None else as_money(value, purse)


def amount_if_any(data: Record, key: str, purse: Mapping[Any, Money]) -> Money | None:
    """Return the amount under `key`, None when it is absent. Raises Garbled for nonsense."""
    value = data.get(key)
    return None if value is None else as_money(value, purse)


def moment(data: Record, key: str) -> datetime | None:
    """Return the time under `key`, aware; None when it is absent or no time at all."""
    value = data.get(key)
    if type(value) is not str:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read if read.tzinfo is not None else None


def metadata(data: Record) -> tuple[tuple[str, str], ...]:
    """Return the metadata as pairs of text, ordered by key."""
    return as_pairs(record(data, "metadata"))


def as_pairs(held: Record) -> tuple[tuple[str, str], ...]:
    """Return the entries as pairs of text, ordered by key."""
    return tuple(sorted([(key, as_text(value)) for key, value in held.items()])) if held else ()


def filled(**fields: object) -> dict[str, object]:
    """Return the fields that say something: absent is the service's word for none."""
    return {key: value for key, value in fields.items() if value not in (None, "", (), {})}


def number(money: Money) -> Decimal | int:
    """Return the amount as the JSON number to send: with exactly the currency's digits."""
    return money.amount if exponent(money.currency) else money.minor
