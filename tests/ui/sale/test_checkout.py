"""Checkout: the service's numbers as returned, its troubles with a way on, its texts before
payment.
"""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.errors import MixedDestinations
from posapp.domain.money import Money
from posapp.domain.sale import Delivery
from posapp.gateway.errors import Rejected
from posapp.sandbox.director import FaultKind
from posapp.ui.kit.fields import money_words
from posapp.ui.kit.panels import Detail
from posapp.ui.sale.counter import Place
from posapp.ui.sale.quote_view import totals
from posapp.ui.sale.words import rate, tax_line
from tests.helpers.builders import a_product, a_quote, usd
from tests.helpers.logfail import LogWatch
from tests.helpers.waiting import until
from tests.ui.sale.conftest import OpenTill, Till
from tests.ui.sale.pretend import LINK


async def priced(till: Till) -> None:
    """Wait until prices and texts are there."""
    await until(
        lambda: (
            till.screen.basket.forward_button.isEnabled()
            and till.screen.basket.forward_button.text() == "Payment"
        ),
        what="everything priced",
    )


async def test_everything_is_shown_as_returned(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_checkout("MUG-WHT", "2*CABLE-UC2")
        await priced(till)
        page, quote = till.screen.steps.checkout.page, till.sale.quote
        assert quote is not None

        cells = page.quote_table.quoted.cells(0).texts
        assert cells == ("1 ×", "Enamel mug, white", "8.025 %", "$1.12", "$14.00")
        assert till.screen.basket.subtotal.text() == money_words(quote.total)
        assert "plus sales tax" in till.screen.basket.tax_note.text()
        assert quote.selling_entity_name in page.legal_view.seller.text()
        assert "authorised reseller" in page.legal_view.text.text()


async def test_links_open_outside_the_till(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_checkout()
        await priced(till)
        page = till.screen.steps.checkout.page
        page.legal_view.findChild(type(page.again_button), "link_terms_of_sale").click()  # type: ignore[union-attr]

        assert till.links == [LINK]


async def test_without_texts_there_is_no_payment_until_they_are_loaded(till_at: OpenTill) -> None:
    async with till_at() as till:
        till.forms.texts_fail.append(True)
        await till.to_checkout()

        await till.expect_said("legal texts are missing")
        assert not till.screen.basket.forward_button.isEnabled()
        till.key("F5")
        await priced(till)
        assert till.banner == ""


async def test_texts_once_loaded_are_not_loaded_again(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_checkout()
        await priced(till)
        till.forms.texts_fail.append(True)
        till.key("Esc")
        await till.expect_place(Place.CART)
        await till.add("CABLE-UC2")
        await till.forward()
        await till.expect_place(Place.CHECKOUT)
        await priced(till)

        assert till.forms.texts_fail == [True]


async def test_offline_keeps_the_sale_and_a_key_tries_again(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        await till.forward()
        await till.fill_walk_in()
        till.shop.transport.is_down = True
        await till.forward()

        await till.expect_said("No connection to Digital River")
        assert till.basket == [("1 × $14.00", "Enamel mug, white")]
        till.shop.transport.is_down = False
        till.key("F5")
        await priced(till)
        assert till.banner == ""


async def test_offline_a_sale_can_be_held_and_taken_up_later(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        await till.forward()
        await till.fill_walk_in()
        till.shop.transport.is_down = True
        await till.forward()
        await till.expect_said("No connection")
        till.key("F6")
        await till.expect_said("is on hold")

        held = (await till.shop.desks.sale.held())[0]
        assert held.held_as == "Ada Lovelace"
        assert held.customer is not None


async def test_a_lost_answer_adopts_the_checkout_instead_of_making_another(
    till_at: OpenTill, expected_log: LogWatch
) -> None:
    expected_log.expect("no answer")
    async with till_at() as till:
        till.fault(FaultKind.LOST_ANSWER, method="POST", path="^/checkouts$")
        await till.to_checkout()
        await priced(till)

        assert till.shop.transport.calls.count("POST /checkouts") == 1


async def test_shipping_is_chosen_by_key_and_priced_by_the_service(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        till.key("Alt+S")
        await until(
            lambda: till.sale.basket.lines[0].delivery is Delivery.SHIP, what="goods to ship"
        )
        await till.forward()
        await till.fill_walk_in()
        await till.forward()
        await priced(till)
        assert till.sale.quote is not None
        assert till.sale.quote.shipping == Money(590, "USD")

        till.key("Alt+2")
        await until(
            lambda: till.sale.quote is not None and till.sale.quote.shipping == usd("14.50"),
            what="express shipping",
        )
        await priced(till)


async def test_a_refused_field_goes_back_to_the_form(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_checkout()
        await priced(till)
        step = till.screen.steps.checkout
        step._on_failed(Rejected(field="shipTo.address.postalCode", status=400))

        await till.expect_place(Place.CUSTOMER)
        assert "Postal code" in till.field_error("postal_code")


async def test_a_mix_of_two_places_offers_both_ways_out(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        await till.add("CABLE-UC2")
        await till.forward()
        await till.fill_walk_in(postal_code="90210", city="Beverly Hills", state="CA")
        mixed = till.sale.basket.set_delivery(till.sale.basket.lines[0].key, Delivery.SHIP)
        till.screen.in_hand.edit(
            lambda sale: till.shop.desks.sale._save(replace(sale, basket=mixed)),
            failed=till.errors.append,
        )
        await until(lambda: till.sale.basket.version == mixed.version, what="a mixed basket")
        await till.forward()

        await till.expect_said("taxed at two places")
        till.key("Alt+V")
        await priced(till)
        assert {line.delivery for line in till.sale.basket.lines} == {Delivery.SHIP}
        assert isinstance(MixedDestinations(), Exception)


async def test_the_answer_for_an_old_basket_never_paints_the_new_one(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_checkout()
        await priced(till)
        old = till.sale
        till.key("Esc")
        await till.expect_place(Place.CART)
        await till.add("CABLE-UC2")

        till.screen.in_hand.take(old)
        assert till.sale.basket.units == 2
        assert "tax at checkout" in till.screen.basket.tax_note.text()


async def test_leaving_gives_the_question_up(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        await till.forward()
        await till.fill_walk_in()
        await till.forward()
        await till.expect_place(Place.CHECKOUT)
        till.screen.steps.checkout.go_back()
        await till.expect_place(Place.CART)
        await till.add("CABLE-UC2")

        assert till.sale.quote is None or (
            till.sale.quote.basket_version != till.sale.basket.version
        )
        assert till.screen.place is Place.CART


def test_totals_say_what_the_subtotal_holds() -> None:
    quote = a_quote(shipping=usd("5.90"), subtotal=usd("17.90"), importer_tax=usd("1.00"))
    labels = [detail.label for detail in totals(quote, shipping="Express")]

    assert labels == [
        "Shipping, Express",
        "Subtotal with the above",
        "Importer tax",
        "plus sales tax",
    ]


def test_a_discount_is_taken_off() -> None:
    shown = totals(a_quote(discount=usd("2.00")))

    assert shown[0] == Detail("Discount", "−$2.00", is_amount=True)


def test_the_tax_is_named_as_the_country_names_it() -> None:
    assert tax_line("DE", inclusive=True) == "incl. MwSt."
    assert tax_line("US", inclusive=False) == "plus sales tax"
    assert tax_line("XX", inclusive=False) == "plus tax"


def test_rates_are_shown_as_per_cent() -> None:
    assert [rate(text) for text in ("0.08025", "0.0802500004", "0.2", "0", "", "reduced")] == [
        "8.025 %",
        "8.025 %",
        "20 %",
        "0 %",
        "",
        "reduced",
    ]


async def test_delivery_that_is_not_charged_is_said_before_the_customer_pays(
    till_at: OpenTill,
) -> None:
    async with till_at() as till:
        odd = a_product("CUP-1", part_number="")  # the service reads its code as digital
        await till.shop.session.store.shared.write(lambda tx: tx.products.save_all([odd]))
        await till.shop.session.engine.catalogue.push()
        page = till.screen.steps.checkout.page
        await till.add("CUP-1")
        till.key("Alt+S")
        await till.forward()
        await till.fill_walk_in()
        await till.forward()
        await till.expect_place(Place.CHECKOUT)
        await priced(till)
        assert page.ways_note.isVisible()
        assert "is not charged" in page.ways_note.text()


async def test_delivery_that_is_charged_says_nothing(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        till.key("Alt+S")
        await till.forward()
        await till.fill_walk_in()
        await till.forward()
        await till.expect_place(Place.CHECKOUT)
        await priced(till)
        page = till.screen.steps.checkout.page
        assert page.ways.isVisible()
        assert not page.ways_note.isVisible()
