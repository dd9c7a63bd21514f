"""Payment methods: flow, reuse, and where each is offered (contract section 6, drop-in 2.2)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """One kind of source."""

    flow: str
    reusable: bool = False
    countries: tuple[str, ...] = ()  # empty = everywhere
    currencies: tuple[str, ...] = ()
    credit: bool = True  # combines with store credit
    moto: bool = False
    redirects_first: bool = False
    offered: bool = True  # by the form


_EURO = ("EUR",)
METHODS: dict[str, Method] = {
    "creditCard": Method("standard", reusable=True, moto=True),
    "googlePay": Method("standard", reusable=True),
    "applePay": Method("standard", reusable=True),
    "payPal": Method("redirect", redirects_first=True),
    "payPalBilling": Method("redirect", reusable=True, redirects_first=True, offered=False),
    "payPalCredit": Method(
        "redirect", countries=("US",), currencies=("USD",), redirects_first=True
    ),
    "klarnaCredit": Method(
        "redirect",
        countries=("DE", "AT", "SE", "NO", "FI", "DK", "NL", "GB", "US"),
        currencies=("EUR", "SEK", "NOK", "DKK", "GBP", "USD"),
    ),
    "klarnaCreditRecurring": Method("redirect", reusable=True, offered=False),
    "directDebit": Method(
        "redirect",
        reusable=True,
        countries=("DE", "AT", "FR", "ES", "IT", "NL", "BE"),
        currencies=_EURO,
    ),
    "bancontact": Method("redirect", countries=("BE",), currencies=_EURO),
    "ideal": Method("redirect", reusable=True, countries=("NL",), currencies=_EURO),
    "onlineBanking": Method("redirect", countries=("PL", "CZ", "MY"), currencies=("PLN", "CZK")),
    "alipay": Method("redirect", countries=("CN", "HK"), currencies=("CNY", "USD", "HKD")),
    "alipayCn": Method("redirect", reusable=True, countries=("CN",), currencies=("CNY",)),
    "amazonPay": Method("redirect", reusable=True, credit=False, offered=False),
    "afterPay": Method("redirect", countries=("US", "CA", "AU", "NZ"), credit=False),
    "clearPay": Method("redirect", countries=("GB",), currencies=("GBP",), credit=False),
    "blik": Method("redirect", countries=("PL",), currencies=("PLN",)),
    "bnpParibas": Method("redirect", countries=("FR",), currencies=_EURO),
    "trustly": Method("redirect", countries=("SE", "FI", "DE"), currencies=("SEK", "EUR")),
    "msts": Method("redirect", reusable=True, offered=False),
    "ccAvenue": Method("redirect", countries=("IN",), currencies=("INR",)),
    "bankTransfer": Method("redirect", countries=("KR",), currencies=("KRW",)),
    "payco": Method("redirect", countries=("KR",), currencies=("KRW",)),
    "fpxOnlineBanking": Method("redirect", countries=("MY",), currencies=("MYR",)),
    "wireTransfer": Method("receiver"),
    "konbini": Method("receiver", countries=("JP",), currencies=("JPY",)),
    "bPay": Method("receiver", countries=("AU",), currencies=("AUD",), offered=False),
}


def available(country: str | None, currency: str | None, charge_type: str | None) -> list[str]:
    """What the form offers for this country and currency, in the order it shows them."""
    found = []
    for name, method in METHODS.items():
        here = country is None or not method.countries or country in method.countries
        paid = currency is None or not method.currencies or currency in method.currencies
        allowed = charge_type != "moto" or method.moto
        if method.offered and here and paid and allowed:
            found.append(name)
    return found
