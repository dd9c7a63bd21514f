"""Announcements reach whoever listens, in order, once."""

from __future__ import annotations

from posapp.domain.changes import Change, Changes, FeedChanged, OrdersChanged
from posapp.domain.words import speak, tr


def test_everybody_who_listens_hears_every_change_until_they_stop() -> None:
    changes = Changes()
    first: list[Change] = []
    second: list[Change] = []
    changes.subscribe(first.append)
    stop = changes.subscribe(second.append)
    changes.announce(OrdersChanged(frozenset({"1"})))
    stop()
    stop()
    changes.announce(FeedChanged())
    assert first == [OrdersChanged(frozenset({"1"})), FeedChanged()]
    assert second == [OrdersChanged(frozenset({"1"}))]


def test_words_are_said_in_the_readers_language() -> None:
    speak({"Total {amount}": "Summe {amount}"}.get)  # type: ignore[arg-type]  # a missing word is a test's fault
    try:
        assert tr("Total {amount}", amount="5 €") == "Summe 5 €"
    finally:
        speak(str)
    assert tr("Total") == "Total"
