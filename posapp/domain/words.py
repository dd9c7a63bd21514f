"""The shop's words: every text a person reads passes `tr()`. Never decides which language: the
program hands one in.
"""

from __future__ import annotations

from collections.abc import Callable

_translate: Callable[[str], str] = str


def speak(translate: Callable[[str], str]) -> None:
    """Use this translation (English text in, the reader's text out) from now on."""
    global _translate  # noqa: PLW0603  one language for the whole program, chosen once at start
    _translate = translate


def tr(text: str, **values: object) -> str:
    """Return `text` in the reader's language, with its `{names}` filled in."""
    words = _translate(text)
    return words.format(**values) if values else words
