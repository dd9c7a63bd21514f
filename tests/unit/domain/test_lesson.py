"""How a run of a lesson is judged: steps in order, mistakes once, ends at once, fair scores."""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.lesson import (
    ORDER,
    Command,
    Facts,
    Lesson,
    Progress,
    Rule,
    Scene,
    Score,
    Step,
    Verdict,
    advance,
    pressed,
    refused,
)
from posapp.domain.order import OrderState
from posapp.domain.sale import SaleState

PAID = Facts(place="review")
PLACED = Facts(place="done", order_id="7", order_state=OrderState.IN_REVIEW)
GREEN = replace(PLACED, order_state=OrderState.ACCEPTED)
GONE = replace(GREEN, shipped={"MUG": 1})

LESSON = Lesson(
    id="one",
    title="One",
    about="One thing.",
    goal="Sell one.",
    scene=Scene(basket=("MUG",)),
    steps=(
        Step("Pay.", lambda facts: facts.place == "review"),
        Step("Place.", lambda facts: bool(facts.order_id)),
        Step("Hand over.", lambda facts: facts.has_left),
    ),
    mistakes=(
        Rule("Too early", lambda facts: not facts.may_leave, key="F10"),
        Rule("Looked back", lambda facts: facts.place == "cart"),
    ),
    ends=(Rule("Dropped", lambda facts: facts.sale_state is SaleState.DISCARDED),),
    forgives=frozenset({"review"}),
)


def after(*seen: Facts, progress: Progress | None = None) -> Progress:
    """Return the run after these facts, one after the other."""
    run = progress or Progress()
    for facts in seen:
        run = advance(LESSON, run, facts)
    return run


def test_steps_are_done_in_their_order() -> None:
    assert after(PLACED).at == 0
    assert after(PAID).at == 1
    assert after(PAID, PLACED).at == 2
    assert after(PAID, PLACED, GREEN).verdict is Verdict.RUNNING
    assert after(PAID, PLACED, GONE).verdict is Verdict.PASSED


def test_several_steps_may_be_done_at_once() -> None:
    assert after(PAID, GONE).verdict is Verdict.PASSED


def test_a_mistake_counts_each_time_it_begins_and_not_while_it_lasts() -> None:
    back = Facts(place="cart")
    assert after(back, back).mistakes == ("Looked back",)
    assert after(back, PAID, back).mistakes == ("Looked back", "Looked back")


def test_a_wrong_key_counts_with_each_press_and_only_then() -> None:
    run = after(PAID, PLACED)
    once = pressed(LESSON, run, PLACED, "F10")
    assert pressed(LESSON, once, PLACED, "F10").mistakes == ("Too early", "Too early")
    assert pressed(LESSON, run, PLACED, "F12").mistakes == ()
    assert pressed(LESSON, run, GREEN, "F10").mistakes == ()


def test_a_no_on_the_screen_counts_unless_the_scene_made_it() -> None:
    assert refused(LESSON, Progress(), Facts(place="cart"), "Unknown").mistakes == ("Unknown",)
    assert refused(LESSON, Progress(), PAID, "Declined").mistakes == ()


def test_what_cannot_be_mended_ends_the_lesson_for_good() -> None:
    dropped = Facts(sale_state=SaleState.DISCARDED)
    ended = after(PAID, dropped)
    assert (ended.verdict, ended.why) == (Verdict.FAILED, "Dropped")
    assert after(GONE, progress=ended) is ended
    assert pressed(LESSON, ended, PLACED, "F10") is ended
    assert refused(LESSON, ended, Facts(), "No") is ended


def test_a_command_names_the_order_of_the_lesson() -> None:
    asked = Command("/resolve", {"order": ORDER, "decision": "accept"})
    assert asked.about("231").body == {"order": "231", "decision": "accept"}
    assert asked.body["order"] == ORDER


def test_the_better_run_has_fewer_mistakes_then_less_time_then_fewer_keys() -> None:
    assert Score(90.0, 40, 0).beats(Score(20.0, 4, 1))
    assert Score(20.0, 40, 0).beats(Score(21.0, 4, 0))
    assert Score(20.0, 3, 0).beats(Score(20.0, 4, 0))
    assert not Score(20.0, 4, 0).beats(Score(20.0, 4, 0))
