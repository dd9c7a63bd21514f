"""Ctrl+K and F1 for the whole window: what can be done here and where one can go, orders by what is
typed, and the keys of the screen on show. Decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from posapp.domain.queue import Page, View
from posapp.domain.words import tr
from posapp.ui.kit.actions import Action, KeysOverlay
from posapp.ui.kit.palette import ActionSource, AskSource, Find, Palette, Source
from posapp.ui.kit.run import Runner

if TYPE_CHECKING:
    from posapp.usecases.orders import OrderDesk

MOST_ORDERS = 6


@runtime_checkable
class HasVerbs(Protocol):
    """A screen or a tool that says what can be done with it now."""

    def verbs(self) -> tuple[Action, ...]:
        """Return what can be done."""
        ...


def verbs_of(thing: object) -> tuple[Action, ...]:
    """Return what can be done with this screen or tool; nothing when it does not say."""
    return thing.verbs() if isinstance(thing, HasVerbs) else ()


def orders_source(desk: OrderDesk, choose: Callable[[str], object]) -> AskSource[Page]:
    """Find orders by number, buyer or e-mail; `choose` opens one."""

    def show(page: Page) -> Sequence[Find]:
        return [
            Find(
                f"order:{row.order_id}",
                tr("Order {order}", order=row.order_id),
                partial(choose, row.order_id),
                detail=row.buyer,
                icon="orders",
                kind=tr("Orders"),
            )
            for row in page.rows
        ]

    return AskSource(
        tr("Orders"), lambda text: desk.page(View.ALL, limit=MOST_ORDERS, search=text), show
    )


class Finder(QObject):
    """The two keys, and what they open."""

    def __init__(
        self,
        owner: QWidget,
        run: Runner,
        actions: Callable[[], Iterable[Action]],
        sources: Callable[[], Sequence[Source]] = tuple,
    ) -> None:
        """`actions` and `sources` are asked each time: they depend on who is in."""
        super().__init__(owner)
        self._owner = owner
        self._run = run
        self._actions = actions
        self._sources = sources
        self._keys = [
            self._key("Ctrl+K", self.open_palette),
            self._key("F1", self.open_keys),
        ]

    def set_open(self, is_open: bool) -> None:
        """While a payment form exists no key of ours does anything."""
        for key in self._keys:
            key.setEnabled(is_open)

    def open_palette(self) -> None:
        """Open the palette."""
        here = ActionSource(self._actions)
        Palette(self._owner, self._run, [here, *self._sources()]).open()

    def open_keys(self) -> None:
        """Show the keys of what is on show."""
        KeysOverlay(self._owner, self._actions()).open()

    def _key(self, key: str, do: Callable[[], None]) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), self._owner)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(do)
        return shortcut
