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
    keeps: str = ""  # takes the place of this method where the source is to be kept
    business: bool = False  # for business customers only


_EURO = ("EUR",)
METHODS: dict[str, Method] = {
    "creditCard": Method("standard", reusable=True, moto=True),
    "googlePay": Method("standard", reusable=True),
    "applePay": Method("standard", reusable=True),
    "payPal": Method("redirect", redirects_first=True),
    "payPalBilling": Method("redirect", reusable=True, redirects_first=True, keeps="payPal"),
    "payPalCredit": Method(
        "redirect", countries=("US",), currencies=("USD",), redirects_first=True
    ),
    "klarnaCredit": Method(
        "redirect",
        countries=("DE", "AT", "SE", "NO", "FI", "DK", "NL", "GB", "US"),
        currencies=("EUR", "SEK", "NOK", "DKK", "GBP", "USD"),
    ),
    "klarnaCreditRecurring": Method(
        "redirect",
        reusable=True,
        countries=("DE", "AT", "SE", "NO", "FI", "DK", "NL", "GB", "US"),
        currencies=("EUR", "SEK", "NOK", "DKK", "GBP", "USD"),
        keeps="klarnaCredit",
    ),
    "directDebit": Method(
        "redirect",
        reusable=True,
        countries=("DE", "AT", "FR", "ES", "IT", "NL", "BE"),
        currencies=_EURO,
    ),
    "bancontact": Method("redirect", countries=("BE",), currencies=_EURO),
    "ideal": Method("redirect", reusable=True, countries=("NL",), currencies=_EURO),
    "onlineBanking": Method(
        "redirect", countries=("AT", "DE", "FI", "PL", "SE"), currencies=("EUR", "PLN", "SEK")
    ),
    "alipay": Method("redirect", countries=("CN", "HK"), currencies=("CNY", "USD", "HKD")),
    "alipayCn": Method("redirect", reusable=True, countries=("CN",), currencies=("CNY",)),
    "amazonPay": Method("redirect", reusable=True, credit=False, offered=False),
    "afterPay": Method(
        "redirect",
        countries=("US", "CA", "AU", "NZ"),
        currencies=("USD", "CAD", "AUD", "NZD"),
        credit=False,
    ),
    "clearPay": Method("redirect", countries=("GB",), currencies=("GBP",), credit=False),
    "blik": Method("redirect", countries=("PL",), currencies=("PLN",)),
    "bnpParibas": Method("redirect", countries=("FR",), currencies=_EURO),
    "trustly": Method(
        "redirect",
        countries=("AT", "DE", "DK", "EE", "ES", "FI", "GB", "LT", "LV", "NL", "NO", "SE"),
        currencies=("EUR", "DKK", "GBP", "NOK", "SEK"),
    ),
    "msts": Method("redirect", reusable=True, business=True),
    "ccAvenue": Method("redirect", countries=("IN",), currencies=("INR",)),
    "bankTransfer": Method("redirect", countries=("KR",), currencies=("KRW",)),
    "payco": Method("redirect", countries=("KR",), currencies=("KRW",)),
    "fpxOnlineBanking": Method("redirect", countries=("MY",), currencies=("MYR",)),
    "wireTransfer": Method("receiver"),
    "konbini": Method("receiver", countries=("JP",), currencies=("JPY",)),
    "bPay": Method("receiver", countries=("AU",), currencies=("AUD",), offered=False),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """For whom methods are wanted; None and False = whatever."""

    country: str | None = None
    currency: str | None = None
    charge_type: str | None = None
    keep: bool = False  # only what can be stored or charged again
    business: bool = False
    everything: bool = False  # all of the account, no sale in hand


def available(wish: Wish) -> list[str]:
    """What is offered, in the order the form shows it (contract section 6, drop-in 2.2)."""
    return [name for name, method in METHODS.items() if _fits(method, wish)]


def _fits(method: Method, wish: Wish) -> bool:
    if not method.offered or (wish.keep and not method.reusable):
        return False
    if not wish.everything and (bool(method.keeps) > wish.keep or method.business > wish.business):
        return False
    here = wish.country is None or not method.countries or wish.country in method.countries
    paid = wish.currency is None or not method.currencies or wish.currency in method.currencies
    return here and paid and (wish.charge_type != "moto" or method.moto)
