"""What is asked about the shop, by the first questions and by the Settings screen alike.

Checks nothing but the writing of a price: the use cases do.
"""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies

from posapp.domain.customer import Address, FieldProblem
from posapp.domain.errors import BadField
from posapp.domain.money import Money, is_currency
from posapp.domain.sale import ShippingOption
from posapp.domain.shop import Shop
from posapp.domain.words import tr
from posapp.ui.kit.address_form import AddressField
from posapp.ui.kit.countries import countries, town_fields
from posapp.ui.kit.fields import plain_amount, read_amount

# The languages the service writes to buyers in (contract 21, locales).
_LOCALES = (
    "cs_CZ da_DK de_AT de_CH de_DE en_US es_ES fi_FI fr_BE fr_CA fr_CH fr_FR it_CH it_IT ja_JP "
    "ko_KR nl_BE nl_NL no_NO pl_PL ro_RO sv_SE zh_CN zh_TW"
).split()
_DELIVERIES = 3
_ADDS_TAX = frozenset({"US", "CA"})  # where shelf prices are without tax
_ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")
_SIZES = (100, 110, 125, 150, 175, 200)


@cache
def currencies() -> tuple[tuple[str, str], ...]:
    """Return the currencies that are spent somewhere today as (code, words), by code."""
    held = get_global("territory_currencies").values()
    spent = {
        code for entries in held for code, _since, until, tender in entries if tender and not until
    }
    return tuple(
        (code, f"{code} · {get_currency_name(code, locale='en')}") for code in sorted(spent)
    )


@cache
def locales() -> tuple[tuple[str, str], ...]:
    """Return the languages buyers may be written to in, as (locale, words)."""
    named = ((code, _locale_words(code)) for code in _LOCALES)
    return tuple(sorted(named, key=lambda pair: pair[1]))


def _locale_words(code: str) -> str:
    known = {"no_NO": "nb_NO"}.get(code, code)  # the service's code is older than the standard
    return Locale.parse(known).get_display_name("en") or code


def shop_fields(country: str) -> tuple[AddressField, ...]:
    """Return what is asked about the shop, its address as its country writes it."""
    return (
        AddressField("shop_name", tr("Shop name"), hint=tr("Stands on every receipt"), span=4),
        AddressField("till", tr("This till"), span=2, hint=tr("Its own name, such as Till 2")),
        AddressField("country", tr("Country"), choices=countries(), span=3),
        AddressField("locale", tr("Language of the papers"), choices=locales(), span=3),
        AddressField("line1", tr("Street and number"), span=4),
        AddressField("line2", tr("Flat, floor"), is_required=False, span=2),
        *town_fields(country),
        AddressField("currency", tr("Currency"), choices=currencies(), span=3),
        AddressField(
            "price_basis",
            tr("Prices"),
            choices=(("inclusive", tr("include tax")), ("exclusive", tr("without tax"))),
            span=3,
            hint=tr("How the prices on your shelves are meant"),
        ),
        AddressField(
            "public_ip",
            tr("Public internet address"),
            hint=tr("The fixed one of your router. The fraud check looks at where a sale is made."),
        ),
        *_delivery_fields(),
    )


def _delivery_fields() -> tuple[AddressField, ...]:
    made: list[AddressField] = []
    for at in range(1, _DELIVERIES + 1):
        name = tr("Delivery {number}", number=at)
        made.append(
            AddressField(
                f"delivery_{at}_name",
                name,
                is_required=False,
                span=4,
                hint=tr("How goods are shipped, such as Standard, 3–5 days") if at == 1 else "",
            )
        )
        made.append(AddressField(f"delivery_{at}_price", tr("Price"), is_required=False, span=2))
    return tuple(made)


def usual(country: str) -> dict[str, str]:
    """Return what a shop in this country usually answers about its money and its language."""
    held = get_territory_currencies(country) if country else []
    basis = "exclusive" if country in _ADDS_TAX else "inclusive"
    spoken = [code for code in _LOCALES if code.endswith(f"_{country}")]
    language = {"locale": spoken[0]} if spoken else {}
    return {"currency": held[0] if held else "", "price_basis": basis, **language}


def values_of_shop(shop: Shop) -> dict[str, str]:
    """Return what the form shows for this shop."""
    place = shop.address
    held = {
        "shop_name": shop.name,
        "till": shop.till,
        "country": place.country,
        "locale": shop.locale,
        "line1": place.line1,
        "line2": place.line2,
        "city": place.city,
        "state": place.state,
        "postal_code": place.postal_code,
        "currency": shop.currency,
        "price_basis": "inclusive" if shop.tax_inclusive else "exclusive",
        "public_ip": shop.public_ip,
    }
    for at in range(_DELIVERIES):
        option = shop.shipping[at] if at < len(shop.shipping) else None
        held[f"delivery_{at + 1}_name"] = option.name if option else ""
        held[f"delivery_{at + 1}_price"] = plain_amount(option.price) if option else ""
    return held


def shop_of(values: dict[str, str]) -> Shop:
    """Return the shop the form describes. Raises BadField for a delivery's price that is none."""
    currency = values.get("currency", "")
    address = Address(
        **{part: values.get(part, "") for part in _ADDRESS},
    )
    return Shop(
        name=values.get("shop_name", ""),
        address=address,
        currency=currency,
        tax_inclusive=values.get("price_basis") == "inclusive",
        public_ip=values.get("public_ip", ""),
        locale=values.get("locale", "") or "en_US",
        till=values.get("till", ""),
        shipping=_deliveries(values, currency),
    )


def _deliveries(values: dict[str, str], currency: str) -> tuple[ShippingOption, ...]:
    found = []
    for at in range(1, _DELIVERIES + 1):
        name = values.get(f"delivery_{at}_name", "").strip()
        typed = values.get(f"delivery_{at}_price", "").strip()
        if not name and not typed:
            continue
        if not name:
            raise BadField(f"delivery_{at}_name", FieldProblem.MISSING)
        price = read_amount(typed or "0", currency) if is_currency(currency) else None
        if price is None or price < Money.zero(currency):
            raise BadField(f"delivery_{at}_price", FieldProblem.BAD_PRICE)
        found.append(ShippingOption(f"delivery-{at}", name, price))
    return tuple(found)
