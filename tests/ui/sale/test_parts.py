"""Small parts of the sale screens, each on its own."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.intent import IntentKind, IntentState
from posapp.domain.order import Light, OrderState, outlook
from posapp.domain.payment import ChargeState, PaymentMethod, SourceId
from posapp.domain.sale import Sale, SaleId
from posapp.ui.kit import theme
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone
from posapp.ui.orders.money_panel import MoneyPanel
from posapp.ui.sale.done_page import DonePage
from posapp.ui.sale.done_step import verdict
from posapp.ui.sale.in_hand import SaleInHand
from posapp.ui.sale.ledger_panel import ledger_rows
from posapp.ui.sale.words import address_lines, age_words, buyer_words, method_words, units_words
from tests.helpers.builders import (
    NOON,
    a_basket,
    a_charge,
    a_customer,
    a_party,
    a_sale,
    an_intent,
    an_order,
)
from tests.helpers.running import RecordingRunner


async def nothing(sale: Sale) -> Sale:
    """Do nothing to the sale."""
    return sale


async def answer() -> str:
    """Answer a question."""
    return "quote"


class Heard(list[Any]):
    """What was told."""

    def hear(self, told: Any) -> None:
        """Keep it."""
        self.append(told)


def edit(in_hand: SaleInHand, verb: Any = nothing) -> None:
    """Ask for a change whose failure would be a fault."""
    in_hand.edit(verb, failed=lambda error: pytest.fail(str(error)))


def test_changes_wait_in_line_and_each_starts_from_the_one_before(qapp: QApplication) -> None:
    run = RecordingRunner()
    in_hand = SaleInHand(run)
    in_hand.take(a_sale())
    started: list[int] = []

    def verb(sale: Sale) -> Coroutine[Any, Any, Sale]:
        started.append(sale.basket.version)
        return nothing(sale)

    edit(in_hand, verb)
    edit(in_hand, verb)
    assert started == [1]
    assert in_hand.is_changing

    run.last.finish(replace(in_hand.sale or a_sale(), basket=replace(a_basket(), version=2)))
    assert started == [1, 2]


def test_a_failed_change_does_not_stop_the_next(qapp: QApplication) -> None:
    run = RecordingRunner()
    in_hand = SaleInHand(run)
    in_hand.take(a_sale())
    failures = Heard()
    in_hand.edit(nothing, failed=failures.hear)
    edit(in_hand)
    run.last.fail(ValueError("no"))

    assert [str(error) for error in failures] == ["no"]
    assert len(run.asked) == 2


def test_an_answer_about_an_old_basket_or_another_sale_is_dropped(qapp: QApplication) -> None:
    run = RecordingRunner()
    in_hand = SaleInHand(run)
    owner = QWidget()
    heard = Heard()
    in_hand.take(a_sale())
    in_hand.ask(owner, answer(), done=heard.hear, failed=heard.hear)
    asked = run.last
    in_hand.take(a_sale(basket=replace(a_basket(), version=2)))
    asked.finish("late")
    in_hand.ask(owner, answer(), done=heard.hear, failed=heard.hear)
    asked = run.last
    in_hand.take(a_sale(id=SaleId("another")))
    asked.fail(ValueError("late"))

    assert heard == []


def test_an_older_basket_is_not_taken_back(qapp: QApplication) -> None:
    in_hand = SaleInHand(RecordingRunner())
    newer = a_sale(basket=replace(a_basket(), version=5))
    in_hand.take(newer)
    in_hand.take(a_sale(basket=replace(a_basket(), version=4)))

    assert in_hand.sale == newer


def test_another_sale_empties_the_line(qapp: QApplication) -> None:
    run = RecordingRunner()
    in_hand = SaleInHand(run)
    in_hand.take(a_sale())
    edit(in_hand)
    edit(in_hand)
    run.last.finish(a_sale(id=SaleId("another"), number=2))

    assert len(run.asked) == 1


def test_one_order_and_one_charge_are_proof() -> None:
    order = an_order(charges=(a_charge(),))

    words, tone = verdict([], [order, order])
    assert words == "1 order, 1 charge, 0 duplicates for this sale"
    assert tone is Tone.READY


def test_a_second_order_is_a_problem() -> None:
    orders = [an_order("1", charges=(a_charge(),)), an_order("2", charges=(a_charge(),))]

    words, tone = verdict([], orders)
    assert "1 duplicates" in words
    assert tone is Tone.PROBLEM


def test_a_released_charge_does_not_count() -> None:
    order = an_order(charges=(a_charge(ChargeState.CANCELLED), a_charge()))

    assert "1 charge" in verdict([], [order])[0]


def test_an_open_order_write_keeps_the_proof_waiting() -> None:
    unknown = an_intent(state=IntentState.UNKNOWN)

    assert verdict([unknown], [an_order()])[1] is Tone.WAIT


def test_the_ledger_stands_in_the_order_things_were_written() -> None:
    later = an_intent(IntentKind.ORDER, written_at=NOON + timedelta(seconds=5), remote_id="42")
    first = an_intent(IntentKind.CHECKOUT, state=IntentState.DONE, remote_id="chk")
    rows = ledger_rows(a_sale(), [later, first])

    assert [row.what for row in rows] == ["Sale begun", "Checkout made", "Order placed"]
    assert [row.remote_id for row in rows] == ["1-1042", "chk", "42"]
    assert rows[1].tone is Tone.READY


def test_how_a_buyer_and_an_address_are_said() -> None:
    firm = a_customer(party=a_party(organization="Analytical Engines Ltd"))

    assert buyer_words(a_sale()) == "No customer yet"
    assert buyer_words(a_sale(customer=a_customer())) == "Ada Lovelace"
    assert buyer_words(a_sale(customer=firm)) == "Analytical Engines Ltd"
    assert address_lines(a_party()).splitlines() == [
        "Ada Lovelace",
        "10 Hennepin Ave",
        "55401 Minneapolis MN",
        "United States",
    ]


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "just now"), (5, "5 min"), (130, "2 h"), (60 * 50, "2 days")]
)
def test_ages_are_said_in_the_unit_that_matters(minutes: int, words: str) -> None:
    assert age_words(NOON, NOON + timedelta(minutes=minutes)) == words


def test_how_a_payment_is_said() -> None:
    card = PaymentMethod(SourceId("s"), "creditCard", None, brand="Visa", last_four="1111")

    assert method_words(card) == "Visa ending in 1111"
    assert method_words(PaymentMethod(SourceId("s"), "wireTransfer", None)) == "Bank transfer"
    assert method_words(PaymentMethod(SourceId("s"), "newThing", None)) == "newThing"


def test_how_many_is_said() -> None:
    assert (units_words(1), units_words(3)) == ("1 item", "3 items")


TRANSFER = PaymentMethod(
    SourceId("s"),
    "wireTransfer",
    None,
    reference="DR-77",
    pay_to=(("bankName", "Sandbox Bank"), ("iban", "IE00SAND")),
)


def facts_of(widget: QWidget) -> dict[str, str]:
    """Return what a widget full of facts says, by label."""
    said = (label.accessibleName() for label in widget.findChildren(Text))
    return dict(words.split(": ", 1) for words in said if ": " in words)


@pytest.mark.parametrize("shown", [DonePage, MoneyPanel])
def test_a_customer_who_pays_by_transfer_is_told_where_to_and_with_which_reference(
    shown: type[DonePage] | type[MoneyPanel], qapp: QApplication
) -> None:
    theme.apply(qapp, theme.load("light"))
    order = an_order(state=OrderState.PENDING_PAYMENT, methods=(TRANSFER,))
    widget = shown()
    if isinstance(widget, DonePage):
        widget.show_order(Light.HOLD, order, outlook(order), to_hand_over=False)
    else:
        widget.show_order(order, NOON)
    said = facts_of(widget)
    assert said["Reference"] == "DR-77"
    assert said["Bank"] == "Sandbox Bank"
    assert said["IBAN"] == "IE00SAND"


def test_once_it_is_paid_nobody_is_told_where_to_send_money(qapp: QApplication) -> None:
    theme.apply(qapp, theme.load("light"))
    order = an_order(state=OrderState.ACCEPTED, methods=(TRANSFER,))
    page = DonePage()
    page.show_order(Light.RELEASE, order, outlook(order), to_hand_over=False)
    assert "IBAN" not in facts_of(page)
