"""Narrowing and sorting a table that is held whole:
a predicate over rows, and a search box that waits for the typing to pause.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from posapp.domain.words import tr
from posapp.ui.kit import icons, theme
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.keycap import KeyCap
from posapp.ui.kit.pause import Pause
from posapp.ui.kit.table import RowsModel, SortRole

SEARCH_PAUSE_MS = 150


class FilterProxy(QSortFilterProxyModel):
    """Rows for which a predicate holds, sorted by `SortRole`. For tables of a few thousand rows;
    longer ones page.
    """

    def __init__(self, model: RowsModel[Any]) -> None:
        super().__init__()
        self.rows_model = model
        self._keep: Callable[[Any], bool] | None = None
        self.setSortRole(SortRole)
        self.setDynamicSortFilter(True)
        self.setSourceModel(model)

    def keep(self, predicate: Callable[[Any], bool] | None) -> None:
        """Show only rows for which `predicate` is true; all of them for None."""
        self.beginFilterChange()
        self._keep = predicate
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def row(self, position: int) -> Any:
        """Return the row shown at this position."""
        return self.rows_model.row(self.mapToSource(self.index(position, 0)).row())

    def filterAcceptsRow(
        self, source_row: int, _parent: QModelIndex | QPersistentModelIndex
    ) -> bool:
        """Qt's override."""
        return self._keep is None or self._keep(self.rows_model.row(source_row))

    def lessThan(
        self,
        left: QModelIndex | QPersistentModelIndex,
        right: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Qt's override: Python compares, because Qt knows neither Money nor our dates."""
        lower, higher = self.rows_model.data(left, SortRole), self.rows_model.data(right, SortRole)
        return bool(lower < higher)


class SearchBox(QFrame):
    """A search field with its icon, its key and a way to clear it. Emits once the typing pauses."""

    searched = Signal(str)  # the trimmed text, after a pause or Enter
    submitted = Signal(str)  # the trimmed text, on Enter
    moved_down = Signal()  # the arrow key: the person wants into the results

    def __init__(
        self,
        placeholder: str,
        parent: QWidget | None = None,
        *,
        name: str = "search_box",
        icon: str = "search",
        key: str = "",
        pause_ms: int = SEARCH_PAUSE_MS,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("part", "search")
        self._icon_name = icon
        self._said = ""
        self.edit = _Edit(self)
        self.edit.setObjectName(f"{name}_edit")
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(placeholder)
        self._mark = QLabel(self)
        self._key = KeyCap(key, self)
        self.clear_button = Button(
            "", self, name=f"{name}_clear", kind=Kind.QUIET, icon="close", size=Size.SMALL
        )
        self.clear_button.setAccessibleName(tr("Clear the search"))
        self.clear_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pause = Pause(self, pause_ms)
        self._build(bool(key))
        self._connect()

    def text(self) -> str:
        """Return the trimmed text."""
        return self.edit.text().strip()

    def set_text(self, text: str) -> None:
        """Put a text in, as if it had been typed."""
        self.edit.setText(text)

    def clear(self) -> None:
        """Empty the box and say so at once."""
        self.edit.clear()
        self._say()

    def focus(self) -> None:
        """Take the keyboard, with the text selected, so that typing replaces it."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def _build(self, has_key: bool) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self.edit, 1)
        row.addWidget(self._key)
        row.addWidget(self.clear_button)
        self._key.setVisible(has_key)
        self.clear_button.hide()
        self.edit.setProperty("bare", True)
        self.setFocusProxy(self.edit)
        self._dress()

    def _connect(self) -> None:
        self.edit.textChanged.connect(self._on_changed)
        self.edit.returnPressed.connect(self._on_return)
        self.edit.focus_moved.connect(self._on_focus_moved)
        self.edit.went_down.connect(self.moved_down)
        self.clear_button.clicked.connect(self.clear)
        self._pause.over.connect(self._say)

    def _dress(self) -> None:
        self._mark.setPixmap(icons.pixmap(self._icon_name, "text_muted"))

    def changeEvent(self, event: Any) -> None:
        """Qt's override: a new theme tints the icon anew."""
        super().changeEvent(event)
        if event.type() == event.Type.StyleChange:
            self._dress()

    def _on_changed(self, text: str) -> None:
        self.clear_button.setVisible(bool(text))
        self._key.setVisible(bool(self._key.key) and not text)
        self._pause.begin()

    def _on_return(self) -> None:
        self._pause.stop()
        self._say()
        self.submitted.emit(self.text())

    def _on_focus_moved(self, is_inside: bool) -> None:
        theme.set_property(self, "active", is_inside)

    def _say(self) -> None:
        self._pause.stop()
        if self.text() != self._said:
            self._said = self.text()
            self.searched.emit(self._said)


class _Edit(QLineEdit):
    """The field inside: tells when the focus moves and when the person wants down."""

    focus_moved = Signal(bool)  # whether the focus is inside now
    went_down = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_moved.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_moved.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.went_down.emit()
            return
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)
