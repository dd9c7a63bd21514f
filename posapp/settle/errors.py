"""How a write can end other than well, told as facts; `ui/messages.py` has the words.

SettleError
└── StillUnknown   no answer came and looking up has not told yet: neither success nor failure
"""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.intent import Intent


class SettleError(Exception):
    """A write did not end well."""


@dataclass(eq=False)
class StillUnknown(SettleError):
    """Nobody knows yet whether `intent` happened; it stays on the Review screen and is looked up
    again.
    """

    intent: Intent
