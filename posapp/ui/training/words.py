"""How the training room says times, scores and what is ahead."""

from __future__ import annotations

from posapp.domain.lesson import ORDER, Best, Lesson, Score
from posapp.domain.words import tr
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import Message
from posapp.usecases.outcomes import Ahead


def time_words(seconds: float) -> str:
    """Return minutes and seconds, as a stop-watch shows them."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def keys_words(keys: int) -> str:
    """Return how many keys and clicks."""
    return tr("1 key") if keys == 1 else tr("{n} keys", n=keys)


def mistakes_words(mistakes: int) -> str:
    """Return how many mistakes."""
    return tr("1 mistake") if mistakes == 1 else tr("{n} mistakes", n=mistakes)


def score_words(score: Score) -> str:
    """Return a score in one line."""
    parts = (time_words(score.seconds), keys_words(score.keys), mistakes_words(score.mistakes))
    return " · ".join(parts)


def best_words(best: Best | None) -> str:
    """Return somebody's best run, or that there is none."""
    return (
        tr("not passed yet") if best is None else tr("best {score}", score=score_words(best.score))
    )


def ahead_words(ahead: Ahead | None) -> str:
    """Return what is set, or nothing."""
    if ahead is None:
        return ""
    if ahead.seconds_left:
        return tr("Outage: {n} s left", n=max(1, round(ahead.seconds_left)))
    return tr("Next: {outcome}", outcome=tr(ahead.outcome.title).lower())


def hint_words(lesson: Lesson, at: int, order_id: str) -> str:
    """Return what is to be done now."""
    if at >= len(lesson.steps):
        return tr("Done.")
    return tr(lesson.steps[at].hint).replace(ORDER, order_id)


def stopped_by_lock() -> Message:
    """The till was locked in the middle of a lesson."""
    return Message(
        tr("The lesson was stopped: the till was locked"),
        tr("Nothing was scored; the sale is kept."),
        Tone.INFO,
    )


def stopped_by_restart() -> Message:
    """The service came back without the scene."""
    return Message(
        tr("The lesson was stopped: the training service was started again"),
        tr("Nothing was scored and nothing is lost. Begin it once more."),
        Tone.WAIT,
    )


def payment_in_hand() -> Message:
    """A lesson would take the counter away from somebody who is paying."""
    return Message(
        tr("A payment is in hand"),
        tr("Finish it, or give it up with Esc; then begin the lesson."),
        Tone.WAIT,
    )


def was_held() -> Message:
    """Tell where the sale in hand went."""
    return Message(tr("The sale in hand was put on hold; F7 brings it back."), "", Tone.INFO)


def slip(words: str) -> Message:
    """Tell a mistake as it is made."""
    return Message(tr("Mistake: {words}", words=tr(words)), "")
