"""The table a person sees: headings, rows, keyboard, an empty state. Shows a rows model;
never holds data of its own.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QLine, QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from posapp.ui.kit import theme
from posapp.ui.kit.delegates import CellDelegate, delegate_for
from posapp.ui.kit.filter import FilterProxy
from posapp.ui.kit.paging import PagedRowsModel
from posapp.ui.kit.table import CellKind, RowRole, RowsModel
from posapp.ui.kit.theme import Type

_NARROWEST = 8  # figures: the least a column that takes what is left gets
_AHEAD = 64  # rows before an end at which the next page is asked for


class TableView(QTableView):
    """A dense table. Enter or a double click opens the row;
    J and K go down and up as the arrows do.
    """

    row_opened = Signal(object)  # the row value
    row_chosen = Signal(object)  # the row value the selection is on, or None

    def __init__(
        self,
        model: RowsModel[Any] | FilterProxy,
        parent: QWidget | None = None,
        *,
        name: str,
        label: str = "",
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label or name)
        self._rows = model.rows_model if isinstance(model, FilterProxy) else model
        self._delegates: list[CellDelegate] = []
        self._empty: QWidget | None = None
        self._scrolled_to = 0
        self._is_holding = False
        self.setModel(model)
        self._build(isinstance(model, FilterProxy))
        self._connect()
        self._dress()

    # ---- what a screen asks and tells

    def chosen(self) -> Any:
        """Return the row the selection is on, or None."""
        index = self.currentIndex()
        return index.data(RowRole) if index.isValid() else None

    def choose(self, key: Any) -> bool:
        """Put the selection on the row with this key; say whether it is shown."""
        index = self._rows.index_of(key)
        model = self.model()
        if isinstance(model, FilterProxy):
            index = model.mapFromSource(index)
        if not index.isValid():
            return False
        self._choose(index)
        return True

    def choose_first(self) -> None:
        """Put the selection on the top row, if there is one."""
        if self.model().rowCount():
            self._choose(self.model().index(0, 0))

    def set_empty_state(self, widget: QWidget) -> None:
        """Show this widget in place of rows when there are none."""
        self._empty = widget
        widget.setParent(self.viewport())
        self._fit_empty()

    # ---- Qt's side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's override: J, K, Enter."""
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and event.key() in {Qt.Key.Key_J, Qt.Key.Key_K}:
            self.step(1 if event.key() == Qt.Key.Key_J else -1)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt's override: the whole row under the mouse lights up, not one cell."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """Qt's override."""
        super().leaveEvent(event)
        self._hover(-1)

    def keyboardSearch(self, _search: str) -> None:
        """Qt's override: letters are keys of the screen here, not a jump to a cell."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's override."""
        super().resizeEvent(event)
        self._stretch()
        self._fit_empty()

    def changeEvent(self, event: QEvent) -> None:
        """Qt's override: a new theme or text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._delegates:
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's override: hairlines under the rows, the ring that shows where the keyboard is."""
        super().paintEvent(event)
        self._paint_lines()
        index = self.currentIndex()
        if not self.hasFocus() or not index.isValid():
            return
        row = self.visualRect(index)
        row.setLeft(0)
        row.setWidth(min(self.viewport().width(), self.horizontalHeader().length()))
        painter = QPainter(self.viewport())
        painter.setPen(QPen(theme.current().color("focus"), 2))
        painter.drawRect(row.adjusted(1, 1, -1, -2))

    def _paint_lines(self) -> None:
        """One line a row, drawn at once: a line for each cell costs a tenth of a frame."""
        first = self.rowAt(0)
        if first < 0:
            return
        height, width = self.verticalHeader().defaultSectionSize(), self.horizontalHeader().length()
        top, room = self.rowViewportPosition(first), self.viewport().height()
        rows = min(self.model().rowCount() - first, (room - top) // height + 1)
        ends = [top + (at + 1) * height - 1 for at in range(rows)]
        painter = QPainter(self.viewport())
        painter.setPen(theme.current().color("line"))
        painter.drawLines([QLine(0, y, width - 1, y) for y in ends])

    def _build(self, can_sort: bool) -> None:
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(can_sort)
        if can_sort:
            self.setSortingEnabled(True)
            head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        for at, column in enumerate(self._rows.columns):
            delegate = delegate_for(self.model(), column, at)
            self._delegates.append(delegate)
            self.setItemDelegateForColumn(at, delegate)
            head.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)

    def _connect(self) -> None:
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)
        model = self.model()
        model.rowsInserted.connect(self._on_rows_inserted)
        model.rowsRemoved.connect(self._on_rows_removed)
        model.modelReset.connect(self._fit_empty)
        model.layoutChanged.connect(self._fit_empty)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def _dress(self) -> None:
        for delegate in self._delegates:
            delegate.dress()
        self.verticalHeader().setDefaultSectionSize(theme.metrics().row_height)
        for at, column in enumerate(self._rows.columns):
            if column.width:
                kind = Type.STRONG if column.kind is CellKind.STRONG else Type.BODY
                figure = QFontMetrics(theme.font(kind)).horizontalAdvance("0")
                self.setColumnWidth(at, column.width * figure + theme.metrics().px(18))
        self._stretch()

    def _stretch(self) -> None:
        """Columns without a width share what is left, and never less than can be read."""
        open_columns = [at for at, column in enumerate(self._rows.columns) if not column.width]
        if not open_columns:
            return
        fixed = sum(
            self.columnWidth(at) for at, column in enumerate(self._rows.columns) if column.width
        )
        figure = QFontMetrics(theme.font(Type.BODY)).horizontalAdvance("0")
        share = (self.viewport().width() - fixed) // len(open_columns)
        for at in open_columns:
            self.setColumnWidth(at, max(share, _NARROWEST * figure))

    def _hover(self, row: int) -> None:
        before = self._delegates[0].hovered_row if self._delegates else row
        if row == before:
            return
        for delegate in self._delegates:
            delegate.hovered_row = row
        for changed in (before, row):
            at = self.rowViewportPosition(changed)
            self.viewport().update(0, at, self.viewport().width(), self.rowHeight(changed))

    def _choose(self, index: QModelIndex) -> None:
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
        self.scrollTo(index)

    def step(self, by: int) -> None:
        """Move the selection down (or up, for a negative number), within the list."""
        row = self.currentIndex().row() + by
        if 0 <= row < self.model().rowCount():
            self._choose(self.model().index(row, 0))

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.row_opened.emit(index.data(RowRole))

    def _on_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.row_chosen.emit(current.data(RowRole) if current.isValid() else None)

    def _on_rows_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Rows that come in above what is being read must not push it down."""
        bar = self.verticalScrollBar()
        comes_from_above = isinstance(self._rows, PagedRowsModel) and self._rows.is_filling_above
        if first <= bar.value() and (bar.value() or comes_from_above):
            self.updateGeometries()
            self._hold_at(bar.value() + last - first + 1)
        self._fit_empty()

    def _on_rows_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        bar = self.verticalScrollBar()
        if last < bar.value():
            self._hold_at(bar.value() - (last - first + 1))
        self._fit_empty()

    def _on_scrolled(self, value: int) -> None:
        if not isinstance(self._rows, PagedRowsModel):
            return
        goes_down, self._scrolled_to = value > self._scrolled_to, value
        if self._is_holding:
            return
        if goes_down and value >= self.verticalScrollBar().maximum() - _AHEAD:
            self._rows.fetchMore()
        elif not goes_down and value <= _AHEAD:
            self._rows.fetch_above()

    def _hold_at(self, value: int) -> None:
        """Keep the rows being read where they are, though their numbers have changed."""
        self._is_holding = True
        self.verticalScrollBar().setValue(value)
        self._is_holding = False

    def _fit_empty(self) -> None:
        if self._empty is not None:
            self._empty.setGeometry(self.viewport().rect())
            self._empty.setVisible(self.model().rowCount() == 0)
