"""How long a PIN is. Apart from the rules about people: the sign-in screen is painted before they
are imported.
"""

from __future__ import annotations

PIN_LENGTH = 4
"""Digits of a PIN; the lock-out after wrong ones makes four enough at a counter."""
