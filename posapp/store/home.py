"""What a transaction knows of the program it runs in: which till, which process, where chance
comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Home:
    """`origin` tells this program's notifications from others'; `till` names the audit chain."""

    till: str
    origin: str
    random_bytes: Callable[[int], bytes]
