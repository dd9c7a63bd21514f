"""Pictures of windows:
rendered off-screen at the sizes we promise, saved for a person, compared by what is in them.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

SIZES = ((1280, 800), (1920, 1080))


def render(window: QWidget, *, over: QWidget | None = None) -> QImage:
    """Return the window as it is painted now, with the sheet `over` it if one is given."""
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)
    window.show()
    for _ in range(3):
        QApplication.processEvents()
    picture = window.grab().toImage()
    if over is not None:
        sheet = over.grab().toImage()
        painter = QPainter(picture)
        painter.drawImage(QPoint(0, 0), sheet)
        painter.end()
    return picture


def save(window: QWidget, path: Path, *, over: QWidget | None = None) -> Path:
    """Save a picture of the window and return where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    render(window, over=over).save(str(path))
    return path


def colors_in(picture: QImage, *, step: int = 3) -> set[str]:
    """Return the names of the colours in the picture, looking at every third pixel each way."""
    return {
        QColor(picture.pixel(x, y)).name()
        for x in range(0, picture.width(), step)
        for y in range(0, picture.height(), step)
    }


def is_blank(picture: QImage) -> bool:
    """Say whether nothing is painted: one colour throughout."""
    return len(colors_in(picture)) <= 1
