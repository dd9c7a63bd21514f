"""The lists of contract section 21, read off its text, are the sandbox's."""

from __future__ import annotations

import re

from posapp.sandbox import countries
from posapp.sandbox.checkouts import LANGUAGES, LOCALES
from posapp.sandbox.tables import table
from tests.contract.answers import contract
from tests.contract.test_codes import section
from tests.unit.sandbox.shop import Shop

LISTS = section("## 21.")


def listed(title: str) -> str:
    """The text of one list, without its source."""
    return LISTS.split(f"**{title}**", 1)[1].split("\n\n", 1)[0]


def test_locales_and_languages(shop: Shop) -> None:
    locales = set(re.findall(r"\b[a-z]{2}_[A-Z]{2}\b", listed("Locales")))
    assert locales == LOCALES
    languages = listed("Languages").split("[")[0].strip(": ").split()
    assert set(LANGUAGES) <= set(languages)
    assert set(LANGUAGES.values()) <= locales
    for language in languages:
        assert shop.checkout(language=language)["locale"] == LANGUAGES.get(language, "en_US")


def test_tax_number_types() -> None:
    text = listed("Tax id types").split("Applies only")[0]
    known = set(table("tax_ids")["scheme"])
    words = set(re.findall(r"\b[a-z]{2}(?:_[a-z]+)?\b", text)) - {"of", "md"}
    assert words == known
    for kind in ("ke", "tw_offshore", "tw", "br", "br_ie", "br_natural"):
        assert re.search(rf"\b{kind}\*\*!\*\*", text), kind
        assert table("tax_ids")["scheme"][kind]["compulsory"] is True


def test_country_specs_are_those_of_the_contract(shop: Shop) -> None:
    text = listed("Country specs").split(":", 1)[1]
    wanted = set(re.findall(r"\b[A-Z]{2}\b", text.split("unknown")[0])) - {"OM"}
    found = {each["country"] for each in shop.good("GET", "/country-specs")["data"]}
    assert found == wanted
    assert countries.list_ is not None


def test_fee_types() -> None:
    words = listed("Fee types").split("[")[0].split(":")[-1].split()
    kinds = contract()["components"]["schemas"]["FeeDetail"]["properties"]["type"]
    assert set(kinds.get("enum", words)) == set(words)
    assert {fee["type"] for fee in table("fees")["fee"]} <= set(words)
