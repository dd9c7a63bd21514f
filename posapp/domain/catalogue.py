"""What the shop sells.

Never knows stock at the service: stock is ours and comes with a later area.
"""

from __future__ import annotations

from dataclasses import dataclass

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
