"""The training menu: what becomes of the next order, and the lessons. Over the window, by keys
alone if one likes.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from posapp.domain.lesson import Best, Lesson
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.dialogs import SheetDialog
from posapp.ui.kit.panels import Rule, column, holder, row, scrolled
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Type
from posapp.ui.messages import Message
from posapp.ui.training.pick import Choice, PickList
from posapp.ui.training.words import best_words
from posapp.usecases.lessons import LESSONS
from posapp.usecases.outcomes import OUTCOMES, Ahead, NextOutcome
from posapp.usecases.training import may_learn

_PLAIN = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.KeypadModifier,
)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVW"


class TrainingMenu(SheetDialog):
    """Digits set the next outcome, letters choose a lesson, 0 forgets what is set."""

    outcome_chosen = Signal(object)  # NextOutcome
    cleared = Signal()
    lesson_chosen = Signal(object)  # Lesson

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner, tr("Training"), name="training_menu", width=860, icon="training")
        self.outcomes = PickList(_outcomes(None, is_open=True), name="outcome_list")
        self.lessons = PickList(lesson_choices({}, None), name="lesson_list")
        self.note = Text("", muted=True, wrap=True, name="menu_note")
        self.banner = Banner(name="training_banner")
        self._lay_out()
        self._listen()

    def show_ahead(self, ahead: Ahead | None, lesson: Lesson | None) -> None:
        """Show what is set; while a lesson runs the service belongs to it."""
        self.outcomes.show_choices(_outcomes(ahead, is_open=lesson is None))
        if lesson is not None:
            words = tr("“{lesson}” is running: it decides what happens.", lesson=tr(lesson.title))
        else:
            words = tr("What becomes of it; one thing at a time.")
        self.note.setText(words)

    def focus_first(self) -> None:
        """Put the keyboard on what is set, or on the lessons while one runs."""
        rows = [row for row in self.outcomes.rows if row.choice.is_set] or self.lessons.rows
        rows[0].setFocus()

    def show_bests(self, bests: dict[str, Best], staff: object) -> None:
        """Show the person's best runs beside the lessons they may take."""
        self.lessons.show_choices(lesson_choices(bests, staff))

    def say(self, message: Message) -> None:
        """Show a sentence: the service did not take a command."""
        self.banner.say(message.title, message.body, tone=message.tone)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's override: the key of a row picks it."""
        is_plain = event.modifiers() in _PLAIN
        key = event.text().upper() if is_plain else ""
        if not key or not (self.outcomes.press(key) or self.lessons.press(key)):
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        room = self._fit()
        left = column(
            Text(tr("The next order"), Type.TITLE), self.note, rolled(self.outcomes, room), 1
        )
        right = column(
            Text(tr("Lessons"), Type.TITLE),
            Text(tr("Scored by time, keys and mistakes."), muted=True, wrap=True),
            rolled(self.lessons, room),
            1,
        )
        both = row(holder(left), Rule(vertical=True), holder(right), gap=2)
        both.setStretch(0, 1)
        both.setStretch(2, 1)
        self.body.addWidget(self.banner)
        self.body.addLayout(both)
        self.add_cancel(tr("Close"))

    def _fit(self) -> int:
        """Keep within the window however large the text is; returns the lists' greatest height."""
        window = self.parentWidget()
        if window is None:
            return theme.metrics().px(480)
        widest = min(theme.metrics().px(860), window.width() - theme.metrics().space(4))
        self.sheet.setFixedWidth(widest)
        return window.height() - theme.metrics().px(280)

    def _listen(self) -> None:
        by_name = {outcome.name: outcome for outcome in OUTCOMES}
        by_id = {lesson.id: lesson for lesson in LESSONS}
        self.outcomes.picked.connect(
            lambda name: self.outcome_chosen.emit(by_name[name]) if name else self.cleared.emit()
        )
        self.lessons.picked.connect(lambda one: self.lesson_chosen.emit(by_id[one]))


def rolled(choices: PickList, most: int) -> QScrollArea:
    """Let a list roll when it is higher than there is room for; the keyboard's row is in sight."""
    area = scrolled(choices)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setFixedHeight(min(choices.sizeHint().height(), most))
    for row_of in choices.rows:
        row_of.focused.connect(lambda row_of=row_of: area.ensureWidgetVisible(row_of, 0, 4))
    return area


def _outcomes(ahead: Ahead | None, *, is_open: bool) -> list[Choice]:
    def choice(at: int, outcome: NextOutcome) -> Choice:
        is_set = ahead is not None and ahead.outcome is outcome
        note = tr("set") if is_set else ""
        if is_set and ahead is not None and ahead.seconds_left:
            note = tr("{n} s left", n=max(1, round(ahead.seconds_left)))
        return Choice(
            outcome.name, str(at), outcome.icon, tr(outcome.title), tr(outcome.detail), note,
            is_set=is_set, is_open=is_open,
        )  # fmt: skip

    ordinary = Choice(
        "", "0", "sun", tr("An ordinary day"), tr("Nothing is set: what is paid is accepted."),
        is_set=ahead is None and is_open, is_open=is_open,
    )  # fmt: skip
    return [ordinary, *(choice(at, outcome) for at, outcome in enumerate(OUTCOMES, 1))]


def lesson_choices(bests: dict[str, Best], staff: object) -> list[Choice]:
    """Return the lessons as they stand for this person."""
    from posapp.domain.staff import Staff

    def choice(key: str, lesson: Lesson) -> Choice:
        allowed = may_learn(staff if isinstance(staff, Staff) else None, lesson)
        note = best_words(bests.get(lesson.id)) if allowed else tr("another role’s work")
        return Choice(
            lesson.id, key, lesson.icon, tr(lesson.title), tr(lesson.about), note, is_open=allowed
        )

    return [choice(key, lesson) for key, lesson in zip(_LETTERS, LESSONS, strict=False)]
