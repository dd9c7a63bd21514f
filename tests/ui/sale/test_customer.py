"""Who buys: found, walked in or stored; wrong data is told at its field."""

from __future__ import annotations

import pytest

from posapp.domain.customer import BuyerKind
from posapp.sandbox.director import FaultKind
from posapp.ui.kit.countries import countries, states
from posapp.ui.sale.address_fields import buyer_fields, field_of
from posapp.ui.sale.counter import Place
from tests.helpers.builders import a_customer, a_party, an_address
from tests.helpers.logfail import LogWatch
from tests.helpers.waiting import until
from tests.ui.sale.conftest import OpenTill


async def test_a_walk_in_finds_the_shops_city_and_country_there(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        await till.forward()
        till.key("F8")
        page = till.screen.steps.customer.page
        await until(lambda: page.is_form, what="the form")

        values = page.form.values()
        assert (values["city"], values["country"], values["state"]) == ("Minneapolis", "US", "MN")
        assert "invoice" in page.form_reason.text()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("postal_code", "5540", "postal code"),
        ("email", "ada", "e-mail address"),
        ("family_name", "", "Last name is missing"),
        ("line1", "", "Street and number is missing"),
    ],
)
async def test_a_wrong_field_is_told_at_the_field_and_nothing_is_lost(
    till_at: OpenTill, field: str, value: str, said: str
) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        await till.forward()
        await till.fill_walk_in(**{field: value})
        await till.forward()

        assert said in till.field_error(field)
        assert till.screen.steps.customer.page.form.values()["given_name"] == "Ada"
        assert till.screen.place is Place.CUSTOMER

        await till.fill_form()
        await till.forward()
        await till.expect_place(Place.CHECKOUT)


async def test_a_business_needs_its_name(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        await till.forward()
        await till.fill_walk_in()
        till.key("Alt+B")
        await till.forward()
        assert "missing" in till.field_error("organization")

        await till.fill_form(organization="Analytical Engines Ltd")
        await till.forward()
        await till.expect_place(Place.CHECKOUT)
        assert till.sale.customer is not None
        assert till.sale.customer.kind is BuyerKind.BUSINESS
        assert till.screen.basket.buyer_label.text() == "Analytical Engines Ltd"


async def test_the_country_decides_the_fields(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        await till.forward()
        await till.fill_walk_in(country="DE")
        page = till.screen.steps.customer.page

        names = [field.id for field in page.form.declared]
        assert "state" not in names
        assert page.form.values()["family_name"] == "Lovelace"


async def test_a_new_customer_is_stored_and_found_again(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        await till.forward()
        till.key("F9")
        await till.fill_form(given_name="Grace", family_name="Hopper", email="grace@example.com")
        await till.forward()
        await till.expect_place(Place.CHECKOUT)
        assert till.sale.customer is not None
        assert till.sale.customer.registered

        till.key("F3")
        await till.expect_place(Place.CUSTOMER)
        page = till.screen.steps.customer.page
        page.search_box.set_text("grac")
        await until(lambda: page.results.chosen() is not None, what="Grace")
        await till.forward()
        await till.expect_place(Place.CHECKOUT)
        assert till.screen.basket.buyer_label.text() == "Grace Hopper"


async def test_a_known_customer_with_a_bad_address_is_put_right_at_the_field(
    till_at: OpenTill,
) -> None:
    async with till_at() as till:
        broken = a_customer("cust-1", party=a_party(address=an_address(postal_code="554")))
        await till.shop.session.store.shared.write(lambda tx: tx.customers.save(broken))
        await till.add("MUG-WHT")
        await till.forward()
        page = till.screen.steps.customer.page
        await until(lambda: page.results.chosen() is not None, what="the customer")
        await till.forward()

        await until(lambda: page.is_form, what="the form")
        assert "postal code" in till.field_error("postal_code")

        await till.fill_form()
        await till.forward()
        await till.expect_place(Place.CHECKOUT)
        assert till.sale.customer is not None
        assert till.sale.customer.id == "cust-1"


async def test_a_lost_answer_to_a_new_customer_is_looked_up_not_sent_twice(
    till_at: OpenTill, expected_log: LogWatch
) -> None:
    expected_log.expect("no answer")
    async with till_at() as till:
        await till.add("MUG-WHT")
        await till.forward()
        till.key("F9")
        await till.fill_form()
        till.fault(FaultKind.LOST_ANSWER, method="POST", path="/customers")
        await till.forward()

        await till.expect_place(Place.CHECKOUT)
        assert till.shop.transport.calls.count("POST /customers") == 1


async def test_esc_goes_back_one_step_at_a_time(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        await till.forward()
        await till.fill_walk_in()
        till.key("Esc")
        assert not till.screen.steps.customer.page.is_form
        till.key("Esc")

        await till.expect_place(Place.CART)


def test_fields_of_countries() -> None:
    assert ("DE", "Germany") in countries()
    assert not {"EU", "ZZ", "XA"} & {code for code, _ in countries()}
    assert ("MN", "Minnesota") in states("US")
    assert states("DE") == ()
    american = {field.id: field for field in buyer_fields("US", BuyerKind.INDIVIDUAL)}
    assert american["state"].is_required
    assert american["postal_code"].label == "ZIP code"
    assert "organization" not in american
    japanese = {field.id: field for field in buyer_fields("JP", BuyerKind.BUSINESS)}
    assert not japanese["state"].is_required
    assert "organization" in japanese


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("shipTo.address.postalCode", "postal_code"),
        ("billTo.email", "email"),
        ("postal_code", "postal_code"),
        ("items[0].skuId", ""),
        ("", ""),
    ],
)
def test_a_field_of_the_service_is_found_on_our_form(theirs: str, ours: str) -> None:
    assert field_of(theirs) == ours
