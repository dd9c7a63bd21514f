"""What the doctor says of the fonts: boxes instead of a buyer's name are told with the mend."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtGui import QFontDatabase, QGuiApplication

from posapp.config.paths import find_paths
from posapp.config.settings import Settings
from posapp.doctor import Finding, Subject, Verdict, fonts


def looked_at() -> Finding:
    """Return what the doctor finds."""
    home = {"POSAPP_HOME": "/nowhere"}
    return asyncio.run(_fonts(Subject(find_paths(home), Settings(), home)))


async def _fonts(subject: Subject) -> Finding:
    return await fonts(subject)


def test_a_computer_without_japanese_letters_is_told_which_font_to_install(
    qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    def latin_only(kind: QFontDatabase.WritingSystem) -> list[str]:
        return ["DejaVu Sans"] if kind == QFontDatabase.WritingSystem.Latin else []

    monkeypatch.setattr(QFontDatabase, "families", latin_only)

    told = looked_at()

    assert told.verdict is Verdict.WARNING
    assert "boxes instead of Greek, Cyrillic, Japanese, Chinese, Korean" in told.words
    assert "fonts-wqy-microhei" in told.mend


def test_a_computer_with_letters_for_all_is_well(
    qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFontDatabase, "families", lambda _kind: ["Some Sans"])
    assert looked_at().verdict is Verdict.GOOD
