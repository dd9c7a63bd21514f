"""Putting sales aside and taking them back; sales in doubt that are not in hand are watched here
too.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.changes import Change, SalesChanged
from posapp.domain.sale import Sale, SaleState
from posapp.domain.words import tr
from posapp.ui import messages
from posapp.ui.kit.dialogs import ask
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import Message
from posapp.ui.sale.counter import Counter, Place
from posapp.ui.sale.recall_dialog import RecallDialog
from posapp.ui.sale.sounds import Sound
from posapp.ui.sale.words import buyer_words

Say = Callable[[Message], None]


class Aside(QObject):
    """Hold, recall, drop."""

    def __init__(self, counter: Counter, owner: QWidget, say: Say) -> None:
        super().__init__(owner)
        self._counter = counter
        self._owner = owner
        self._say = say

    def hold(self) -> None:
        """Put the sale aside under its buyer's name; the next one begins."""
        held = self._counter.sale
        name = buyer_words(held) if held.customer is not None else ""

        def done(_new: Sale) -> None:
            self._counter.route.go(Place.CART, _held_message(held))

        self._counter.in_hand.edit(
            lambda sale: self._counter.desk.hold(sale, name), done=done, failed=self._refuse
        )

    def recall(self) -> None:
        """Show what was put aside."""
        self._counter.run(self, self._counter.desk.held(), done=self._on_held, failed=self._refuse)

    def drop(self) -> None:
        """Throw the sale away, after asking."""
        ask(
            self._owner,
            tr("Drop sale {number}?", number=self._counter.sale.label),
            tr("The basket is emptied. Nothing was charged."),
            yes=tr("Drop the sale"),
            no=tr("Keep it"),
            on_yes=self._drop,
            tone=Tone.WAIT,
            is_destructive=True,
        )

    def next_sale(self) -> None:
        """Begin another sale and leave the one in hand as it is."""
        self._counter.run(
            self,
            self._counter.desk.begin(),
            done=self._on_begun,
            failed=self._refuse,
        )

    def _on_held(self, held: tuple[Sale, ...]) -> None:
        dialog = RecallDialog(self._owner, held, self._counter.desk.clock.now)
        dialog.recalled.connect(self._recall)
        dialog.open()
        dialog.table.setFocus()

    def _recall(self, held: Sale) -> None:
        def done(sale: Sale) -> None:
            self._counter.route.go(Place.CART, _recalled_message(sale))

        self._counter.in_hand.edit(
            lambda sale: self._counter.desk.recall(sale, held), done=done, failed=self._refuse
        )

    def _drop(self) -> None:
        self._counter.in_hand.edit(
            self._counter.desk.discard,
            done=lambda _sale: self._counter.route.go(Place.CART),
            failed=self._refuse,
        )

    def _on_begun(self, sale: Sale) -> None:
        self._counter.in_hand.take(sale)
        self._counter.route.go(Place.CART)

    def _refuse(self, error: Exception) -> None:
        self._counter.play(Sound.REFUSED)
        self._say(messages.explain_sale(error))


class DoubtWatch(QObject):
    """Sales whose outcome nobody knows yet, other than the one in hand."""

    counted = Signal(int)  # how many there are now
    settled = Signal(object)  # Message: one of them is known at last

    def __init__(self, counter: Counter, parent: QObject) -> None:
        super().__init__(parent)
        self._counter = counter
        self._known: dict[str, Sale] = {}
        counter.changes.changed.connect(self._on_change)

    def look(self) -> None:
        """Count them."""
        self._counter.run(
            self, self._counter.desk.unsettled(), done=self._on_looked, failed=self._on_failed
        )

    def _on_change(self, change: Change) -> None:
        if isinstance(change, SalesChanged):
            self.look()

    def _on_looked(self, found: tuple[Sale, ...]) -> None:
        in_hand = self._counter.in_hand.sale
        mine = in_hand.id if in_hand is not None else ""
        now = {str(sale.id): sale for sale in found if sale.id != mine}
        gone = [sale for key, sale in self._known.items() if key not in now and key != mine]
        self._known = now
        self.counted.emit(len(now))
        for sale in gone:
            self._counter.run(
                self,
                self._counter.desk.get(sale.id),
                done=self._on_settled,
                failed=self._on_failed,
            )

    def _on_settled(self, sale: Sale | None) -> None:
        if sale is not None:
            self.settled.emit(_settled_message(sale))

    def _on_failed(self, error: Exception) -> None:
        self.settled.emit(messages.explain_sale(error))


def _held_message(sale: Sale) -> Message:
    return Message(
        tr("Sale {number} is on hold", number=sale.label),
        tr("Nothing is lost. F7 brings it back."),
        Tone.INFO,
    )


def _recalled_message(sale: Sale) -> Message:
    return Message(
        tr("Sale {number} is back in hand", number=sale.label),
        tr("It stands as it was left; prices and taxes are asked anew at checkout."),
        Tone.INFO,
    )


def _settled_message(sale: Sale) -> Message:
    if sale.state is SaleState.DONE and not sale.order_id:
        return Message(
            tr("Sale {number} went through", number=sale.label),
            tr("A manager saw it at Digital River. It is never sent again."),
            Tone.READY,
        )
    if sale.state is SaleState.DONE:
        return Message(
            tr("Sale {number} went through", number=sale.label),
            tr("It is order {order}. Nothing was charged twice.", order=sale.order_id),
            Tone.READY,
        )
    return Message(
        tr("Sale {number} did not go through", number=sale.label),
        tr("No order was made and nothing was charged. The basket is kept."),
        Tone.INFO,
    )
