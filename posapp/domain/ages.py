"""How long ago, and when: moments in a counter's words. Never reads a clock itself."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from posapp.domain.words import tr

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def lasted(span: timedelta) -> str:
    """Return a span in its largest fitting unit: "2 s", "4 min", "3 h 05", "2 d"."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < _MINUTE:
        return tr("{n} s", n=seconds)
    if seconds < _HOUR:
        return tr("{n} min", n=seconds // _MINUTE)
    if seconds < _DAY:
        hours, rest = divmod(seconds, _HOUR)
        return tr("{h} h {m}", h=hours, m=f"{rest // _MINUTE:02d}")
    return tr("{n} d", n=seconds // _DAY)


def age(then: datetime, now: datetime) -> str:
    """Return how long ago `then` was; a clock that runs a little behind counts as now."""
    return lasted(now - then)


def at_time(moment: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """Return "10:41" for today, "2 Mar 10:41" for this year, "2 Mar 2025 10:41" otherwise.

    `zone` is the shop's; None means the system's.
    """
    local, today = moment.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return clock
    day = f"{local.day} {tr(_MONTHS[local.month - 1])}"
    return f"{day} {clock}" if local.year == today.year else f"{day} {local.year} {clock}"


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
