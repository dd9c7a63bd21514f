"""The sheet to leave a note on an order."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posapp.domain.words import tr
from posapp.ui.kit.run import Runner
from posapp.ui.kit.words_dialog import WordsDialog
from posapp.ui.messages import explain
from posapp.usecases.orders import OrderDesk


def note_dialog(owner: QWidget, run: Runner, desk: OrderDesk, order_id: str) -> WordsDialog:
    """Return the sheet; whoever asks for it opens it."""
    return WordsDialog(
        owner,
        run,
        tr("Note on order {order}", order=order_id),
        label=tr("Note"),
        prompt=tr("Everybody who works here can read it. Never write card numbers."),
        yes=tr("Leave note"),
        save=lambda words: desk.note(order_id, words),
        explain=_told,
        name="note_dialog",
    )


def _told(error: Exception) -> tuple[str, str]:
    message = explain(error)
    return message.title, message.body
