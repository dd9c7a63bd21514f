"""A lesson of the training room: what it is made of, and how a run of it is judged.

Pure: it is told what was seen and says what that means. Never looks at a window or a service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from posapp.domain.order import OrderState
from posapp.domain.sale import SaleState
from posapp.domain.staff import Permission

ORDER = "{order}"
"""Stands in a command for the id of the lesson's order."""

_MAY_LEAVE = frozenset({OrderState.ACCEPTED, OrderState.FULFILLED, OrderState.COMPLETE})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the lesson's sale and order at one moment."""

    place: str = ""  # the page of the sale on show: "cart", "payment" …
    sale_state: SaleState | None = None
    refusals: int = 0  # how often the service refused to make the order
    order_id: str = ""
    order_state: OrderState | None = None
    shipped: Mapping[str, int] = field(default_factory=dict)  # decided here, by product
    dropped: Mapping[str, int] = field(default_factory=dict)
    is_confirmed: bool = False  # the service has answered all that was decided
    strays: int = 0  # decisions about other orders
    wrong_in_hand: int = 0  # other orders taken in hand since the lesson began
    sold_again: int = 0  # other sales begun with the same goods

    @property
    def may_leave(self) -> bool:
        """Whether the goods may leave the shop."""
        return self.order_state in _MAY_LEAVE

    @property
    def has_left(self) -> bool:
        """Whether somebody decided that goods leave."""
        return any(self.shipped.values())

    @property
    def in_doubt(self) -> bool:
        """Whether nobody knows if the order exists."""
        return self.sale_state is SaleState.UNKNOWN


Test = Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class Command:
    """Something asked of the training service; `ORDER` in the body is the lesson's order."""

    path: str
    body: Mapping[str, object] = field(default_factory=dict)

    def about(self, order_id: str) -> Command:
        """Return the command with the order's id in its place."""
        return replace(
            self, body={key: order_id if x == ORDER else x for key, x in self.body.items()}
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """What is there when the lesson begins: a basket with its buyer, or an order in the queue."""

    basket: tuple[str, ...] = ()  # product numbers, one a unit
    order: tuple[str, ...] = ()  # "MUG-WHT x 3"
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to get done. `then` is asked of the service `wait_s` seconds after it was done."""

    hint: str
    is_done: Test
    then: tuple[Command, ...] = ()
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A mistake, or an end: in words, and when. With `key`, each press of it counts while `when`
    holds; without, each time `when` begins to hold.
    """

    words: str
    when: Test
    key: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson. All words are English here; the screen puts them through `tr()`."""

    id: str
    title: str
    about: str  # a few words for the menu
    goal: str
    scene: Scene
    steps: tuple[Step, ...]
    mistakes: tuple[Rule, ...] = ()
    ends: tuple[Rule, ...] = ()  # nothing can be mended any more
    forgives: frozenset[str] = frozenset()  # pages whose refusals are part of the scene
    needs: Permission = Permission.SELL
    icon: str = "training"


class Verdict(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has got. `standing` are the mistakes that hold at this moment."""

    at: int = 0
    mistakes: tuple[str, ...] = ()
    standing: frozenset[str] = frozenset()
    verdict: Verdict = Verdict.RUNNING
    why: str = ""


def advance(lesson: Lesson, progress: Progress, facts: Facts) -> Progress:
    """Return the run after these facts; a run that is over stays as it is."""
    if progress.verdict is not Verdict.RUNNING:
        return progress
    standing = frozenset(
        rule.words for rule in lesson.mistakes if not rule.key and rule.when(facts)
    )
    new = tuple(
        rule.words for rule in lesson.mistakes if rule.words in standing - progress.standing
    )
    progress = replace(progress, mistakes=progress.mistakes + new, standing=standing)
    ended = next((rule for rule in lesson.ends if rule.when(facts)), None)
    if ended is not None:
        return replace(progress, verdict=Verdict.FAILED, why=ended.words)
    at = progress.at
    while at < len(lesson.steps) and lesson.steps[at].is_done(facts):
        at += 1
    verdict = Verdict.PASSED if at == len(lesson.steps) else Verdict.RUNNING
    return replace(progress, at=at, verdict=verdict)


def pressed(lesson: Lesson, progress: Progress, facts: Facts, key: str) -> Progress:
    """Return the run after this key: it may have been the wrong one just then."""
    if progress.verdict is not Verdict.RUNNING:
        return progress
    wrong = tuple(r.words for r in lesson.mistakes if r.key == key and r.when(facts))
    return replace(progress, mistakes=progress.mistakes + wrong) if wrong else progress


def refused(lesson: Lesson, progress: Progress, facts: Facts, words: str) -> Progress:
    """Return the run after the screen said no, unless the scene itself made it say so."""
    if progress.verdict is not Verdict.RUNNING or facts.place in lesson.forgives:
        return progress
    return replace(progress, mistakes=(*progress.mistakes, words))


@dataclass(frozen=True, slots=True)
class Score:
    """What a passed run cost: seconds, keys and clicks, mistakes."""

    seconds: float
    keys: int
    mistakes: int

    def beats(self, other: Score) -> bool:
        """Say whether this is the better run: fewer mistakes, then less time, then fewer keys."""
        return self._rank < other._rank

    @property
    def _rank(self) -> tuple[int, float, int]:
        return (self.mistakes, round(self.seconds, 1), self.keys)


@dataclass(frozen=True, slots=True)
class Best:
    """Somebody's best run of a lesson, and how often they passed it."""

    score: Score
    runs: int
