"""Tracking numbers tell their carrier, or honestly do not."""

from __future__ import annotations

import pytest

from posapp.domain.tracking import CARRIERS, candidates, guess, named, tidy


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("1Z999AA10123456784", "UPS"),
        ("1z 999 aa1 01 2345 6784", "UPS"),
        ("986578788855", "FedEx"),
        ("477179081230", "FedEx"),
        ("71123456789123456787", "USPS"),
        ("RB123456785US", "USPS"),
        ("RB123456785GB", "Royal Mail"),
        ("RB123456785FR", "La Poste"),
        ("EE123456785JP", "Japan Post"),
        ("RB123456785DE", "DHL"),
        ("RB123456785CA", "Canada Post"),
        ("3318810025", "DHL"),
        ("JJD000390007990000", "DHL"),
        ("6A12345678901", "La Poste"),
        ("01505012345678", "DPD"),
    ],
)
def test_a_number_names_its_carrier(number: str, carrier: str) -> None:
    found = guess(number)
    assert found is not None
    assert found.name == carrier


@pytest.mark.parametrize(
    "number",
    [
        "",
        "hello",
        "1Z999AA10123456785",  # its check digit is wrong
        "RB123456784GB",  # so is this one's
        "RB123456785XX",  # no post that we know
        "3318810026",
    ],
)
def test_a_wrong_or_foreign_number_is_not_guessed(number: str) -> None:
    assert guess(number) is None


def test_a_number_that_fits_two_carriers_equally_is_left_to_the_person() -> None:
    both = next(
        number
        for number in (f"{n:011d}{n % 7}" for n in range(10_000_000_000, 10_000_100_000))
        if {c.name for c in candidates(number)} == {"FedEx", "Japan Post"}
    )
    assert guess(both) is None


def test_the_address_carries_the_tidy_number() -> None:
    carrier = guess("RB 123456785 GB")
    assert carrier is not None
    assert carrier.url("RB 123456785 GB").endswith("RB123456785GB")


def test_every_carrier_is_followed_over_https_and_found_by_name() -> None:
    for carrier in CARRIERS:
        assert carrier.url("1").startswith("https://")
        assert named(carrier.name.upper()) is carrier
    assert named("pigeon") is None


def test_spaces_dots_and_dashes_do_not_matter() -> None:
    assert tidy(" 1z-999.aa1 ") == "1Z999AA1"
