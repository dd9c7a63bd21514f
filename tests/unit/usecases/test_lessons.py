"""The declarations of lessons and outcomes: whole, and in words the service understands."""

from __future__ import annotations

from pathlib import Path

import pytest

from posapp.config import resources
from posapp.domain.lesson import Facts, Lesson
from posapp.domain.staff import Role, Staff, StaffId
from posapp.sandbox.commands import COMMANDS
from posapp.sandbox.director import Outcome
from posapp.usecases.lessons import BLOCKED, LESSONS, PARTIAL_FULFILMENT
from posapp.usecases.outcomes import OUTCOMES, ahead_of
from posapp.usecases.seeding import read_seed
from posapp.usecases.training import may_learn

ICONS = Path(resources.path("icons", "training.svg")).parent


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_a_lesson_is_whole(lesson: Lesson) -> None:
    assert lesson.title and lesson.about and lesson.goal and lesson.steps
    assert lesson.scene.basket or lesson.scene.order
    assert (ICONS / f"{lesson.icon}.svg").is_file()
    assert all(step.hint.endswith(".") for step in lesson.steps)
    assert all(len(step.hint) <= 64 for step in lesson.steps), "one line in the top bar"
    commands = [*lesson.scene.commands, *(each for step in lesson.steps for each in step.then)]
    assert {command.path for command in commands} <= set(COMMANDS)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_nothing_is_passed_or_wrong_before_anything_was_done(lesson: Lesson) -> None:
    facts = Facts(place="cart")
    assert not lesson.steps[0].is_done(facts)
    assert not any(rule.when(facts) for rule in (*lesson.mistakes, *lesson.ends) if not rule.key)


def test_every_lesson_sells_what_the_training_shop_has() -> None:
    shop = read_seed(resources.path("seed", "shop.toml"), "1")
    known = {product.sku for product in shop.products}
    wanted = {sku for lesson in LESSONS for sku in lesson.scene.basket}
    wanted |= {line.partition(" x ")[0] for lesson in LESSONS for line in lesson.scene.order}
    assert wanted <= known
    assert len({lesson.id for lesson in LESSONS}) == len(LESSONS) == 6


def test_the_eight_outcomes_are_words_of_the_service() -> None:
    assert [outcome.title for outcome in OUTCOMES] == [
        "Accepted", "Declined", "In review", "Blocked", "Slow", "Lost answer", "Outage",
        "Wire transfer",
    ]  # fmt: skip
    assert {outcome.name for outcome in OUTCOMES} <= set(Outcome)
    assert all((ICONS / f"{outcome.icon}.svg").is_file() for outcome in OUTCOMES)


def test_what_is_ahead_is_read_from_the_service() -> None:
    assert ahead_of({"queued": [], "outage_s": 0.0}) is None
    declined = ahead_of({"queued": ["declined", "accepted"], "outage_s": 0.0})
    assert declined is not None and declined.outcome.title == "Declined"
    outage = ahead_of({"queued": ["declined"], "outage_s": 12.0})
    assert outage is not None and (outage.outcome.name, outage.seconds_left) == ("outage", 12.0)
    assert ahead_of({"queued": ["of another kind"]}) is None
    assert ahead_of({}) is None


def test_who_may_learn_what() -> None:
    finn = Staff(StaffId("finn"), "Finn", Role.FULFILMENT)
    cleo = Staff(StaffId("cleo"), "Cleo", Role.CLERK)
    assert [may_learn(finn, x) for x in (BLOCKED, PARTIAL_FULFILMENT)] == [False, True]
    assert all(may_learn(cleo, lesson) for lesson in LESSONS)
    assert not may_learn(None, BLOCKED)
