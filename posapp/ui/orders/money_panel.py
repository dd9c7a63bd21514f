"""The money of an order: its sums, and each charge with its movements. Adds up nothing itself."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from posapp.domain.ages import at_time
from posapp.domain.money import Money
from posapp.domain.order import Order, OrderState
from posapp.domain.payment import (
    Charge,
    ChargeOperation,
    ChargeState,
    OperationKind,
    OperationState,
    PaymentMethod,
)
from posapp.domain.words import tr
from posapp.ui.kit.panels import Card, Detail, DetailRows, Rule, clear, column, holder, row
from posapp.ui.kit.texts import Amount, IconLabel, Pill, Text
from posapp.ui.kit.theme import Type
from posapp.ui.messages import pay_to_words
from posapp.ui.orders.states import charge_look, operation_look

_NOT_AUTHORISED = (ChargeState.PENDING, ChargeState.FAILED)


def authorised(order: Order) -> Money:
    """Return the sum of the charges that were ever authorised."""
    held = [x.amount for x in order.charges if x.state not in _NOT_AUTHORISED]
    return Money.total(held, order.currency)


def method_words(method: PaymentMethod) -> str:
    """Return how it was paid: "Visa •••• 1111", or the service's own word spaced out."""
    if method.brand or method.last_four:
        digits = f"•••• {method.last_four}" if method.last_four else ""
        return f"{method.brand} {digits}".strip()
    spaced = "".join(f" {c.lower()}" if c.isupper() else c for c in method.type)
    return spaced.strip().capitalize()


class MoneyPanel(Card):
    """Amounts as the service gives them."""

    def __init__(self) -> None:
        super().__init__(tr("Money"), name="money_panel")
        self._shown: Order | None = None

    def show_order(self, order: Order, now: datetime) -> None:
        """Show this order's money; nothing moves when it is the one already shown."""
        if order == self._shown:
            return
        self._shown = order
        clear(self.body)
        self.add(DetailRows(self._sums(order), name="sums"))
        if order.state is OrderState.PENDING_PAYMENT:
            self._add_instructions(order)
        methods = {str(method.source_id): method_words(method) for method in order.methods}
        for charge in order.charges:
            self.add(Rule(), self._charge(charge, methods.get(charge.source_id, ""), now))

    def _add_instructions(self, order: Order) -> None:
        """What a buyer who pays later must know; they call and ask."""
        for method in order.methods:
            if method.pay_to:
                told = [Detail(pay_to_words(name), said) for name, said in method.pay_to]
                reference = Detail(tr("Reference"), method.reference, is_strong=True)
                title = Text(tr("Where the customer sends the money"), Type.STRONG)
                self.add(Rule(), title, DetailRows([reference, *told], name="pay_to"))

    def _sums(self, order: Order) -> list[Detail]:
        nothing = Money.zero(order.currency)
        sums = [
            Detail(tr("Total"), str(order.total), is_amount=True, is_strong=True),
            Detail(tr("of which tax"), str(order.tax), is_amount=True) if order.tax else None,
            Detail(tr("Authorised"), str(authorised(order)), is_amount=True),
            Detail(tr("Captured"), str(order.captured or nothing), is_amount=True),
            Detail(tr("Cancelled"), str(order.cancelled or nothing), is_amount=True),
            Detail(tr("Refunded"), str(order.refunded or nothing), is_amount=True),
        ]
        return [detail for detail in sums if detail is not None]

    def _charge(self, charge: Charge, method: str, now: datetime) -> QWidget:
        look = charge_look(charge.state)
        head = row(
            Text(method or tr("Payment"), Type.STRONG),
            Pill(look.word, look.tone, icon=look.icon),
            1,
            Amount(str(charge.amount)),
            gap=1,
        )
        moves = [self._movement(operation, now) for operation in charge.operations]
        return holder(column(head, *moves, gap=0.75), name=f"charge_{charge.id}")

    def _movement(self, operation: ChargeOperation, now: datetime) -> QWidget:
        look = operation_look(operation.state)
        kind = {
            OperationKind.CAPTURE: tr("Capture"),
            OperationKind.CANCEL: tr("Release"),
            OperationKind.REFUND: tr("Refund"),
        }[operation.kind]
        moment = operation.updated_at or operation.created_at
        when = at_time(moment, now) if moment is not None else ""
        words = tr("{kind} {state} {when}", kind=kind, state=look.word, when=when).strip()
        tone = look.tone if operation.state is OperationState.FAILED else None
        return holder(
            row(
                IconLabel(look.icon, look.tone.value, 15),
                Text(words, tone=tone),
                1,
                Amount(str(operation.amount), tone=tone),
                gap=1,
            )
        )
