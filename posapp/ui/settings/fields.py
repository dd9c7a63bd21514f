"""What is asked about the service, the data, this till's looks and the people.

The first questions and the Settings screen show the same fields. Checks nothing: the use cases do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posapp.config.settings import API_URL, JS_URL, Density, Settings, Theme
from posapp.domain.catalogue import Product
from posapp.domain.staff import Role, Staff
from posapp.domain.words import tr
from posapp.ui.kit.address_form import AddressField
from posapp.ui.kit.countries import countries
from posapp.usecases.first_start import Administrator
from posapp.usecases.product_file import read_price, read_weight
from posapp.usecases.trial import Keys

_SIZES = (100, 110, 125, 150, 175, 200)


def service_fields(*, key_hint: str) -> tuple[AddressField, ...]:
    """Return what is asked about the service. `key_hint` says what an empty key field means."""
    return (
        AddressField("secret_key", tr("Secret key"), is_secret=True, hint=key_hint),
        AddressField("public_key", tr("Public key"), hint=tr("Starts with pk_")),
        AddressField("api_url", tr("Address of the service"), hint=tr("Change it only if told to")),
        AddressField(
            "js_url",
            tr("Address of the payment form"),
            hint=tr("The folder that holds DigitalRiver.js"),
        ),
    )


def values_of_service(settings: Settings) -> dict[str, str]:
    """Return what the form shows; the secret key is never shown."""
    return {
        "secret_key": "",
        "public_key": settings.public_key,
        "api_url": settings.api_url,
        "js_url": settings.js_url,
    }


def keys_of(values: dict[str, str]) -> Keys:
    """Return the keys the form describes."""
    return Keys(
        values.get("secret_key", ""),
        values.get("public_key", ""),
        values.get("api_url", "") or API_URL,
        values.get("js_url", "") or JS_URL,
    )


def database_fields() -> tuple[AddressField, ...]:
    """Return what is asked about the shop's data."""
    hint = tr("postgresql://user:password@host/database; empty: on this computer")
    return (AddressField("database_url", tr("Database"), is_required=False, hint=hint),)


def looks_fields() -> tuple[AddressField, ...]:
    """Return what is asked about this till's looks."""
    themes = {
        Theme.SYSTEM: tr("as the computer"),
        Theme.LIGHT: tr("light"),
        Theme.DARK: tr("dark"),
    }
    densities = {Density.COMFORTABLE: tr("mouse and keyboard"), Density.TOUCH: tr("fingers")}
    return (
        AddressField("till", tr("This till"), hint=tr("Its own name, such as Till 2"), span=3),
        AddressField("density", tr("Buttons for"), choices=_choices(densities), span=3),
        AddressField("theme", tr("Colours"), choices=_choices(themes), span=3),
        AddressField(
            "text_scale",
            tr("Text size"),
            choices=tuple((str(size), f"{size} %") for size in _SIZES),
            span=3,
            hint=tr("At most what this screen holds"),
        ),
    )


def values_of_looks(settings: Settings) -> dict[str, str]:
    """Return what the form shows of these settings."""
    touch = settings.density is Density.TOUCH
    nearest = min(_SIZES, key=lambda size: abs(size - settings.text_scale))
    return {
        "till": settings.till,
        "theme": settings.theme.value,
        "text_scale": str(nearest),
        "density": (Density.TOUCH if touch else Density.COMFORTABLE).value,
    }


def looks_of(values: dict[str, str]) -> dict[str, object]:
    """Return the settings the form describes, by name."""
    return {
        "till": values["till"],
        "theme": values["theme"] or Theme.SYSTEM.value,
        "text_scale": int(values["text_scale"] or 100),
        "density": values["density"] or Density.COMFORTABLE.value,
    }


def role_word(role: Role) -> str:
    """Return the word for a role."""
    return role_words(role).partition(":")[0]


def role_words(role: Role) -> str:
    """Return the word for a role, and what it may do."""
    words = {
        Role.CLERK: tr("Clerk: sells and hands over"),
        Role.FULFILMENT: tr("Fulfilment: ships and cancels lines"),
        Role.MANAGER: tr("Manager: everything but settings"),
        Role.ADMIN: tr("Administrator: everything"),
    }
    return words[role]


