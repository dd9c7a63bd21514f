"""The training room in the window's top bar: the key to its menu, what is set, and the coach while
a lesson runs. It takes no room from the page, so neither basket nor payment form is ever covered.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from posapp.domain.lesson import Best, Lesson
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.actions import Action
from posapp.ui.kit.banner import announce
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.panels import column, row
from posapp.ui.kit.run import Runner
from posapp.ui.kit.texts import IconLabel, Pill, Text
from posapp.ui.kit.theme import Tone, Type
from posapp.ui.messages import Message
from posapp.ui.training.menu import TrainingMenu
from posapp.ui.training.sheets import Briefing, ResultSheet
from posapp.ui.training.stage import Result
from posapp.ui.training.trainer import Trainer
from posapp.ui.training.words import (
    ahead_words,
    keys_words,
    mistakes_words,
    time_words,
)
from posapp.usecases.lessons import LESSONS
from posapp.usecases.outcomes import OUTCOMES
from posapp.usecases.training import may_learn

_ICONS = {Tone.PROBLEM: "error", Tone.WAIT: "warning", Tone.READY: "success"}


class Coach(QFrame):
    """Two lines while a lesson runs: which, how far, what it has cost; and what to do now."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("coach")
        self.icon = IconLabel("training", "accent_text", 22)
        self.title = Text("", Type.STRONG, name="coach_title")
        self.cost = Text("", Type.CAPTION, muted=True, name="coach_cost")
        self.hint = Text("", name="coach_hint")
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._hint = ""
        self._tone: Tone | None = None
        head = row(self.title, self.cost, 1, gap=1)
        line = row(self.icon, column(head, self.hint, gap=0), gap=1)
        line.setStretch(1, 1)
        self.setLayout(line)

    def show_lesson(self, title: str, cost: str, hint: str, icon: str, tone: Tone | None) -> None:
        """Show how the lesson stands."""
        self.title.setText(title)
        self.cost.setText(cost)
        self.icon.set_icon(icon, tone.value if tone else "accent_text")
        if (hint, tone) == (self._hint, self._tone):
            return
        self._hint, self._tone = hint, tone
        self.hint.setToolTip(hint)
        self._elide()
        announce(self, hint, is_urgent=tone is Tone.PROBLEM)

    @property
    def says(self) -> str:
        """The whole hint, however much of it there is room for."""
        return self._hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's override: as much of the hint as there is room for."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        width = max(40, self.hint.width())
        words = self.hint.fontMetrics().elidedText(self._hint, Qt.TextElideMode.ElideRight, width)
        self.hint.say(words, self._tone)


