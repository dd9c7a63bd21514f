"""What the shop sells.

Never knows stock at the service: stock is ours and comes with a later area.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField
from posapp.domain.money import Money


@dataclass(frozen=True, slots=True)
class Product:
    """One product as the shop keeps it; `sku` is also its id at the service (contract 3 step 1)."""

    sku: str
    name: str
    price: Money
    physical: bool
    tax_code: str
    country_of_origin: str
    barcode: str = ""
    part_number: str = ""
    hs_code: str = ""
    eccn: str = "EAR99"
    weight_g: int = 0
    description: str = ""


def check_product(product: Product) -> None:
    """Raise BadField for what the till or the service could not work with (contract 3)."""
    for field, value in (
        ("sku", product.sku),
        ("name", product.name),
        ("tax_code", product.tax_code),
        ("country_of_origin", product.country_of_origin),
    ):
        if not value.strip():
            raise BadField(field, FieldProblem.MISSING)
    if product.price < Money.zero(product.price.currency):
        raise BadField("price", FieldProblem.BAD_PRICE)
    if not re.fullmatch(r"[A-Z]{2}", product.country_of_origin):
        raise BadField("country_of_origin", FieldProblem.BAD_COUNTRY)
    if not re.fullmatch(r"[A-Za-z0-9._-]+", product.sku):
        raise BadField("sku", FieldProblem.BAD_SKU)
