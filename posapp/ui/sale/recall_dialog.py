"""The sales put aside at this till: age, value, whom for, who held them. Recalls none by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.sale import Sale
from posapp.domain.words import tr
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.dialogs import SheetDialog
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.fields import money_words
from posapp.ui.kit.table import Align, CellKind, Column, RowsModel
from posapp.ui.kit.table_view import TableView
from posapp.ui.sale.words import age_words, buyer_words, units_words


def held_columns(now: Callable[[], datetime]) -> tuple[Column[Sale], ...]:
    """Return the columns of the held sales."""
    return (
        Column(tr("Sale"), lambda sale: sale.label, kind=CellKind.STRONG, width=10),
        Column(tr("For"), lambda sale: sale.held_as or buyer_words(sale), width=0),
        Column(tr("Items"), lambda sale: units_words(sale.basket.units), width=10),
        Column(
            tr("Age"), lambda sale: age_words(sale.started_at, now()), kind=CellKind.MUTED, width=10
        ),
        Column(
            tr("Value"),
            lambda sale: money_words(sale.basket.subtotal),
            align=Align.END,
            kind=CellKind.MONEY,
            width=13,
        ),
    )


class RecallDialog(SheetDialog):
    """Choose a held sale; Enter takes it in hand."""

    recalled = Signal(object)  # Sale

    def __init__(self, owner: QWidget, held: Sequence[Sale], now: Callable[[], datetime]) -> None:
        super().__init__(
            owner, tr("Recall a held sale"), name="recall_dialog", width=680, icon="recall"
        )
        self.sales: RowsModel[Sale] = RowsModel(held_columns(now), lambda sale: sale.id)
        self.table = TableView(self.sales, name="held_table", label=tr("Held sales"))
        self.table.set_empty_state(
            EmptyState("hold", tr("Nothing is on hold"), tr("F6 puts a sale aside."), name="none")
        )
        self.table.setMinimumHeight(280)
        self.sales.set_rows(held)
        self.table.choose_first()
        self.body.addWidget(self.table)
        self.add_cancel(tr("Close"))
        self.recall_button = Button(
            tr("Recall"), name="do_recall_button", kind=Kind.PRIMARY, key="Enter", bind=False
        )
        self.recall_button.setEnabled(bool(held))
        self.add_button(self.recall_button, on_press=self._on_recall)
        self.table.row_opened.connect(lambda _sale: self._on_recall())
        self.table.setFocus()

    def _on_recall(self) -> None:
        sale = self.table.chosen()
        if isinstance(sale, Sale):
            self.recalled.emit(sale)
            self.accept()
