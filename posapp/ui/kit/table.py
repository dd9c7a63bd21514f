"""One model for every table: columns are declared, rows are frozen values with a key. Never holds a
colour, never sorts text.

A screen's table is a tuple of `Column`s. `upsert` and `set_rows` tell the view only what differs,
so that selection and scroll position survive every refresh. `data()` is asked thousands of times
while a person scrolls: it compares the role with plain numbers and reads tuples prepared when the
row came.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import groupby
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from posapp.ui.kit.theme import Tone

T = TypeVar("T")

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()

# Qt's roles and ours as plain numbers: comparing enum members costs half a frame.
DISPLAY, TOOL_TIP, ALIGNMENT, ACCESSIBLE = 0, 3, 7, 11
RowRole = 0x0101
"""The whole row value."""
SortRole = 0x0102
"""A value that compares, never the shown text."""
ToneRole = 0x0103
"""The `Tone` of the cell, or None."""
IconRole = 0x0104
"""The name of the cell's icon, or nothing."""


class Align(IntEnum):
    """Where a cell's text stands."""

    START = 0x0081  # left and vertically centred
    END = 0x0082
    CENTER = 0x0084


class CellKind(StrEnum):
    """Which delegate paints a column."""

    TEXT = "text"
    MONEY = "money"
    STATUS = "status"
    MUTED = "muted"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column: a heading and small functions of the row.

    `width` is in characters, 0 takes what is left.
    """

    title: str
    text: Callable[[T], str]
    sort: Callable[[T], Any] | None = None
    align: Align = Align.START
    tone: Callable[[T], Tone | None] | None = None
    icon: Callable[[T], str] | None = None
    tip: Callable[[T], str] | None = None
    kind: CellKind = CellKind.TEXT
    width: int = 12


@dataclass(frozen=True, slots=True)
class Cells:
    """A row as it is shown, worked out once when it came."""

    texts: tuple[str, ...]
    tones: tuple[Tone | None, ...]
    icons: tuple[str, ...]


class RowsModel(QAbstractTableModel, Generic[T]):
    """Frozen rows in a given order, each known by its key."""

    def __init__(self, columns: Sequence[Column[T]], key: Callable[[T], Hashable]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._key = key
        self._rows: list[T] = []
        self._cells: list[Cells] = []
        self._positions: dict[Hashable, int] = {}

    # ---- what a screen asks and tells

    @property
    def rows(self) -> tuple[T, ...]:
        """The rows, top first."""
        return tuple(self._rows)

    def row(self, position: int) -> T:
        """Return the row at this position."""
        return self._rows[position]

    def cells(self, position: int) -> Cells:
        """Return the row at this position as it is shown."""
        return self._cells[position]

    def position(self, key: Hashable) -> int | None:
        """Return where the row with this key stands, or None."""
        return self._positions.get(key)

    def index_of(self, key: Hashable) -> QModelIndex:
        """Return the index of the row with this key; invalid if there is none."""
        at = self.position(key)
        return QModelIndex() if at is None else self.index(at, 0)

    def set_rows(self, rows: Iterable[T]) -> None:
        """Make these the rows: drop what is gone, repaint what differs, add what is new."""
        wanted = list(rows)
        keys = [self._key(row) for row in wanted]
        kept = set(keys)
        self.remove([key for key in self._positions if key not in kept])
        survivors = [key for key in keys if key in self._positions]
        if survivors != [self._key(row) for row in self._rows]:
            self._reorder(survivors)
        self._insert_missing(wanted, keys)
        self._replace(wanted)

    def upsert(self, rows: Iterable[T]) -> None:
        """Replace the rows that are known by key, where they stand; add the others at the end."""
        given = {self._key(row): row for row in rows}
        self._replace([row for key, row in given.items() if key in self._positions])
        new = [row for key, row in given.items() if key not in self._positions]
        if new:
            self._insert(len(self._rows), new)

    def remove(self, keys: Iterable[Hashable]) -> None:
        """Take the rows with these keys away; unknown keys are no matter."""
        at = {self._positions[key] for key in keys if key in self._positions}
        for first, last in reversed(list(runs(sorted(at)))):
            self.beginRemoveRows(_NO_PARENT, first, last)
            for row in self._rows[first : last + 1]:
                del self._positions[self._key(row)]
            del self._rows[first : last + 1]
            del self._cells[first : last + 1]
            self._recount(first)
            self.endRemoveRows()

    def retitle(self) -> None:
        """Work every shown text out anew, after a change of language."""
        self._cells = [self._prepared(row) for row in self._rows]
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self._corner(len(self._rows) - 1))

    # ---- Qt's side

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Qt's override."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Qt's override."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = 0) -> Any:
        """Qt's override; see the roles at the top of this module."""
        if role == DISPLAY:
            return self._cells[index.row()].texts[index.column()]
        if role == ToneRole:
            return self._cells[index.row()].tones[index.column()]
        if role == IconRole:
            return self._cells[index.row()].icons[index.column()]
        if role == ALIGNMENT:
            return int(self.columns[index.column()].align)
        if role == RowRole:
            return self._rows[index.row()]
        if role == SortRole:
            column = self.columns[index.column()]
            row = self._rows[index.row()]
            return column.sort(row) if column.sort else column.text(row)
        return self._rarer_data(index, role)

    def _rarer_data(self, index: Index, role: int) -> Any:
        if role == ACCESSIBLE:
            return self._cells[index.row()].texts[index.column()]
        if role == TOOL_TIP:
            tip = self.columns[index.column()].tip
            return tip(self._rows[index.row()]) if tip else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Qt's override."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == DISPLAY:
            return self.columns[section].title
        if role == ALIGNMENT:
            return int(self.columns[section].align)
        return None

    # ---- how a difference becomes a message to the view

    def _prepared(self, row: T) -> Cells:
        return Cells(
            tuple([column.text(row) for column in self.columns]),
            tuple([column.tone(row) if column.tone else None for column in self.columns]),
            tuple([column.icon(row) if column.icon else "" for column in self.columns]),
        )

    def _insert(self, at: int, rows: Sequence[T]) -> None:
        prepared = [self._prepared(row) for row in rows]
        self.beginInsertRows(_NO_PARENT, at, at + len(rows) - 1)
        self._rows[at:at] = rows
        self._cells[at:at] = prepared
        self._recount(at)
        self.endInsertRows()

    def _insert_missing(self, wanted: Sequence[T], keys: Sequence[Hashable]) -> None:
        missing = [at for at, key in enumerate(keys) if key not in self._positions]
        for first, last in runs(missing):
            self._insert(first, wanted[first : last + 1])

    def _replace(self, rows: Sequence[T]) -> None:
        changed: list[int] = []
        for row in rows:
            at = self._positions[self._key(row)]
            if self._rows[at] != row:
                self._rows[at] = row
                self._cells[at] = self._prepared(row)
                changed.append(at)
        for first, last in runs(sorted(changed)):
            self.dataChanged.emit(self.index(first, 0), self._corner(last))

    def _reorder(self, keys: Sequence[Hashable]) -> None:
        """Bring the rows into this order, keeping selections on the rows they were on."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [(self._key(self._rows[i.row()]), i.column()) for i in before]
        order = [self._positions[key] for key in keys]
        self._rows = [self._rows[at] for at in order]
        self._cells = [self._cells[at] for at in order]
        self._recount()
        after = [self.index(self._positions[key], column) for key, column in held]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _recount(self, first: int = 0) -> None:
        key = self._key
        self._positions.update(
            {key(row): at for at, row in enumerate(self._rows[first:], start=first)}
        )

    def _corner(self, row: int) -> QModelIndex:
        return self.index(row, len(self.columns) - 1)


def runs(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Return the first and last of each unbroken run in sorted positions."""
    for _, group in groupby(enumerate(positions), lambda pair: pair[1] - pair[0]):
        run = [at for _, at in group]
        yield run[0], run[-1]
