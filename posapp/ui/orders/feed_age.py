"""How old the picture is: "live, 2 s" or "stale 4 min: showing 10:12". Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from posapp.domain.ages import age, at_time
from posapp.domain.words import tr
from posapp.sync.engine import Health, Line
from posapp.ui.kit.theme import Tone

STALE_AFTER = timedelta(seconds=60)
"""A feed that was last complete longer ago than this is not called live."""


@dataclass(frozen=True, slots=True)
class FeedAge:
    """The words, their tone and icon."""

    text: str
    tone: Tone
    icon: str


def feed_age(health: Health | None, now: datetime) -> FeedAge:
    """Return how old the picture is that the feed paints."""
    if health is None or (health.line is Line.STARTING and health.healthy_at is None):
        return FeedAge(tr("connecting…"), Tone.NEUTRAL, "feed")
    if health.healthy_at is None:
        return FeedAge(tr("no answer yet: showing what is stored"), Tone.WAIT, "offline")
    old = age(health.healthy_at, now)
    shown = at_time(health.healthy_at, now)
    if health.line is Line.REFUSED:
        return FeedAge(tr("key refused: showing {time}", time=shown), Tone.PROBLEM, "key")
    if health.line is Line.OFFLINE:
        text = tr("offline {age}: showing {time}", age=old, time=shown)
        return FeedAge(text, Tone.WAIT, "offline")
    if now - health.healthy_at > STALE_AFTER:
        return FeedAge(tr("stale {age}: showing {time}", age=old, time=shown), Tone.WAIT, "clock")
    return FeedAge(tr("live, {age}", age=old), Tone.READY, "online")
