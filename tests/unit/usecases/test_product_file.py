"""Products from a table file: what a spreadsheet writes is read, and every bad line is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField, NotAllowed
from posapp.domain.money import Money
from posapp.usecases.product_file import EXAMPLE, BadLine, read_price, read_products
from posapp.usecases.products import ProductDesk
from tests.helpers.shop import Shop
from tests.unit.usecases.conftest import OpenShop

HEAD = "sku,name,price,tax_code,country_of_origin"


def desk_of(shop: Shop) -> ProductDesk:
    return ProductDesk(shop.session.store, shop.desks.present, shop.clock, "USD")


def test_the_example_can_be_taken_as_it_is() -> None:
    reading = read_products(EXAMPLE.encode("utf-8-sig"), "USD")
    assert reading.bad == ()
    mug, book = reading.products
    assert (mug.name, mug.price, mug.weight_g) == ("Enamel mug, white", Money(1400, "USD"), 380)
    assert mug.physical
    assert not book.physical


def test_a_german_spreadsheet_writes_semicolons_and_commas() -> None:
    table = "SKU;Name;Price;Tax_code;Country_of_origin\r\nA;Löffel;4,50;4323.310_A;de\r\n"
    (spoon,) = read_products(table.encode("cp1252"), "EUR").products
    assert (spoon.name, spoon.price) == ("Löffel", Money(450, "EUR"))
    assert spoon.country_of_origin == "DE"


@pytest.mark.parametrize(
    ("line", "field", "problem"),
    [
        ("A 1,x,1,t,US", "sku", FieldProblem.BAD_SKU),
        ("A,,1,t,US", "name", FieldProblem.MISSING),
        ("A,x,one,t,US", "price", FieldProblem.BAD_PRICE),
        ("A,x,1.001,t,US", "price", FieldProblem.BAD_PRICE),
        ("A,x,-1,t,US", "price", FieldProblem.BAD_PRICE),
        ("A,x,NaN,t,US", "price", FieldProblem.BAD_PRICE),
        ("A,x,1,,US", "tax_code", FieldProblem.MISSING),
        ("A,x,1,t,Spain", "country_of_origin", FieldProblem.BAD_COUNTRY),
        ("A,x,1", "tax_code", FieldProblem.MISSING),
    ],
)
def test_a_line_that_cannot_be_used_is_told_by_number_and_column(
    line: str, field: str, problem: FieldProblem
) -> None:
    reading = read_products(f"{HEAD}\nOK,fine,1,t,US\n\n{line}\n".encode(), "USD")
    assert [product.sku for product in reading.products] == ["OK"]
    assert reading.bad == (BadLine(4, field, problem),)


def test_a_number_or_barcode_that_stands_twice_is_taken_once() -> None:
    table = (
        f"{HEAD},barcode\nA,x,1,t,US,40\nA,y,2,t,US,41\nB,z,3,t,US,40\nC,v,4,t,US,\nD,w,5,t,US,\n"
    )
    reading = read_products(table.encode(), "USD")
    assert [product.sku for product in reading.products] == ["A", "C", "D"]
    assert [(bad.line, bad.field) for bad in reading.bad] == [(3, "sku"), (4, "barcode")]


def test_a_file_without_its_headings_says_which_are_missing() -> None:
    reading = read_products(b"name,price\nx,1\n", "USD")
    assert reading.products == ()
    assert {bad.field for bad in reading.bad} == {"sku", "tax_code", "country_of_origin"}


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"\xff\xfe", b'"', b"sku\n\x81"])
def test_a_file_that_is_no_table_is_refused_whole(data: bytes) -> None:
    assert read_products(data, "USD").products == ()


@pytest.mark.parametrize("text", ["1,000.00", "", "1e400", "Infinity", "٣"])
def test_what_is_no_price_is_not_guessed_at(text: str) -> None:
    with pytest.raises(BadField):
        read_price(text, "USD")


async def test_taking_a_file_brings_the_products_to_the_counter_and_the_audit(
    shop_at: OpenShop, tmp_path: Path
) -> None:
    async with shop_at() as shop:
        shop.sign_in("ada")
        desk = desk_of(shop)
        _known, before = await desk.find("")
        file = tmp_path / "products.csv"
        await desk.write_example(file)
        reading = await desk.read_file(file)
        assert await desk.take(reading.products) >= 1
        assert await desk.take(reading.products) == 0
        found, after = await desk.find("pattern book")
        assert after >= before
        assert [listed.product.sku for listed in found] == ["EBOOK-PAT"]
        entries = await shop.session.store.shared.read(lambda tx: tx.audit.entries(2))
        assert [entry.kind for entry in entries] == ["products changed", "products changed"]


async def test_only_an_administrator_changes_what_is_sold(
    shop_at: OpenShop, tmp_path: Path
) -> None:
    async with shop_at() as shop:
        shop.sign_in("mara")
        desk = desk_of(shop)
        for work in (
            desk.find(""),
            desk.read_file(tmp_path / "x.csv"),
            desk.write_example(tmp_path / "x.csv"),
            desk.take(()),
        ):
            with pytest.raises(NotAllowed):
                await work
        assert not (tmp_path / "x.csv").exists()


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_line() -> None:
    head = "sku,name,price,tax_code,country_of_origin\n"
    good, stray = "A-1,mug,1.00,4323.310_A,CN\n", 'A-2,"mug,1.00,4323.310_A,CN\n'
    reading = read_products((head + good + stray + good * 8000).encode(), "USD")
    assert [product.sku for product in reading.products] == ["A-1"]
    assert reading.bad == (BadLine(3, "sku", FieldProblem.OPEN_QUOTE),)
    stray_head = '"' + head + good * 8000
    assert read_products(stray_head.encode(), "USD").bad[0].problem == FieldProblem.OPEN_QUOTE


def test_a_file_of_an_old_mac_is_read() -> None:
    text = "sku,name,price,tax_code,country_of_origin\rA-1,mug,1.00,4323.310_A,CN\r"
    assert [product.sku for product in read_products(text.encode(), "USD").products] == ["A-1"]
