"""Whose parcel a tracking number names, told by its shape and check digit. Never asks a carrier.

A number may fit several carriers. `guess` answers only when one of them fits clearly better than
the others; `candidates` lists all that fit, the likeliest first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Carrier:
    """Somebody who brings parcels; `{}` in `address` takes the number."""

    name: str
    address: str

    def url(self, number: str) -> str:
        """Return the page that follows this parcel."""
        return self.address.format(quote(tidy(number), safe=""))


UPS = Carrier("UPS", "https://www.ups.com/track?tracknum={}")
FEDEX = Carrier("FedEx", "https://www.fedex.com/fedextrack/?trknbr={}")
USPS = Carrier("USPS", "https://tools.usps.com/go/TrackConfirmAction?tLabels={}")
DHL = Carrier("DHL", "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}")
DPD = Carrier("DPD", "https://tracking.dpd.de/status/en_US/parcel/{}")
GLS = Carrier("GLS", "https://gls-group.com/track/{}")
ROYAL_MAIL = Carrier("Royal Mail", "https://www.royalmail.com/track-your-item#/tracking-results/{}")
LA_POSTE = Carrier("La Poste", "https://www.laposte.fr/outils/suivre-vos-envois?code={}")
JAPAN_POST = Carrier(
    "Japan Post", "https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1={}"
)
CANADA_POST = Carrier(
    "Canada Post", "https://www.canadapost-postescanada.ca/track-reperage/en#/details/{}"
)
AUSTRALIA_POST = Carrier("Australia Post", "https://auspost.com.au/mypost/track/#/details/{}")
SWISS_POST = Carrier("Swiss Post", "https://service.post.ch/ekp-web/ui/entry/search/{}")
POSTNL = Carrier("PostNL", "https://jouw.postnl.nl/track-and-trace/{}")

CARRIERS = (
    UPS, FEDEX, USPS, DHL, DPD, GLS, ROYAL_MAIL, LA_POSTE, JAPAN_POST, CANADA_POST,
    AUSTRALIA_POST, SWISS_POST, POSTNL,
)  # fmt: skip

_POSTS = {
    "US": USPS,
    "GB": ROYAL_MAIL,
    "FR": LA_POSTE,
    "JP": JAPAN_POST,
    "DE": DHL,
    "CA": CANADA_POST,
    "AU": AUSTRALIA_POST,
    "CH": SWISS_POST,
    "NL": POSTNL,
}
"""The post of a country, by the last two letters of an international number (UPU S10)."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """A shape a carrier uses; `weight` says how telling it is, 3 being unmistakable."""

    carrier: Carrier
    pattern: re.Pattern[str]
    proves: Callable[[str], bool]
    weight: int


def tidy(number: str) -> str:
    """Return the number as carriers store it: capitals, no spaces, dots or dashes."""
    return re.sub(r"[\s.\-]", "", number).upper()


def candidates(number: str) -> tuple[Carrier, ...]:
    """Return the carriers this number may be of, the likeliest first."""
    return tuple(carrier for carrier, _ in _ranked(number))


def guess(number: str) -> Carrier | None:
    """Return the one carrier that fits clearly better than every other, or None."""
    ranked = _ranked(number)
    if not ranked:
        return None
    alone = len(ranked) == 1 or ranked[0][1] > ranked[1][1]
    return ranked[0][0] if alone else None


def named(name: str) -> Carrier | None:
    """Return the carrier a person wrote down, whatever capitals they used."""
    wanted = name.strip().casefold()
    return next((carrier for carrier in CARRIERS if carrier.name.casefold() == wanted), None)


def _ranked(number: str) -> list[tuple[Carrier, int]]:
    plain = tidy(number)
    best: dict[Carrier, int] = {}
    if post := _post_of(plain):
        best[post] = 3
    for shape in _SHAPES:
        if shape.pattern.fullmatch(plain) and shape.proves(plain):
            best[shape.carrier] = max(shape.weight, best.get(shape.carrier, 0))
    return sorted(best.items(), key=lambda found: -found[1])


# ---- check digits


def _post_of(number: str) -> Carrier | None:
    """UPU S10: two letters, eight digits and a check digit, the country."""
    if not re.fullmatch(r"[A-Z]{2}\d{9}[A-Z]{2}", number):
        return None
    rest = sum(int(d) * w for d, w in zip(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    check = {0: 5, 1: 0}.get(rest, 11 - rest)
    return _POSTS.get(number[-2:]) if check == int(number[10]) else None


def _ups(number: str) -> bool:
    """Letters count as digits: A is 2, B is 3 and so on; every second figure counts twice."""
    figures = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in number[2:-1]]
    total = sum(figures[::2]) + 2 * sum(figures[1::2])
    return number[-1] == str(-total % 10)


def _fedex_12(number: str) -> bool:
    weights = (3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1)
    total = sum(int(d) * w for d, w in zip(number[:11], weights, strict=True))
    return total % 11 % 10 == int(number[11])


def _ends_mod_10(number: str) -> bool:
    """Tens complement, every second digit from the right three times (USPS, FedEx, SSCC)."""
    body = [int(d) for d in reversed(number[:-1])]
    return -(3 * sum(body[::2]) + sum(body[1::2])) % 10 == int(number[-1])


def _ends_mod_7(number: str) -> bool:
    return int(number[:-1]) % 7 == int(number[-1])


def _any(_number: str) -> bool:
    return True


def _shape(carrier: Carrier, pattern: str, proves: Callable[[str], bool], weight: int) -> _Shape:
    return _Shape(carrier, re.compile(pattern), proves, weight)


_SHAPES = (
    _shape(UPS, r"1Z[A-Z0-9]{15}\d", _ups, 3),
    _shape(USPS, r"(?:420\d{5}(?:\d{4})?)?9[1-5]\d{20}", lambda n: _ends_mod_10(n[-22:]), 3),
    _shape(USPS, r"(?:70|71|73|77|81|82|91)\d{18}", _ends_mod_10, 2),
    _shape(DHL, r"JJD\d{15,18}|JVGL\d{10,16}|GM\d{16,20}", _any, 3),
    _shape(DHL, r"003404\d{14}", _ends_mod_10, 3),
    _shape(DHL, r"\d{10}", _ends_mod_7, 2),
    _shape(FEDEX, r"96\d{20}", _any, 2),
    _shape(FEDEX, r"\d{12}", _fedex_12, 2),
    _shape(FEDEX, r"\d{15}", _ends_mod_10, 2),
    _shape(LA_POSTE, r"\d[A-Z]\d{11}", _any, 3),
    _shape(LA_POSTE, r"[5-9]\d{12}", _any, 1),
    _shape(DPD, r"[01]\d{13}[A-Z0-9]?", _any, 2),
    _shape(ROYAL_MAIL, r"\d{16}|\d{21}", _any, 1),
    _shape(GLS, r"\d{11}", _ends_mod_10, 2),
    _shape(GLS, r"[A-Z][A-Z0-9]{7}", lambda n: any(c.isdigit() for c in n), 1),
    _shape(JAPAN_POST, r"\d{11,12}", _ends_mod_7, 2),
)
