"""Runs lessons: watches, counts, asks the service for what comes next, and keeps the score.

Knows no screen: what it may do with the window is handed in as a `Stage`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from posapp.domain.changes import Change, OrdersChanged, OutboxChanged, PersonChanged, SalesChanged
from posapp.domain.lesson import (
    Command,
    Facts,
    Lesson,
    Progress,
    Score,
    Verdict,
    advance,
    pressed,
    refused,
)
from posapp.domain.sale import Sale
from posapp.ui import messages
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit.run import Runner
from posapp.ui.messages import Message
from posapp.ui.training.keys import KeyCounter
from posapp.ui.training.next_order import NextOrder
from posapp.ui.training.stage import Result, Stage
from posapp.ui.training.words import (
    hint_words,
    slip,
    stopped_by_lock,
    stopped_by_restart,
    was_held,
)
from posapp.usecases.training import Run, Touched, TrainingDesk

TICK_MS = 500
FLASH_S = 5.0
"""How long a mistake stands in place of the hint."""
AGAIN_S = 2.0
"""How long to wait before a command that was not taken is sent again."""


@dataclass(frozen=True, slots=True)
class _Due:
    at_s: float
    commands: tuple[Command, ...]


class Trainer(QObject):
    """The lesson that runs. What is set for the next order: `next_order`."""

    changed = Signal()  # what there is to show is different
    told = Signal(object)  # Message: something a person should read
    ended = Signal(object)  # Result

    def __init__(
        self,
        run: Runner,
        desk: TrainingDesk,
        changes: ChangeSignals,
        stage: Stage,
        now_s: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        """`now_s`: a steady clock in seconds."""
        super().__init__(parent)
        self._do = run
        self.desk = desk
        self._stage = stage
        self._now_s = now_s
        self.keys = KeyCounter(self)
        self.next_order = NextOrder(run, desk, self)
        self.is_form_open = False
        self._run: Run | None = None
        self._is_beginning = False
        self._progress = Progress()
        self._facts = Facts()
        self._began_s = 0.0
        self._touched = Touched()
        self._due: list[_Due] = []
        self._place = ""
        self._order_id = ""
        self._looks = 0
        self._slipped_at = -1
        self._flash: tuple[Message, float] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        changes.changed.connect(self._on_change)
        self.next_order.changed.connect(self.changed)
        self.next_order.failed.connect(self._tell)
        self.keys.pressed.connect(self._on_key)
        self.keys.clicked.connect(self.changed)
        self.keys.refused.connect(self._on_refused)

    # ── what is shown ────────────────────────────────────────────────────────────────────────

    @property
    def lesson(self) -> Lesson | None:
        """The lesson that runs."""
        return self._run.lesson if self._run is not None else None

    @property
    def score(self) -> Score:
        """What the run has cost so far."""
        seconds = self._now_s() - self._began_s
        return Score(seconds, self.keys.count, len(self._progress.mistakes))

    @property
    def at(self) -> int:
        """How many steps are done."""
        return self._progress.at

    @property
    def hint(self) -> str:
        """What is to be done now."""
        lesson = self.lesson
        return hint_words(lesson, self.at, self._order_id) if lesson is not None else ""

    @property
    def flash(self) -> Message | None:
        """What stands in place of the hint for some seconds."""
        if self._flash is None or self._now_s() >= self._flash[1]:
            return None
        return self._flash[0]

    # ── lessons ──────────────────────────────────────────────────────────────────────────────

    def begin(self, lesson: Lesson) -> None:
        """Set the scene and begin; a lesson that runs is left first."""
        if self._is_beginning:
            return
        why_not = self._stage.why_not()
        if why_not is not None:
            self._say(why_not)
            return
        self._is_beginning = True
        if self._run is not None:
            left = self._end()
            self._do(
                self,
                self.desk.leave(left),
                done=lambda _sale: self._begin(lesson),
                failed=self._on_no_scene,
            )
        else:
            self._begin(lesson)

    def leave(self) -> None:
        """Give the lesson up: not scored, its scene is cleared away."""
        if self._run is None or self.is_form_open:
            return
        left = self._end()
        self._do(self, self.desk.leave(left), done=self._on_left, failed=self._tell)
        self.next_order.clear()

    def see_place(self, place: str) -> None:
        """Take in which page of the sale is on show."""
        self._place = place
        self._look()

    def set_form_open(self, is_open: bool) -> None:
        """While a payment form exists nothing here counts, listens or can be pressed."""
        self.is_form_open = is_open
        self.keys.stand_aside(is_open)
        self.changed.emit()

    def on_scan(self, code: str) -> None:
        """A scanner typed this and its end: no person's keys."""
        self.keys.forgive(len(code) + 1)

    def service_restarted(self) -> None:
        """The sandbox came back with a clean day: what was set is gone."""
        self.next_order.forget()
        if self._run is not None:
            self._end()
            self.told.emit(stopped_by_restart())
        self.changed.emit()

    def tick(self) -> None:
        """Half a second has passed: ask what is due, count the time."""
        now = self._now_s()
        due = [each for each in self._due if each.at_s <= now]
        self._due = [each for each in self._due if each.at_s > now]
        for each in due:
            self._ask(each)
        self.changed.emit()

    # ── beginning and ending ─────────────────────────────────────────────────────────────────

    def _begin(self, lesson: Lesson) -> None:
        self._do(self, self.desk.begin(lesson), done=self._on_begun, failed=self._on_no_scene)

    def _on_begun(self, run: Run) -> None:
        self._is_beginning = False
        self.next_order.forget()
        self._progress = Progress()
        self._facts = Facts()
        self._touched = Touched()
        self._due = []
        self._slipped_at = -1
        self._order_id = run.order_id
        if run.sale is not None:
            self._stage.take_sale(run.sale)
        self._run = run
        self._began_s = self._now_s()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self.keys.start(app, self._stage.window())
        self._timer.start()
        self._flash = None
        if run.has_held:
            self._show_for_a_while(was_held())
        self.changed.emit()
        self._look()

    def _on_no_scene(self, error: Exception) -> None:
        self._is_beginning = False
        self._tell(error)

    def _on_left(self, sale: Sale | None) -> None:
        if sale is not None:
            self._stage.take_sale(sale)

    def _end(self) -> Run:
        run, self._run = self._run, None
        if run is None:
            raise LookupError("no lesson runs")
        self.keys.stop()
        self._due = []
        self._timer.stop()
        self.changed.emit()
        return run

    def _judged(self) -> None:
        """The run is over: keep it if it was passed."""
        score, progress = self.score, self._progress
        run = self._end()
        result = Result(
            run.lesson,
            score,
            progress.mistakes,
            progress.verdict is Verdict.PASSED,
            progress.why,
        )
        if not result.has_passed:
            self.ended.emit(result)
            self.next_order.clear()
            return
        self._do(
            self,
            self.desk.finish(run, score),
            done=lambda best: self.ended.emit(replace(result, best=best)),
            failed=self._tell,
        )
        self.next_order.clear()

    # ── watching ─────────────────────────────────────────────────────────────────────────────

    def _on_change(self, change: Change) -> None:
        if isinstance(change, PersonChanged):
            self._on_person()
        elif not isinstance(change, SalesChanged | OutboxChanged | OrdersChanged):
            return
        elif self._run is None:
            self.next_order.look()
        else:
            self._touched = _touch(self._touched, change)
            self._look()

    def _on_person(self) -> None:
        """A lesson belongs to the person who began it."""
        here = self.desk.present.staff
        if self._run is not None and (here is None or here.id != self._run.staff.id):
            self._end()
            self.next_order.clear()
            self.told.emit(stopped_by_lock())

    def _look(self) -> None:
        if self._run is None:
            return
        run = self._run
        self._looks += 1
        mine = self._looks

        def done(facts: Facts) -> None:
            if self._run is run and mine == self._looks:
                self._on_facts(facts)

        work = self.desk.look(run, self._place, self._touched)
        self._do(self, work, done=done, failed=self._tell)

    def _on_facts(self, facts: Facts) -> None:
        if self._run is None:
            return
        before = self._progress
        self._facts = facts
        self._order_id = facts.order_id or self._order_id
        self._progress = advance(self._run.lesson, before, facts)
        for step in self._run.lesson.steps[before.at : self._progress.at]:
            if step.then:
                self._due.append(_Due(self._now_s() + step.wait_s, step.then))
        if self._progress.verdict is not Verdict.RUNNING:
            self._judged()
        else:
            self._show_slip(before)
            self.changed.emit()

    def _on_key(self, key: str) -> None:
        """Whether a key was wrong is judged by how the order stands now, not by what was known."""
        run = self._run
        if run is None:
            return
        self.changed.emit()
        if not any(rule.key == key for rule in run.lesson.mistakes):
            return
        place, at = self._place, self.keys.count

        def done(facts: Facts) -> None:
            if self._run is not run:
                return
            before = self._progress
            self._progress = pressed(run.lesson, before, facts, key)
            if self._progress is not before:
                self._slipped_at = at
                self._show_slip(before)
            self._on_facts(replace(facts, place=self._place))

        self._do(self, self.desk.look(run, place, self._touched), done=done, failed=self._tell)

    def _on_refused(self, words: str) -> None:
        """One press, one mistake, however many sentences it brings."""
        if self._run is None or self._slipped_at == self.keys.count:
            return
        before = self._progress
        self._progress = refused(self._run.lesson, before, self._facts_here(), words)
        if self._progress is not before:
            self._slipped_at = self.keys.count
            self._show_slip(before)
            self.changed.emit()

    def _facts_here(self) -> Facts:
        """The last facts, on the page that is on show now."""
        return replace(self._facts, place=self._place)

    def _show_slip(self, before: Progress) -> None:
        new = self._progress.mistakes[len(before.mistakes) :]
        if new:
            self._show_for_a_while(slip(new[-1]))

    def _show_for_a_while(self, message: Message) -> None:
        self._flash = (message, self._now_s() + FLASH_S)

    # ── asking ───────────────────────────────────────────────────────────────────────────────

    def _ask(self, due: _Due) -> None:
        run = self._run

        def again(error: Exception) -> None:
            if self._run is run:
                self._due.append(replace(due, at_s=self._now_s() + AGAIN_S))
                self._tell(error)

        self._do(self, self.desk.tell(due.commands, self._order_id), done=_nothing, failed=again)

    def _tell(self, error: Exception) -> None:
        self._say(messages.explain(error))

    def _say(self, message: Message) -> None:
        """In place of the hint while a lesson runs, else for as long as it takes to be read."""
        if self._run is not None:
            self._show_for_a_while(message)
            self.changed.emit()
        else:
            self.told.emit(message)


def _touch(touched: Touched, change: Change) -> Touched:
    match change:
        case SalesChanged():
            return replace(touched, sales=touched.sales | change.sale_ids)
        case OutboxChanged():
            return replace(touched, orders=touched.orders | change.order_ids)
        case _:
            return touched


def _nothing(_done: None) -> None:
    """What was asked of the service shows in what it announces."""