def staff_fields(*, is_new: bool) -> tuple[AddressField, ...]:
    """Return what is asked about somebody who works here."""
    pin_hint = tr("Four digits") if is_new else tr("Empty: it stays")
    state = AddressField(
        "active",
        tr("Works here"),
        choices=(("yes", tr("yes, may sign in")), ("no", tr("no longer"))),
        span=6,
    )
    return (
        AddressField("staff_name", tr("Name"), span=6),
        AddressField(
            "role", tr("Role"), choices=tuple((role.value, role_words(role)) for role in Role)
        ),
        *_pin_fields(pin_hint, is_required=is_new),
        *(() if is_new else (state,)),
    )


def administrator_fields() -> tuple[AddressField, ...]:
    """Return what is asked about the first person."""
    return (
        AddressField("staff_name", tr("Your name"), hint=tr("As the sign-in shows it")),
        *_pin_fields(tr("Four digits"), is_required=True),
    )


def _pin_fields(hint: str, *, is_required: bool) -> tuple[AddressField, ...]:
    return (
        AddressField("pin", tr("PIN"), is_required, span=3, hint=hint, is_secret=True),
        AddressField("pin_again", tr("PIN again"), is_required, span=3, is_secret=True),
    )


def values_of_staff(staff: Staff) -> dict[str, str]:
    """Return what the form shows of this person; never a PIN."""
    active = "yes" if staff.active else "no"
    return {"staff_name": staff.name, "role": staff.role.value, "active": active}


def administrator_of(values: dict[str, str]) -> Administrator:
    """Return the first person the form describes."""
    return Administrator(
        values.get("staff_name", ""), values.get("pin", ""), values.get("pin_again", "")
    )


def product_fields() -> tuple[AddressField, ...]:
    """Return what is asked about a product."""
    return (
        AddressField("sku", tr("Number (SKU)"), span=2),
        AddressField("name", tr("Name"), span=4),
        AddressField("price", tr("Price"), span=2),
        AddressField(
            "kind",
            tr("Kind"),
            choices=(("physical", tr("goods")), ("digital", tr("digital"))),
            span=2,
        ),
        AddressField("barcode", tr("Barcode"), is_required=False, span=2),
        AddressField(
            "tax_code",
            tr("Tax code"),
            span=3,
            hint=tr("From Digital River’s tax table; it says what is shipped"),
        ),
        AddressField("country_of_origin", tr("Made in"), choices=countries(), span=3),
        AddressField("hs_code", tr("Customs code"), is_required=False, span=2),
        AddressField("part_number", tr("Part number"), is_required=False, span=2),
        AddressField("weight_g", tr("Weight in grams"), is_required=False, span=2),
        AddressField("description", tr("Description"), is_required=False),
    )


def values_of_product(product: Product) -> dict[str, str]:
    """Return what the form shows of this product."""
    return {
        "sku": product.sku,
        "name": product.name,
        "price": str(product.price.amount),
        "kind": "physical" if product.physical else "digital",
        "barcode": product.barcode,
        "tax_code": product.tax_code,
        "country_of_origin": product.country_of_origin,
        "hs_code": product.hs_code,
        "part_number": product.part_number,
        "weight_g": str(product.weight_g or ""),
        "description": product.description,
    }


def product_of(values: dict[str, str], currency: str) -> Product:
    """Return the product the form describes. Raises BadField for a price or weight that is none."""
    return Product(
        sku=values["sku"],
        name=values["name"],
        price=read_price(values["price"], currency),
        physical=values["kind"] != "digital",
        tax_code=values["tax_code"],
        country_of_origin=values["country_of_origin"],
        barcode=values["barcode"],
        part_number=values["part_number"],
        hs_code=values["hs_code"],
        weight_g=read_weight(values["weight_g"]),
        description=values["description"],
    )


def _choices(words: Mapping[Any, str]) -> tuple[tuple[str, str], ...]:
    return tuple((choice.value, said) for choice, said in words.items())
