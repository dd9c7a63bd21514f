"""How screens are put together:
rows and columns on the 8 px grid, cards, hairlines, facts in two columns. Never a widget of the
shop's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from posapp.ui.kit import theme
from posapp.ui.kit.texts import Amount, Text
from posapp.ui.kit.theme import Tone, Type

L = TypeVar("L", bound=QBoxLayout)

Item = QWidget | QLayout | int
"""A widget, a layout, or a number: the weight of an empty stretch."""


def column(*items: Item, gap: float = 1, margins: float = 0) -> QVBoxLayout:
    """Return items under each other; `gap` and `margins` in steps of 8 px."""
    return _filled(QVBoxLayout(), items, gap, margins)


def row(*items: Item, gap: float = 1, margins: float = 0) -> QHBoxLayout:
    """Return items beside each other; `gap` and `margins` in steps of 8 px."""
    return _filled(QHBoxLayout(), items, gap, margins)


def holder(layout: QLayout, *, ground: str = "", name: str = "") -> QWidget:
    """Return a plain widget around a layout; `ground` is "window", "surface" or "sunken"."""
    made = QWidget()
    made.setLayout(layout)
    if ground:
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        made.setProperty("ground", ground)
    if name:
        made.setObjectName(name)
    return made


def scrolled(content: QWidget, *, name: str = "", is_form: bool = False) -> QScrollArea:
    """Return `content` in a frame that scrolls down when it must, never sideways.

    The fields of a form take the keyboard, so its frame does not.
    """
    area = QScrollArea()
    if is_form:
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    content.setProperty("ground", "none")
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    if name:
        area.setObjectName(name)
    return area


class Rule(QFrame):
    """A hairline that divides."""

    def __init__(self, *, vertical: bool = False) -> None:
        super().__init__()
        self.setProperty("rule", True)
        fixed, wide = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        if vertical:
            self.setFixedWidth(1)
            self.setSizePolicy(fixed, wide)
        else:
            self.setFixedHeight(1)
            self.setSizePolicy(wide, fixed)


class Card(QFrame):
    """A white sheet with an optional heading, things to press at its right, and content below."""

    def __init__(
        self,
        title: str = "",
        *,
        tools: Sequence[QWidget] = (),
        padding: float = 2,
        name: str = "",
    ) -> None:
        super().__init__()
        self.setProperty("card", True)
        if name:
            self.setObjectName(name)
        self.title = Text(title, Type.TITLE)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.metrics().space(1))
        outer = QVBoxLayout(self)
        edge = theme.metrics().space(padding)
        outer.setContentsMargins(edge, edge, edge, edge)
        outer.setSpacing(theme.metrics().space(1.5))
        if title or tools:
            head = holder(row(self.title, 1, *tools))
            head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            outer.addWidget(head)
        outer.addLayout(self.body, 1)
        outer.addStretch(0)  # room left over goes below, not between

    def add(self, *items: Item) -> Card:
        """Put items under what is there already."""
        _fill(self.body, items)
        return self


@dataclass(frozen=True, slots=True)
class Detail:
    """One fact: a label and its value; `is_amount` aligns it with the other amounts."""

    label: str
    value: str
    is_amount: bool = False
    is_strong: bool = False
    tone: Tone | None = None


class DetailRows(QWidget):
    """Facts in two columns, such as totals or an address."""

    def __init__(self, details: Sequence[Detail] = (), *, name: str = "") -> None:
        super().__init__()
        if name:
            self.setObjectName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.metrics().space(2))
        self._grid.setVerticalSpacing(theme.metrics().space(0.75))
        self._grid.setColumnStretch(1, 1)
        self.show_details(details)

    def show_details(self, details: Sequence[Detail]) -> None:
        """Show these facts and no others."""
        clear(self._grid)
        are_sums = bool(details) and all(detail.is_amount for detail in details)
        for at, is_wide in enumerate((are_sums, not are_sums)):
            self._grid.setColumnStretch(at, int(is_wide))
        for at, detail in enumerate(details):
            kind = Type.STRONG if detail.is_strong else Type.BODY
            label = Text(detail.label, kind, muted=not detail.is_strong, wrap=are_sums)
            value = (
                Amount(detail.value, kind, tone=detail.tone)
                if detail.is_amount
                else Text(detail.value, kind, tone=detail.tone, wrap=True)
            )
            value.setAccessibleName(f"{detail.label}: {detail.value}")
            self._grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, at, 1)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
            inner.deleteLater()


def _filled(layout: L, items: Sequence[Item], gap: float, margins: float) -> L:
    edge = theme.metrics().space(margins)
    layout.setContentsMargins(edge, edge, edge, edge)
    layout.setSpacing(theme.metrics().space(gap))
    _fill(layout, items)
    return layout


def _fill(layout: QBoxLayout, items: Sequence[Item]) -> None:
    for item in items:
        if isinstance(item, QWidget):
            layout.addWidget(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addStretch(item)
