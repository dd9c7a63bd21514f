"""Products from a table file: CSV as a spreadsheet writes it, checked line by line.

Reads only. A file is told whole: every line that cannot be used, and why.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from posapp.domain.catalogue import Product, check_product
from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField
from posapp.domain.money import Money, exponent

COLUMNS = (
    "sku",
    "name",
    "price",
    "kind",
    "tax_code",
    "country_of_origin",
    "barcode",
    "hs_code",
    "part_number",
    "weight_g",
    "description",
)
"""The columns, by their headings; the first three and tax_code and country_of_origin are needed."""
NEEDED = frozenset({"sku", "name", "price", "tax_code", "country_of_origin"})

_PRICE = re.compile(r"[0-9]{1,9}(\.[0-9]+)?")

EXAMPLE = (
    ",".join(COLUMNS) + "\r\n"
    'MUG-WHT,"Enamel mug, white",14.00,physical,4323.310_A,CN,4006381000017,6912.00,,380,\r\n'
    'EBOOK-PAT,"Pattern book, PDF",18.00,digital,4323.310_A,US,,,,,\r\n'
)
"""A file to begin with."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used: its number as a spreadsheet counts, the column, the problem."""

    line: int
    field: str
    problem: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds."""

    products: tuple[Product, ...]
    bad: tuple[BadLine, ...]


def read_products(data: bytes, currency: str) -> Reading:
    """Return the products of a CSV file, prices in `currency`.

    A file of semicolons writes decimals with a comma, as spreadsheets of those countries do.
    """
    text = _decoded(data)
    comma = "," in text and ";" in text.partition("\n")[0]
    delimiter = ";" if comma else "\t" if "\t" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text, newline=None), delimiter=delimiter)
    try:
        names = {name: name.strip().lower() for name in rows.fieldnames or () if name}
    except csv.Error:
        return Reading((), (BadLine(1, "sku", FieldProblem.OPEN_QUOTE),))
    missing = [column for column in COLUMNS if column in NEEDED - set(names.values())]
    if missing:
        return Reading((), tuple(BadLine(1, name, FieldProblem.MISSING) for name in missing))
    products: dict[str, Product] = {}
    barcodes: set[str] = set()
    bad: list[BadLine] = []
    for line, row in _lines(rows, names):
        if row is None:
            bad.append(BadLine(line, "sku", FieldProblem.OPEN_QUOTE))
            break
        try:
            product = _product(row, currency, comma=delimiter == ";")
        except BadField as error:
            bad.append(BadLine(line, error.field, error.problem))
            continue
        if product.sku in products:
            bad.append(BadLine(line, "sku", FieldProblem.TWICE))
        elif product.barcode and product.barcode in barcodes:
            bad.append(BadLine(line, "barcode", FieldProblem.TWICE))
        else:
            products[product.sku] = product
            barcodes.add(product.barcode)
    return Reading(tuple(products.values()), tuple(bad))


def _lines(
    rows: csv.DictReader[str], names: Mapping[str, str]
) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Yield line and values; None for the line from which on the file cannot be read."""
    line = rows.line_num
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield line + 1, None
            return
        line = rows.line_num
        held = {names[name]: (value or "").strip() for name, value in row.items() if name in names}
        if any(held.values()):
            yield line, held


def _product(row: Mapping[str, str], currency: str, *, comma: bool) -> Product:
    kind = row.get("kind", "").lower() or "physical"
    if kind not in ("physical", "digital"):
        raise BadField("kind", FieldProblem.BAD_KIND)
    product = Product(
        sku=row["sku"],
        name=row["name"],
        price=read_price(row["price"], currency, comma=comma),
        physical=kind == "physical",
        tax_code=row["tax_code"],
        country_of_origin=row["country_of_origin"].upper(),
        barcode=row.get("barcode", ""),
        part_number=row.get("part_number", ""),
        hs_code=row.get("hs_code", ""),
        weight_g=read_weight(row.get("weight_g", "")),
        description=row.get("description", ""),
    )
    check_product(product)
    return product


def read_price(text: str, currency: str, *, comma: bool = False) -> Money:
    """Return the price. Raises BadField for what is none or has too many digits."""
    written = text.strip().replace(",", ".") if comma else text.strip()
    digits = exponent(currency)
    if not _PRICE.fullmatch(written) or len(written.partition(".")[2]) > digits:
        raise BadField("price", FieldProblem.BAD_PRICE)
    return Money.of(written, currency)


def read_weight(text: str) -> int:
    """Return whole grams, 0 for nothing. Raises BadField."""
    if not text.strip():
        return 0
    if not (text.strip().isascii() and text.strip().isdigit()):
        raise BadField("weight_g", FieldProblem.BAD_WEIGHT)
    return int(text)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
