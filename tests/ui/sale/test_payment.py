"""Payment: the service is believed, not the form; a lost form asks first; only Cancel works
meanwhile.
"""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.payment_form import FormFailed
from posapp.domain.sale import Step
from posapp.ui.kit.web import Lost, UnsafeWebEngine
from posapp.ui.sale.counter import Place
from posapp.ui.sale.sounds import Sound
from tests.helpers.waiting import until
from tests.ui.sale.conftest import OpenTill, Till


def said(till: Till) -> str:
    """Return what the status line says."""
    page = till.screen.steps.payment.page
    return f"{page.status_label.text()} {page.advice_label.text()}"


async def test_the_form_is_told_the_session_and_nothing_secret(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_payment()
        request = till.forms.requests[-1]

        assert till.sale.quote is not None
        assert request.session_id == till.sale.quote.session.id
        assert "sk_test" not in repr(request)
        assert set(request.disabled_methods) == {"googlePay", "applePay"}


async def test_while_a_form_is_open_only_cancel_and_reload_work(till_at: OpenTill) -> None:
    async with till_at() as till:
        told: list[bool] = []
        till.screen.form_open_changed.connect(told.append)
        await till.to_payment()

        assert told == [True]
        possible = {verb.key for verb in till.screen.verbs() if verb.is_possible()}
        assert possible == {"Esc", "F5"}
        till.screen.scan("4006381000017")
        assert till.sounds[-1] is Sound.REFUSED
        assert till.sale.basket.units == 1

        await till.pay_card()
        assert told == [True, False]


async def test_cancel_asks_and_keeps_the_form_on_no(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_payment()
        till.key("Esc")
        await till.answer(yes=False)
        assert till.screen.is_form_open

        till.key("Esc")
        await till.answer(yes=True)
        await till.expect_place(Place.CHECKOUT)
        assert not till.screen.is_form_open
        assert till.sale.basket.units == 1


async def test_a_failed_card_in_the_form_is_told_without_its_code(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_payment()
        form = await till.form()
        form.failed.emit(FormFailed("bad_request", "creditCard", ("card_declined_42",), "src"))

        assert "was not accepted" in said(till)
        assert "card_declined_42" not in said(till)
        assert till.screen.is_form_open


async def test_a_mistyped_digit_is_the_form_s_to_show_and_is_no_refusal(
    till_at: OpenTill,
) -> None:
    async with till_at() as till:
        await till.to_payment()
        form = await till.form()
        form.ready.emit(("creditCard",))
        before = said(till)
        form.failed.emit(
            FormFailed("validation_error", "creditCard", ("incomplete_card_number",), "")
        )

        assert said(till) == before
        assert not till.banner
        assert Sound.REFUSED not in till.sounds
        assert till.screen.is_form_open


async def test_a_claim_the_service_does_not_know_of_is_not_believed(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_payment()
        claim = till.shop.type_card(till.sale)
        await till.pay(replace(claim, source_id="0000-not-there"))

        await until(lambda: "no longer knows" in said(till), what="a refusal")
        assert till.screen.place is Place.PAYMENT
        assert till.sale.step is Step.PAYMENT


async def test_offline_after_paying_asks_again_and_never_charges_twice(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_payment()
        claim = till.shop.type_card(till.sale)
        till.shop.transport.is_down = True
        await till.pay(claim)
        await until(lambda: "No connection" in said(till), what="the sentence")
        assert not till.screen.is_form_open

        till.shop.transport.is_down = False
        till.key("F5")
        await till.expect_place(Place.REVIEW)
        assert len(till.forms.requests) == 1


async def test_a_lost_form_comes_back_twice_by_itself_then_a_person_decides(
    till_at: OpenTill,
) -> None:
    async with till_at() as till:
        await till.to_payment()
        for opened in (2, 3):
            (await till.form()).lost.emit(Lost.CRASHED.value)
            await until(lambda n=opened: len(till.forms.requests) == n, what="the form again")  # type: ignore[misc]
            assert "broke down" in said(till)
        (await till.form()).lost.emit(Lost.SILENT.value)

        await until(lambda: "does not stay open" in said(till), what="the end of patience")
        assert not till.screen.is_form_open
        till.key("F5")
        await until(lambda: len(till.forms.requests) == 4, what="the form once more")


async def test_a_form_lost_after_paying_goes_on_without_a_second_payment(
    till_at: OpenTill,
) -> None:
    async with till_at() as till:
        await till.to_payment()
        claim = till.shop.type_card(till.sale)
        quote = till.sale.quote
        assert quote is not None
        checkouts = till.shop.session.river.checkouts
        await checkouts.attach_source(
            quote.checkout_id,
            claim.source_id,
            basket_version=quote.basket_version,
            tax_inclusive=False,
        )
        (await till.form()).lost.emit(Lost.CRASHED.value)

        await till.expect_place(Place.REVIEW)
        assert len(till.forms.requests) == 1


async def test_an_unsafe_engine_keeps_the_form_closed_with_a_sentence(till_at: OpenTill) -> None:
    async with till_at() as till:
        till.forms.error.append(UnsafeWebEngine("QTWEBENGINE_REMOTE_DEBUGGING"))
        await till.to_checkout()
        await till.forward()
        await till.expect_place(Place.PAYMENT)

        await until(lambda: "stays closed" in said(till), what="the sentence")
        assert not till.screen.is_form_open


async def test_the_form_reports_its_life(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.to_payment()
        form = await till.form()
        assert "opening" in said(till)
        form.ready.emit(("creditCard",))
        assert "customer" in said(till)
        form.cancelled.emit("payPal")
        assert "another" in said(till)
