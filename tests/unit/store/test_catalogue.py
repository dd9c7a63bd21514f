"""Customers and products: found as typed, by code, and what the service has not been told yet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.customer import BuyerKind, Customer, SavedSource, TaxIdentifier
from posapp.store.engine import Database
from posapp.store.transaction import Tx
from tests.helpers.builders import a_customer, a_party, a_product


def buyer(number: int, given: str, family: str, **facts: str) -> Customer:
    return a_customer(f"c-{number}", party=a_party(given_name=given, family_name=family, **facts))


async def test_everything_a_customer_holds_comes_back(database: Database) -> None:
    whole = Customer(
        id=buyer(1, "a", "b").id,
        party=a_party(organization="Žluťoučký Kůň s.r.o.", phone="+420 777 123 456"),
        kind=BuyerKind.BUSINESS,
        locale="cs_CZ",
        sources=(SavedSource("src", "creditCard", "Visa", "4242"),),
        tax_identifiers=(TaxIdentifier("t", "cz", "CZ123", "verified"),),
    )
    await database.write(lambda tx: tx.customers.save(whole))
    assert await database.read(lambda tx: tx.customers.get("c-1")) == whole
    moved = replace(whole, locale="en_GB")
    await database.write(lambda tx: tx.customers.save(moved))
    assert await database.read(lambda tx: tx.customers.get("c-1")) == moved
    assert await database.read(lambda tx: tx.customers.get("c-2")) is None


async def test_a_walk_in_is_not_kept(database: Database) -> None:
    with pytest.raises(ValueError, match="walk-in"):
        await database.write(lambda tx: tx.customers.save(a_customer()))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("renee", ["c-1"]),
        ("Renée", ["c-1"]),
        ("RENÉE O", ["c-1"]),
        ("oconnor", []),
        ("o'con", ["c-1"]),
        ("ren", ["c-3", "c-1"]),
        ("sorensen", ["c-2"]),
        ("søren", ["c-2"]),
        ("acme", ["c-3"]),
        ("rene acme", ["c-3"]),
        ("ada@", ["c-3", "c-2", "c-1"]),
        ("2345", ["c-2"]),
        ("1512345678", ["c-2"]),
        ("49151", ["c-2"]),
        ("+49 151", ["c-2"]),
        ("", ["c-3", "c-2", "c-1"]),
        ("李", ["c-3"]),
        ("nobody", []),
    ],
)
async def test_a_customer_is_found_as_the_name_is_typed(
    database: Database, typed: str, found: list[str]
) -> None:
    await database.write(
        lambda tx: tx.customers.save(
            buyer(1, "Renée", "O'Connor"),
            buyer(2, "Søren", "Sørensen", phone="+49 151 2345678"),
            buyer(3, "Rene", "李", organization="Acme Ltd"),
        )
    )
    result = await database.read(lambda tx: tx.customers.search(typed, 10))
    assert [customer.id for customer in result] == found


async def test_the_newest_customers_come_first_and_no_more_than_asked(database: Database) -> None:
    def work(tx: Tx) -> None:
        tx.customers.save(*(buyer(number, "Ada", "Lovelace") for number in range(9)))

    await database.write(work)
    result = await database.read(lambda tx: tx.customers.search("ada", 2))
    assert [customer.id for customer in result] == ["c-8", "c-7"]


async def test_a_product_is_found_by_barcode_then_by_number(database: Database) -> None:
    mug = a_product("MUG-01", barcode="4006381333931")
    tricky = a_product("4006381333931", barcode="")
    await database.write(lambda tx: tx.products.save_all([tricky, mug]))

    def asked(tx: Tx) -> list[object]:
        codes = (" 4006381333931 ", "MUG-01", "mug-01", "none", "")
        return [tx.products.by_code(code) for code in codes]

    assert await database.read(asked) == [mug, mug, mug, None, None]
    assert await database.read(lambda tx: tx.products.get("MUG-01")) == mug
    assert await database.read(lambda tx: tx.products.all_skus()) == ("4006381333931", "MUG-01")
    assert await database.read(lambda tx: tx.products.count()) == 2


@pytest.mark.parametrize(
    ("typed", "found"),
    [("ena", ["MUG-01"]), ("enamel m", ["MUG-01"]), ("blue", ["BLUE-7"]), ("mug", ["MUG-01"])],
)
async def test_a_product_is_found_as_its_name_is_typed(
    database: Database, typed: str, found: list[str]
) -> None:
    told = [a_product("MUG-01"), a_product("BLUE-7", name="Blue kettle")]
    await database.write(lambda tx: tx.products.save_all(told))
    result = await database.read(lambda tx: tx.products.search(typed, 5))
    assert [product.sku for product in result] == found


async def test_what_changed_since_it_was_pushed_is_pushed_again(database: Database) -> None:
    mug, kettle = a_product("MUG-01"), a_product("KET-01")

    async def unpushed() -> list[str]:
        found = await database.read(lambda tx: tx.products.unpushed(9))
        return [product.sku for product in found]

    assert await database.write(lambda tx: tx.products.save_all([mug, kettle])) == 2
    assert await unpushed() == ["MUG-01", "KET-01"]
    await database.write(lambda tx: tx.products.mark_pushed("MUG-01", "hash-1"))
    assert await unpushed() == ["KET-01"]
    assert await database.read(lambda tx: tx.products.pushed("MUG-01")) == "hash-1"
    assert await database.write(lambda tx: tx.products.save_all([mug])) == 0  # the same again
    assert await unpushed() == ["KET-01"]
    dearer = a_product("MUG-01", "13.00", barcode=mug.barcode)
    assert await database.write(lambda tx: tx.products.save_all([dearer])) == 1
    assert await unpushed() == ["MUG-01", "KET-01"]
    assert await database.read(lambda tx: tx.products.pushed("MUG-01")) == ""
    with pytest.raises(ValueError, match="hash"):
        await database.write(lambda tx: tx.products.mark_pushed("MUG-01", ""))
