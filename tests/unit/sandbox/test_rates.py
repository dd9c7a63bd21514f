"""Taxes, duties, fees and sellers of every place the sandbox knows, counted against lists."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from posapp.sandbox import addresses, entities, money, pricing, rates
from posapp.sandbox.pricing import Goods, Terms
from posapp.sandbox.rates import Place
from posapp.sandbox.tables import table
from tests.unit.sandbox.shop import MINNESOTA, Shop

# state rates in per mille of a per cent: Alabama 4 % = 400
US = {
    "AL": 400, "AK": 0, "AZ": 560, "AR": 650, "CA": 725, "CO": 290, "CT": 635, "DE": 0, "DC": 600,
    "FL": 600, "GA": 400, "HI": 400, "ID": 600, "IL": 625, "IN": 700, "IA": 600, "KS": 650,
    "KY": 600, "LA": 500, "ME": 550, "MD": 600, "MA": 625, "MI": 600, "MN": 687.5, "MS": 700,
    "MO": 422.5, "MT": 0, "NE": 550, "NV": 685, "NH": 0, "NJ": 662.5, "NM": 487.5, "NY": 400,
    "NC": 475, "ND": 500, "OH": 575, "OK": 450, "OR": 0, "PA": 600, "RI": 700, "SC": 600,
    "SD": 420, "TN": 700, "TX": 625, "UT": 610, "VT": 600, "VA": 530, "WA": 650, "WV": 600,
    "WI": 500, "WY": 400,
}  # fmt: skip
CA = {
    "AB": 500, "BC": 1200, "MB": 1200, "NB": 1500, "NL": 1500, "NS": 1400, "NT": 500, "NU": 500,
    "ON": 1300, "PE": 1500, "QC": 1497.5, "SK": 1100, "YT": 500,
}  # fmt: skip
EU = {
    "AT": 20, "BE": 21, "BG": 20, "CY": 19, "CZ": 21, "DE": 19, "DK": 25, "EE": 24, "ES": 21,
    "FI": 25.5, "FR": 20, "GR": 24, "HR": 25, "HU": 27, "IE": 23, "IT": 22, "LT": 21, "LU": 17,
    "LV": 21, "MT": 18, "NL": 21, "PL": 23, "PT": 23, "RO": 21, "SE": 25, "SI": 22, "SK": 23,
}  # fmt: skip
OTHERS = {
    "GB": 20, "CH": 8.1, "NO": 25, "JP": 10, "AU": 10, "NZ": 15, "SG": 9, "KR": 10,
}  # fmt: skip
ZIPS = {
    "AL": "35203", "AK": "99501", "AZ": "85003", "AR": "72201", "CA": "95814", "CO": "80202",
    "CT": "06103", "DE": "19901", "DC": "20001", "FL": "32301", "GA": "30303", "HI": "96813",
    "ID": "83702", "IL": "62701", "IN": "46204", "IA": "50309", "KS": "66603", "KY": "40601",
    "LA": "70802", "ME": "04330", "MD": "21401", "MA": "02108", "MI": "48933", "MN": "56001",
    "MS": "39201", "MO": "65101", "MT": "59601", "NE": "68508", "NV": "89701", "NH": "03301",
    "NJ": "08608", "NM": "87501", "NY": "12207", "NC": "27601", "ND": "58501", "OH": "43215",
    "OK": "73102", "OR": "97301", "PA": "17101", "RI": "02903", "SC": "29201", "SD": "57501",
    "TN": "37219", "TX": "75001", "UT": "84111", "VT": "05602", "VA": "23219", "WA": "98501",
    "WV": "25301", "WI": "53703", "WY": "82001",
}  # fmt: skip
PROVINCE_CODES = {
    "AB": "T5J 2R7", "BC": "V8W 1P6", "MB": "R3C 4A5", "NB": "E3B 1B5", "NL": "A1B 4J6",
    "NS": "B3J 1S9", "NT": "X1A 2L9", "NU": "X0A 0H0", "ON": "M5H 2N2", "PE": "C1A 7N8",
    "QC": "G1R 4P5", "SK": "S4P 3V7", "YT": "Y1A 2C6",
}  # fmt: skip
POSTAL_CODES = {"DE": "50667", "FR": "75001", "ES": "28013", "IT": "00186", "GB": "WC2N 5HR"}
SELLERS = {
    "US": "C5_INC-ENTITY", "CA": "C5_INC-ENTITY", "GB": "DR_UK-ENTITY", "JP": "DR_JAPAN-ENTITY",
    "KR": "DR_KOREA-ENTITY", "TW": "DR_TAIWAN-ENTITY", "BR": "DR_BRAZIL-ENTITY",
}  # fmt: skip

WHERE = [
    *(({"country": "US", "state": code, "postalCode": ZIPS[code]}, rate) for code, rate in
      US.items()),
    *(({"country": "CA", "state": code, "postalCode": PROVINCE_CODES[code]}, rate) for code, rate in
      CA.items()),
    *(({"country": code, "postalCode": POSTAL_CODES.get(code, "1000")}, rate * 100) for code, rate
      in (EU | OTHERS).items()),
]  # fmt: skip


def test_every_place_is_there() -> None:
    known = table("rates")
    assert len(US) == 51
    assert known["us"].keys() >= US.keys()
    assert US.keys() <= addresses.US_STATES
    assert len(CA) == 13
    assert known["ca"].keys() == CA.keys() == addresses.CA_STATES
    assert len(EU) == 27
    assert {code for code in known["country"] if rates.is_eu(code)} == EU.keys()
    assert known["country"].keys() >= OTHERS.keys()


@pytest.mark.parametrize("name", ["us", "us_zip", "ca", "country"])
def test_every_rate_table_names_its_source_and_date(name: str) -> None:
    told = table("rates")["sources"][name]
    assert len(told["source"]) > 20
    assert re.fullmatch(r"20\d\d-\d\d", told["date"])


@pytest.mark.parametrize("name", ["duties", "fees", "currencies", "tax_ids", "seed"])
def test_every_other_table_names_its_source_and_date(name: str) -> None:
    told = table(name)
    assert told["source"]
    assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", told["date"])


@pytest.mark.parametrize(
    ("place", "rate"), WHERE, ids=[f"{p['country']}{p.get('state', '')}" for p, _ in WHERE]
)
def test_tax_everywhere_on_top_and_inside(shop: Shop, place: dict[str, str], rate: float) -> None:
    address = {"line1": "1 High Street", "city": "Town", **place}
    home = MINNESOTA if place["country"] == "US" else address
    fraction = Decimal(str(rate)) / 10_000
    shop.sku("vase", weight=1, weightUnit="kg")
    line = {"skuId": "vase", "price": 1000, "quantity": 3}
    terms: dict[str, Any] = {
        "ship_to": address, "currency": "EUR", "shipFrom": {"address": home},
        "shippingChoice": {"amount": 50},
    }  # fmt: skip
    on_top = shop.checkout(line, **terms)
    assert on_top["items"][0]["tax"]["rate"] == fraction
    assert on_top["items"][0]["tax"]["amount"] == _cents(3000 * fraction)
    assert on_top["totalTax"] == _cents(3000 * fraction) + _cents(50 * fraction)
    assert on_top["totalAmount"] == 3050 + on_top["totalTax"]
    inside = shop.checkout(line, taxInclusive=True, **terms)
    assert inside["totalAmount"] == 3050
    net = _cents(3000 / (1 + fraction)) + _cents(50 / (1 + fraction))
    assert (inside["subtotal"], inside["totalTax"]) == (net, 3050 - net)
    assert on_top["sellingEntity"]["id"] == SELLERS.get(place["country"], "DR_IRELAND-ENTITY")


def _cents(amount: Decimal) -> Decimal:
    return Decimal(money.half_away(amount * 100)) / 100


@pytest.mark.parametrize("country", sorted(EU | OTHERS))
def test_reduced_rates_are_not_above_the_standard(country: str) -> None:
    standard = rates.of(Place(country), "5215")
    assert rates.of(Place(country), "5510.1500") <= standard
    assert rates.of(Place(country), "5020.1700") <= standard


# -- sellers ----------------------------------------------------------------------------------


def test_every_country_has_one_seller_for_what_it_makes_itself() -> None:
    for country in {*table("rates")["country"], "US", "CA", "CN", "KE"}:
        for physical in (True, False):
            seller = entities.of_line(physical=physical, ship_from=country, country=country)
            assert seller == SELLERS.get(country, "DR_IRELAND-ENTITY")
            assert entities.NAMES[seller]


@pytest.mark.parametrize(
    ("country", "seller"),
    [
        ("JP", "DR_IRELAND-ENTITY"), ("KR", "DR_IRELAND-ENTITY"), ("TW", "DR_IRELAND-ENTITY"),
        ("BR", "DR_IRELAND-ENTITY"), ("GB", "DR_UK-ENTITY"), ("US", "C5_INC-ENTITY"),
        ("DE", "DR_IRELAND-ENTITY"),
    ],
)  # fmt: skip
def test_who_sells_what_comes_from_abroad(country: str, seller: str) -> None:
    assert entities.of_line(physical=True, ship_from="MX", country=country) == seller


def test_the_seller_is_known_once_both_ends_are(shop: Shop) -> None:
    taipei = {"line1": "7 Xinyi Road", "city": "Taipei", "postalCode": "110", "country": "TW"}
    number = shop.good("POST", "/tax-identifiers", {"type": "tw", "value": "12345678"})
    body = shop.basket(currency="TWD", shipFrom={"address": taipei}, customerType="business")
    del body["shipTo"], body["billTo"]
    checkout = shop.good("POST", "/checkouts", body)
    assert checkout["sellingEntity"] == {}
    updated = shop.good(
        "POST", f"/checkouts/{checkout['id']}",
        {"shipTo": {"name": "Mei", "address": taipei}, "taxIdentifiers": [{"id": number["id"]}]},
    )  # fmt: skip
    assert updated["sellingEntity"] == {"id": "DR_TAIWAN-ENTITY", "name": "Digital River Taiwan"}


# -- landed cost: the vendor's published samples ------------------------------------------------

DRONGEN = {
    "line1": "Deinsesteenweg 108B", "city": "Drongen", "postalCode": "9031", "country": "BE",
    "state": "Oost-Vlaanderen",
}  # fmt: skip


def _sandals_to_belgium(shop: Shop, first: int, second: int, **more: Any) -> Any:
    for name in ("left", "right"):
        shop.sku(name, name="Sandal", hsCode="6402.99")
    lines = [
        {"skuId": "left", "price": first, "quantity": 1},
        {"skuId": "right", "price": second, "quantity": 1},
    ]
    terms = {"ship_to": DRONGEN, "currency": "EUR", "shippingChoice": {"amount": 0}} | more
    return shop.checkout(*lines, **terms)


def test_published_import_at_the_threshold(shop: Shop) -> None:
    checkout = _sandals_to_belgium(shop, 75, 75)
    assert checkout["totalAmount"] == Decimal("181.5")
    assert (checkout["totalTax"], checkout["totalDuty"]) == (Decimal("31.5"), 0)
    assert checkout["totalImporterTax"] == 0
    for line in checkout["items"]:
        assert line["tax"] == {"rate": Decimal("0.21"), "amount": Decimal("15.75")}
        assert line["sellerTaxIdentifier"] == "IM3720000202"
    assert checkout["sellingEntity"]["id"] == "DR_IRELAND-ENTITY"


def test_published_import_above_the_threshold(shop: Shop) -> None:
    checkout = _sandals_to_belgium(shop, 75, 76)
    assert checkout["totalAmount"] == checkout["subtotal"] == Decimal("213.77")
    assert checkout["importerOfRecordTax"] is True
    assert (checkout["totalTax"], checkout["totalDuty"]) == (0, Decimal("25.67"))
    assert checkout["totalImporterTax"] == Decimal("37.1")
    shown = [
        (line["duties"]["amount"], line["importerTax"]["amount"], line["tax"]["rate"])
        for line in checkout["items"]
    ]
    assert shown == [
        (Decimal("12.75"), Decimal("18.43"), Decimal("0.38")),
        (Decimal("12.92"), Decimal("18.67"), Decimal("0.38")),
    ]
    assert all("sellerTaxIdentifier" not in line for line in checkout["items"])


def test_import_delivered_at_place_costs_nothing_at_the_till(shop: Shop) -> None:
    choice = {"amount": 0, "shippingTerms": "DAP"}
    checkout = _sandals_to_belgium(shop, 75, 76, shippingChoice=choice)
    assert checkout["totalAmount"] == 151
    assert (checkout["totalDuty"], checkout["totalImporterTax"]) == (0, 0)


def test_import_with_tax_inside_has_no_duty(shop: Shop) -> None:
    checkout = _sandals_to_belgium(shop, 75, 76, taxInclusive=True)
    assert checkout["totalAmount"] == 151
    assert checkout["totalDuty"] == 0


def test_a_download_beside_the_goods_does_not_lift_them_over_the_threshold() -> None:
    belgium = Place("BE")
    goods = Goods(1, True, "5311", unit=15000, place=belgium, hs_code="6402.99", origin="US")
    download = Goods(1, False, "4323", unit=9000, place=belgium)
    priced = pricing.price(Terms("EUR"), [goods, download])
    assert not priced.importer_of_record
    assert priced.sum("duty") == 0
    goods.unit = 15001
    assert pricing.price(Terms("EUR"), [goods, download]).importer_of_record


@pytest.mark.parametrize(
    ("country", "currency", "limit"),
    [
        ("DE", "EUR", 150), ("GB", "GBP", 135), ("US", "USD", 800), ("CA", "CAD", 20),
        ("NO", "NOK", 3000), ("JP", "JPY", 10_000), ("AU", "AUD", 1000), ("NZ", "NZD", 1000),
        ("SG", "SGD", 400), ("CH", "CHF", 62), ("KR", "USD", 150),
    ],
)  # fmt: skip
def test_duty_free_up_to_the_limit_of_each_tariff(country: str, currency: str, limit: int) -> None:
    unit = 10 ** money.digits(currency)
    assert rates.has_tariff(country)
    assert rates.is_duty_free(country, limit * unit, currency)
    assert not rates.is_duty_free(country, limit * unit + 1, currency)
    assert rates.duty(country, "6109.10") >= 0


# -- fees -------------------------------------------------------------------------------------


def test_published_fees_sample(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    both = [
        {"country": "US", "code": "52", "hs": [], "type": "weee", "amount": 3, "currency": "USD"},
        {"country": "US", "code": "52", "hs": [], "type": "battery", "amount": 5,
         "currency": "USD"},
    ]  # fmt: skip
    monkeypatch.setitem(table("fees"), "fee", both)
    checkout = shop.checkout(
        {"skuId": "mug", "price": 10, "quantity": 2}, ship_to=MINNESOTA,
        shippingChoice={"amount": 5},
    )  # fmt: skip
    fees = checkout["items"][0]["fees"]
    assert (fees["amount"], fees["taxAmount"]) == (16, Decimal("1.2"))
    rows = [(each["type"], each["perUnitAmount"], each["amount"]) for each in fees["details"]]
    assert rows == [("weee", 3, 6), ("battery", 5, 10)]
    assert (checkout["totalAmount"], checkout["subtotal"]) == (Decimal("44.09"), 41)
    assert (checkout["totalFees"], checkout["totalTax"]) == (16, Decimal("3.09"))
    order = shop.place(shop.attach(checkout, shop.card(checkout)))
    assert order["items"][0]["fees"]["details"] == fees["details"]
    assert order["totalFees"] == 16


def test_every_documented_kind_of_fee_exists() -> None:
    kinds = {fee["type"] for fee in table("fees")["fee"]}
    assert kinds == {"battery", "weee", "copyright", "e_waste", "packaging"}


@pytest.mark.parametrize(
    ("sku", "country", "kinds"),
    [
        ("EARBUDS", "DE", {"weee"}),
        ("EARBUDS", "FR", {"weee", "packaging"}),
        ("EARBUDS", "CA", {"e_waste"}),
        ("POWER-10K", "DE", {"battery"}),
        ("POWER-10K", "FR", {"battery"}),
        ("POWER-10K", "BE", {"battery"}),
        ("LAMP-BRS", "BE", {"weee"}),
        ("MUG-WHT", "DE", set()),
        ("EARBUDS", "US", set()),
    ],
)
def test_articles_of_the_training_shop_that_have_fees(
    sku: str, country: str, kinds: set[str]
) -> None:
    row = next(each for each in table("seed")["sku"] if each["id"] == sku)
    found = rates.fees(Place(country), row["taxCode"], row["hsCode"], "EUR")
    assert {kind for kind, _ in found} == kinds
    assert all(amount > 0 for _, amount in found)
