"""How old the picture is, in words: "live, 2 s" or "stale 4 min: showing 10:12" (design 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from posapp.domain.words import tr
from posapp.ui.kit.status_bar import StatusChip
from posapp.ui.kit.theme import Tone

STALE_AFTER_S = 60.0


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the feed was last complete, and what stands in its way: '' , 'offline' or 'refused'."""

    healthy_at: datetime | None
    trouble: str = ""


def freshness_words(freshness: Freshness, now: datetime) -> tuple[str, Tone, str]:
    """Return the words, their tone and their icon."""
    if freshness.trouble == "refused":
        return tr("the service refuses our key"), Tone.PROBLEM, "error"
    if freshness.healthy_at is None:
        words = tr("no connection yet") if freshness.trouble else tr("connecting …")
        return words, Tone.PROBLEM if freshness.trouble else Tone.WAIT, "feed"
    age = max(0.0, (now - freshness.healthy_at).total_seconds())
    if age <= STALE_AFTER_S and not freshness.trouble:
        return tr("live, {seconds} s", seconds=int(age)), Tone.READY, "feed"
    shown = freshness.healthy_at.astimezone().strftime("%H:%M")
    minutes = max(1, round(age / 60))
    words = tr("stale {minutes} min: showing {time}", minutes=minutes, time=shown)
    return words, Tone.WAIT if age <= 5 * 60 else Tone.PROBLEM, "offline"


def say_freshness(chip: StatusChip, freshness: Freshness, now: datetime) -> None:
    """Put the words on the chip."""
    words, tone, icon = freshness_words(freshness, now)
    chip.say(words, tone, icon=icon)
