"""What a manager does about one concern: acknowledge, look again, resolve, note."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.intent import Intent, IntentState
from posapp.domain.review import Outcome, ReviewItem
from posapp.domain.staff import Permission, may
from posapp.domain.words import tr
from posapp.ui.kit.run import Runner
from posapp.ui.kit.words_dialog import WordsDialog
from posapp.ui.messages import explain
from posapp.ui.review.concerns import outcome_words
from posapp.ui.review.decision_dialog import Choice, Decision, DecisionDialog
from posapp.usecases.orders import OrderDesk
from posapp.usecases.review import ReviewDesk

HAPPENED, DID_NOT = "happened", "did not"


class Deciding(QObject):
    """The presses on one concern."""

    failed = Signal(object)  # the Exception
    looked = Signal(object)  # Intent | None: what looking again found
    ended = Signal(str)  # a sentence: what was written down

    def __init__(self, run: Runner, desk: ReviewDesk, orders: OrderDesk, owner: QWidget) -> None:
        super().__init__(owner)
        self._run = run
        self._desk = desk
        self._orders = orders
        self._owner = owner

    def may(self, permission: Permission) -> bool:
        """Say whether the person at the till may."""
        staff = self._desk.present.staff
        return staff is not None and may(staff, permission)

    def note(self, item: ReviewItem) -> WordsDialog:
        """Open the sheet for a note on the item's order."""
        dialog = WordsDialog(
            self._owner,
            self._run,
            tr("Note on order {order}", order=item.order_id),
            label=tr("Note"),
            prompt=tr("What you know of the buyer and the goods. Never write card numbers."),
            yes=tr("Leave note"),
            save=lambda words: self._orders.note(item.order_id, words),
            explain=_told,
            name="note_dialog",
        )
        dialog.open()
        return dialog

    def acknowledge(self, item: ReviewItem) -> DecisionDialog:
        """Open the sheet that closes the concern with what was done about it."""
        choices = [
            Choice(
                outcome.value,
                *outcome_words(outcome),
                asks=tr("Number of the new sale") if outcome is Outcome.RESOLD else "",
            )
            for outcome in Outcome
        ]
        dialog = DecisionDialog(
            self._owner,
            self._run,
            tr("What was done about it?"),
            tr("This takes it off the list. Digital River’s decision stays as it is."),
            choices,
            yes=tr("Acknowledge"),
            store=lambda decision: self._acknowledged(item, decision),
            name="acknowledge_dialog",
        )
        dialog.decided.connect(lambda _decision: self.ended.emit(tr("Acknowledged.")))
        dialog.open()
        return dialog

    def look_again(self, item: ReviewItem, busy: QWidget) -> None:
        """Look up, now, whether it happened."""
        self._run(
            self._owner,
            self._desk.look_again(item),
            done=self.looked.emit,
            failed=self.failed.emit,
            busy=busy,
        )

    def resolve(self, item: ReviewItem) -> DecisionDialog:
        """Open the sheet on which a manager ends a doubt, in two steps."""
        dialog = DecisionDialog(
            self._owner,
            self._run,
            tr("Did it happen?"),
            tr(
                "Decide only what you have seen with your own eyes in Digital River’s dashboard. "
                "It is written down with your name."
            ),
            (
                Choice(HAPPENED, tr("It happened"), tr("It is there; nothing is sent again.")),
                Choice(
                    DID_NOT, tr("It did not happen"), tr("It is not there; it may be sent anew.")
                ),
            ),
            yes=tr("Continue"),
            store=lambda decision: self._resolved(item, decision),
            confirm=_resolve_question,
            name="resolve_dialog",
        )
        dialog.decided.connect(lambda _decision: self.ended.emit(tr("The doubt is ended.")))
        dialog.open()
        return dialog

    def _acknowledged(self, item: ReviewItem, decision: Decision) -> Coroutine[Any, Any, None]:
        outcome = Outcome(decision.choice)
        return self._desk.acknowledge(item, outcome, decision.reason, resold_as=decision.extra)

    def _resolved(self, item: ReviewItem, decision: Decision) -> Coroutine[Any, Any, None]:
        happened = decision.choice == HAPPENED
        return self._desk.resolve(item, happened=happened, reason=decision.reason)


def looked_words(intent: Intent | None) -> tuple[str, str]:
    """Return what looking again found: a title and what follows from it."""
    match intent:
        case None:
            return tr("It is settled already"), tr("The list is read anew.")
        case Intent(state=IntentState.DONE):
            return tr("It happened"), tr("Digital River has it; nothing is sent again.")
        case Intent(state=IntentState.NOT_DONE):
            return tr("It did not happen"), tr("Digital River never got it; it may be done anew.")
        case Intent(state=IntentState.REFUSED):
            return tr("It was refused"), intent.reason
        case _:
            return (
                tr("Still not known"),
                tr("Nothing was found yet. It is looked up again by itself."),
            )


def _resolve_question(decision: Decision) -> tuple[str, str]:
    if decision.choice == HAPPENED:
        return (
            tr("Write down that it happened?"),
            tr("It will never be sent again. If it is not at Digital River, it is lost."),
        )
    return (
        tr("Write down that it did not happen?"),
        tr("It can then be done again. If it is at Digital River, it would be there twice."),
    )


def _told(error: Exception) -> tuple[str, str]:
    message = explain(error)
    return message.title, message.body
