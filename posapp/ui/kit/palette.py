"""Ctrl+K: one field that finds actions, orders, customers, products. Sources are handed in;
it never searches by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.words import tr
from posapp.ui.kit.actions import Action
from posapp.ui.kit.dialogs import SheetDialog
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.filter import SearchBox
from posapp.ui.kit.run import Job, Runner
from posapp.ui.kit.table import CellKind, Column, RowsModel
from posapp.ui.kit.table_view import TableView
from posapp.ui.kit.theme import Tone

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Find:
    """One thing found: choosing it calls `choose`. `key` is shown at its right."""

    id: str
    text: str
    choose: Callable[[], object]
    detail: str = ""
    icon: str = "next"
    kind: str = ""
    key: str = ""
    tone: Tone | None = None


class Source(Protocol):
    """Somewhere to look; the order of the sources is the order of what is found."""

    name: str

    def find(self, text: str) -> Sequence[Find] | Coroutine[Any, Any, Sequence[Find]]:
        """Return what fits `text`, best first, a handful at most; or the work that finds it."""
        ...


class ActionSource:
    """The actions of the screen and the window, by their words."""

    def __init__(self, actions: Callable[[], Iterable[Action]]) -> None:
        self.name = tr("Actions")
        self._actions = actions

    def find(self, text: str) -> Sequence[Find]:
        """Return possible actions whose words begin with every word typed."""
        return [
            Find(f"action:{a.id}", a.text, a.do, icon=a.icon or "next", kind=self.name, key=a.key)
            for a in self._actions()
            if a.is_possible() and fits(text, a.text)
        ]


class AskSource(Generic[T]):
    """What a desk finds: `ask` is its question about the text, `show` turns the answer into rows.

    Nothing is asked before `shortest` letters are typed.
    """

    def __init__(
        self,
        name: str,
        ask: Callable[[str], Coroutine[Any, Any, T]],
        show: Callable[[T], Sequence[Find]],
        *,
        shortest: int = 2,
    ) -> None:
        self.name = name
        self._ask = ask
        self._show = show
        self._shortest = shortest

    def find(self, text: str) -> Sequence[Find] | Coroutine[Any, Any, Sequence[Find]]:
        """Return the work that finds what fits."""
        wanted = text.strip()
        return self._look(wanted) if len(wanted) >= self._shortest else ()

    async def _look(self, text: str) -> Sequence[Find]:
        return self._show(await self._ask(text))


def fits(typed: str, words: str) -> bool:
    """Say whether every word typed begins some word of `words`; nothing typed fits everything."""
    have = words.casefold().split()
    return all(any(word.startswith(part) for word in have) for part in typed.casefold().split())


_COLUMNS: tuple[Column[Find], ...] = (
    Column("", lambda f: f.text, icon=lambda f: f.icon, kind=CellKind.TEXT, width=0),
    Column("", lambda f: f.detail, kind=CellKind.MUTED, width=26),
    Column("", lambda f: f.key or f.kind, kind=CellKind.MUTED, width=14),
)


class Palette(SheetDialog):
    """The palette over its window: type, arrow to what is meant, Enter."""

    def __init__(self, owner: QWidget, run: Runner, sources: Sequence[Source]) -> None:
        super().__init__(owner, tr("Go to anything"), name="palette", width=720)
        self._run = run
        self._sources = tuple(sources)
        self._found: dict[int, tuple[Find, ...]] = {}
        self._jobs: list[Job] = []
        self.search = SearchBox(
            tr("Action, order, customer or product"), name="palette_search", pause_ms=80
        )
        self.model = RowsModel(_COLUMNS, key=lambda find: find.id)
        self.table = TableView(self.model, name="palette_table", label=tr("Found"))
        self.table.horizontalHeader().hide()
        self.table.setMinimumHeight(380)
        self.table.set_empty_state(EmptyState("search", tr("Nothing found")))
        self.body.addWidget(self.search)
        self.body.addWidget(self.table)
        self.search.searched.connect(self._look)
        self.search.submitted.connect(lambda _text: self._choose())
        self.search.edit.installEventFilter(self)
        self.table.row_opened.connect(lambda _row: self._choose())
        self.search.focus()
        self._look("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's override: the arrow keys walk the list while the field keeps the keyboard."""
        if watched is self.search.edit and isinstance(event, QKeyEvent):
            keys = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if event.type() == QEvent.Type.KeyPress and Qt.Key(event.key()) in keys:
                self.table.step(keys[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)

    def _look(self, text: str) -> None:
        for job in self._jobs:
            job.cancel()
        self._found.clear()
        self._jobs = []
        for at, source in enumerate(self._sources):
            found = source.find(text)
            if isinstance(found, Coroutine):
                self._jobs.append(self._run(self, found, done=partial(self._on_found, at)))
            else:
                self._on_found(at, found)

    def _on_found(self, source: int, found: Sequence[Find]) -> None:
        self._found[source] = tuple(found)
        self.model.set_rows([find for at in sorted(self._found) for find in self._found[at]])
        if self.table.chosen() is None:
            self.table.choose_first()

    def _choose(self) -> None:
        chosen = self.table.chosen()
        if isinstance(chosen, Find):
            self.accept()
            chosen.choose()