class TrainingBar(QWidget):
    """Button, what is set, coach; opens the menu, the briefing and the result."""

    widened = Signal(bool)  # a lesson runs or something is said: it wants the bar for itself

    def __init__(self, run: Runner, trainer: Trainer) -> None:
        super().__init__()
        self.setObjectName("training_bar")
        self._do = run
        self.trainer = trainer
        self._menu: TrainingMenu | None = None
        self._message: Message | None = None
        self._result: Result | None = None
        self._bests: dict[str, Best] = {}
        self._is_wide = False
        self._shown_mistakes = 0
        self.coach = Coach()
        self.pill = Pill("", Tone.WAIT, icon="training", name="ahead_pill")
        self.clear_button = Button(
            "", name="clear_ahead_button", kind=Kind.QUIET, icon="close", size=Size.SMALL
        )
        self.clear_button.setAccessibleName(tr("Forget what is set for the next order"))
        self.clear_button.setToolTip(tr("Forget what is set for the next order"))
        self.leave_button = Button(
            tr("Leave lesson"), name="leave_lesson_button", kind=Kind.QUIET, icon="close",
            size=Size.SMALL, key="Ctrl+E",
        )  # fmt: skip
        self.menu_button = Button(
            tr("Training"), name="training_button", kind=Kind.QUIET, icon="training",
            key="Ctrl+T", size=Size.SMALL,
        )  # fmt: skip
        self._build()
        self._connect()
        self._show()

    # ── verbs ────────────────────────────────────────────────────────────────────────────────

    def verbs(self) -> tuple[Action, ...]:
        """Return what the palette offers of the training room."""
        group = tr("Training")
        trainer = self.trainer

        def is_free() -> bool:
            return trainer.lesson is None and not trainer.is_form_open

        def may(lesson: Lesson) -> Callable[[], bool]:
            staff = trainer.desk.present
            return lambda: not trainer.is_form_open and may_learn(staff.staff, lesson)

        menu = Action(
            "training.menu", tr("Training menu"), self.open_menu, "Ctrl+T", "training", group,
            lambda: not trainer.is_form_open,
        )  # fmt: skip
        outcomes = tuple(
            Action(
                f"training.next.{outcome.name}",
                tr("Next order: {outcome}", outcome=tr(outcome.title).lower()),
                partial(trainer.next_order.choose, outcome),
                icon=outcome.icon,
                group=group,
                is_possible=is_free,
            )
            for outcome in OUTCOMES
        )
        lessons = tuple(
            Action(
                f"training.lesson.{lesson.id}",
                tr("Lesson: {lesson}", lesson=tr(lesson.title)),
                partial(self._brief, lesson),
                icon=lesson.icon,
                group=group,
                is_possible=may(lesson),
            )
            for lesson in LESSONS
        )
        clear = Action(
            "training.clear",
            tr("Next order: nothing set"),
            trainer.next_order.clear,
            icon="cancel",
            group=group,
            is_possible=is_free,
        )
        return (menu, *outcomes, clear, *lessons)

    def open_menu(self) -> None:
        """Open the training menu."""
        if self.trainer.is_form_open or self._menu is not None:
            return
        menu = TrainingMenu(self)
        menu.outcome_chosen.connect(self.trainer.next_order.choose)
        menu.cleared.connect(self.trainer.next_order.clear)
        menu.lesson_chosen.connect(self._on_lesson_chosen)
        menu.finished.connect(self._on_menu_closed)
        self._menu = menu
        menu.show_ahead(self.trainer.next_order.ahead, self.trainer.lesson)
        menu.show_bests(self._bests, self.trainer.desk.present.staff)
        menu.open()
        menu.focus_first()
        self._read_bests()

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    def _build(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for quiet in (self.menu_button, self.leave_button, self.clear_button):
            quiet.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.blank = QWidget()
        wide, low = QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored
        self.blank.setSizePolicy(wide, low)
        for fixed in (self.menu_button, self.leave_button, self.clear_button):
            fixed.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        line = row(
            self.coach,
            self.blank,
            self.pill,
            self.clear_button,
            self.leave_button,
            self.menu_button,
            gap=0.5,
        )
        line.setStretch(0, 1)
        self.setLayout(line)

    def _connect(self) -> None:
        self.trainer.changed.connect(self._show)
        self.trainer.told.connect(self._on_told)
        self.trainer.ended.connect(self._on_ended)
        self.menu_button.clicked.connect(self.open_menu)
        self.clear_button.clicked.connect(self.trainer.next_order.clear)
        self.leave_button.clicked.connect(self._on_leave)

    def _show(self) -> None:
        trainer = self.trainer
        lesson = trainer.lesson
        if lesson is not None:
            self._show_lesson(lesson)
        elif self._message is not None:
            tone = self._message.tone
            self.coach.show_lesson(
                self._message.title, "", self._message.body, _ICONS.get(tone, "info"), tone
            )
        is_coaching = lesson is not None or self._message is not None
        self.coach.setVisible(is_coaching)
        self.blank.setVisible(not is_coaching)
        self.menu_button.set_text("" if is_coaching else tr("Training"))
        self.menu_button.setAccessibleName(tr("Training"))
        self.leave_button.setVisible(is_coaching)
        leave = tr("Leave lesson") if lesson is not None else tr("Put away")
        is_narrow = self.width() < theme.metrics().px(780)
        self.leave_button.set_text("" if is_narrow else leave)
        self.leave_button.setAccessibleName(leave)
        self.leave_button.setToolTip(leave)
        is_ahead = trainer.next_order.ahead is not None and lesson is None
        self.pill.say(ahead_words(trainer.next_order.ahead), Tone.WAIT, icon="training")
        self.pill.setVisible(is_ahead)
        self.clear_button.setVisible(is_ahead)
        for button in (self.menu_button, self.leave_button, self.clear_button):
            button.setEnabled(not trainer.is_form_open)
        if self._menu is not None:
            self._menu.show_ahead(trainer.next_order.ahead, lesson)
        if is_coaching is not self._is_wide:
            self._is_wide = is_coaching
            self.widened.emit(is_coaching)
        if not trainer.is_form_open:
            self._show_result()

    def _show_lesson(self, lesson: Lesson) -> None:
        trainer = self.trainer
        score = trainer.score
        step = tr("step {at} of {all}", at=min(trainer.at + 1, len(lesson.steps)),
                  all=len(lesson.steps))  # fmt: skip
        cost = " · ".join(
            (step, time_words(score.seconds), keys_words(score.keys),
             mistakes_words(score.mistakes))
        )  # fmt: skip
        hint, tone, icon = trainer.hint, None, lesson.icon
        flash = trainer.flash
        if flash is not None:
            hint, tone, icon = flash.title, flash.tone, _ICONS.get(flash.tone, "info")
        self.coach.show_lesson(tr(lesson.title), cost, hint, icon, tone)
        self.coach.setToolTip(tr(lesson.goal))

    def _on_told(self, message: Message) -> None:
        if self._menu is not None:
            self._menu.say(message)
            return
        self._message = message
        self._show()

    def _on_leave(self) -> None:
        if self.trainer.lesson is not None:
            self.trainer.leave()
        self._message = None
        self._show()

    def _on_lesson_chosen(self, lesson: Lesson) -> None:
        if self._menu is not None:
            self._menu.accept()
        self._brief(lesson)

    def _on_menu_closed(self, _result: int) -> None:
        self._menu = None

    def _brief(self, lesson: Lesson) -> None:
        briefing = Briefing(self, lesson, self._bests.get(lesson.id))
        briefing.begun.connect(lambda: self._begin(lesson))
        briefing.open()

    def _begin(self, lesson: Lesson) -> None:
        self._message = None
        self.trainer.begin(lesson)

    def _on_ended(self, result: Result) -> None:
        self._result = result
        self._message = None
        self._show()

    def _show_result(self) -> None:
        """Once no form is open: a sheet must never lie over somebody who pays."""
        result, self._result = self._result, None
        if result is None:
            return
        self._read_bests()
        following = self._following(result.lesson)
        sheet = ResultSheet(self, result, following)
        sheet.again_wanted.connect(lambda: self._begin(result.lesson))
        if following is not None:
            sheet.next_wanted.connect(lambda: self._brief(following))
        sheet.open()

    def _following(self, lesson: Lesson) -> Lesson | None:
        staff = self.trainer.desk.present.staff
        rest = LESSONS[LESSONS.index(lesson) + 1 :]
        return next((each for each in rest if may_learn(staff, each)), None)

    def _read_bests(self) -> None:
        self._do(self, self.trainer.desk.bests(), done=self._on_bests)

    def _on_bests(self, bests: dict[str, Best]) -> None:
        self._bests = bests
        if self._menu is not None:
            self._menu.show_bests(bests, self.trainer.desk.present.staff)
