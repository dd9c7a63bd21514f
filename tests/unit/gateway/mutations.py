"""Spoils answers in every way that JSON allows. Never differently with the same seed."""

from __future__ import annotations

import copy
import random
from typing import Any

_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**70, 1.5),
    *("", "x", "1.5", "-", "NaN", "é\u0000", "9" * 400, "2026-13-45T99:99:99Z"),
    *([], {}, [None], [[]], {"id": {}}),
)


def _paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here] if here else []
    if isinstance(value, dict):
        for key, held in value.items():
            found += _paths(held, (*here, key))
    if isinstance(value, list):
        for index, held in enumerate(value):
            found += _paths(held, (*here, index))
    return found


def mutated(rng: random.Random, original: dict[str, Any]) -> Any:
    """Change one to four places of a sample: removed, replaced by something odd, or swapped."""
    value: Any = copy.deepcopy(original)
    for _ in range(rng.randint(1, 4)):
        paths = _paths(value)
        if not paths:
            break
        *way, last = rng.choice(paths)
        holder = value
        for step in way:
            holder = holder[step]
        if rng.random() < 0.3:
            del holder[last]
        elif rng.random() < 0.2:
            holder[last] = copy.deepcopy(rng.choice([value, holder]))
        else:
            holder[last] = copy.deepcopy(rng.choice(_ODD))
    return value
