"""Takes out of a text what must not lie on a disk. Never an excuse to log more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

HIDDEN: Final = "[hidden]"

_FIELDS: Final = (
    "authorization|proxy-authorization|api[-_]?key|secret[-_]?key|client[-_]?secret|sourceClientSecret"
    "|token|password|passwd|pin|cvv|cvc|securityCode|card[-_]?number|e[-_]?mail|name|given[-_]?name"
    "|family[-_]?name|first[-_]?name|last[-_]?name|phone|phone[-_]?number|line1|line2|city|postal[-_]?code"
    "|address|organization|browser[-_]?ip|iban|account[-_]?number|accountHolder|redirect[-_]?url|buyer"
)
_VALUE: Final = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\{[^{}]*\}|[^\s,;&}\])]+)"""
_BY_FIELD: Final = re.compile(
    rf"""(?<![A-Za-z0-9_])(["']?(?:{_FIELDS})["']?\s*[:=]\s*(?:(?:Bearer|Basic)\s+)?){_VALUE}""",
    re.IGNORECASE,
)
_BY_SHAPE: Final = (
    re.compile(r"\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=\-]+", re.IGNORECASE),
    re.compile(r"\b[sp]k_[A-Za-z0-9_]{3,}"),
    re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}_[0-9A-Za-z\-]{8,}"),  # clientSecret
    re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"),
)
_URL_PASSWORD: Final = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+@")
_DIGITS: Final = re.compile(r"(?<![0-9A-Za-z])[2-6](?:[ \-]?[0-9]){12,18}(?![0-9A-Za-z])")


def luhn(digits: str) -> bool:
    """Say whether the digits pass the check that every card number passes."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def nothing_known(digits: str) -> bool:  # noqa: ARG001  the shape of a look-up
    """Say that no such id is known; the default of `redact`."""
    return False


def redact(text: str, is_known: Callable[[str], bool] = nothing_known) -> str:
    """Return the text without keys, people and card numbers (design 12).

    `is_known` tells the ids and barcodes of ours that happen to look like a card number.
    """
    text = _BY_FIELD.sub(rf"\1{HIDDEN}", text)
    for shape in _BY_SHAPE:
        text = shape.sub(HIDDEN, text)
    text = _URL_PASSWORD.sub(rf"\1:{HIDDEN}@", text)
    return _DIGITS.sub(lambda found: _judged(found[0], is_known), text)


def _judged(written: str, is_known: Callable[[str], bool]) -> str:
    digits = re.sub(r"[ \-]", "", written)
    if not 13 <= len(digits) <= 19 or not luhn(digits) or is_known(digits):
        return written
    return HIDDEN
