"""The first screen: who is at the till, and their PIN.

It is painted and takes digits before the store is open.

Digits typed early are kept and tried as soon as the names are known. Never stores a PIN.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from posapp.domain.pin import PIN_LENGTH
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.panels import scrolled
from posapp.ui.kit.run import Job, Runner

if TYPE_CHECKING:
    from posapp.domain.staff import Staff
    from posapp.usecases.staff import StaffDesk

_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "back")


_LEAST_ROWS = 2


class PinDots(QWidget):
    """How many digits are typed, never which."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pin_dots")
        self._filled = 0
        self.fill(0)

    def fill(self, count: int) -> None:
        """Show that many digits."""
        self._filled = count
        self.setAccessibleName(
            tr("PIN, {count} of {length} digits", count=count, length=PIN_LENGTH)
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the dots."""
        return QSize(theme.metrics().px(36) * PIN_LENGTH, theme.metrics().px(36))

    def minimumSizeHint(self) -> QSize:
        """Never squeezed away: they are how one sees that digits are taken."""
        return QSize(self.sizeHint().width(), theme.metrics().px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a ring for each digit, filled when it is typed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step, size = theme.metrics().px(36), theme.metrics().px(14)
        left = (self.width() - step * PIN_LENGTH) / 2
        look = theme.current()
        for place in range(PIN_LENGTH):
            box = QRectF(
                left + step * place + (step - size) / 2, (self.height() - size) / 2, size, size
            )
            painter.setPen(look.color("accent" if place < self._filled else "line_strong"))
            painter.setBrush(look.color("accent" if place < self._filled else "surface"))
            painter.drawEllipse(box)


class SignIn(QWidget):
    """Names, dots, keypad."""

    signed_in = Signal(object)  # the Staff who came in
    retry_wanted = Signal()  # the shop did not open: try once more
    set_up_wanted = Signal()  # a shop of one's own, or another answer to the first questions

    def __init__(self, run: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sign_in")
        self.setProperty("ground", "window")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._run = run
        self._desk: StaffDesk | None = None
        self._people: tuple[Staff, ...] = ()
        self._chosen = 0
        self._pin = ""
        self._trying = False
        self._job: Job | None = None
        self._tiles: list[Button] = []
        self._is_built = False
        self._build()
        self._is_built = True
        self._measure()

    @property
    def people(self) -> tuple[Staff, ...]:
        """Who may sign in; nobody while the store is being opened."""
        return self._people

    def wait_for_store(self, sentence: str) -> None:
        """Say what is being prepared; digits are taken meanwhile."""
        self.message.setText(sentence)
        theme.set_tone(self.message, None)

    def open(
        self, desk: StaffDesk, people: tuple[Staff, ...], *, shop_name: str, hint: str = ""
    ) -> None:
        """Offer these people; a PIN typed before is tried at once."""
        self._desk = desk
        self._people = people
        self._chosen = min(self._chosen, max(0, len(people) - 1))
        self.shop_name.setText(shop_name)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._show_people()
        self._ask_for_pin()
        self.retry_button.hide()
        self._try_when_ready()

    def offer_set_up(self, text: str) -> None:
        """Offer the first questions under these words; '' offers nothing."""
        self.set_up_button.set_text(text)
        self.set_up_button.setVisible(bool(text))

    def close_shop(self, sentence: str) -> None:
        """Nobody can sign in until the shop is open again."""
        if self._desk is not None:
            self._set_pin("")  # what was typed before any shop was open is for the one that comes
        if self._job is not None:
            self._job.cancel()
        self._desk = None
        self._people = ()
        self._trying = False
        self._show_people()
        self.hint.hide()
        self.retry_button.hide()
        self.offer_set_up("")
        self.wait_for_store(sentence)

    def cannot_open(self, error: Exception) -> None:
        """Say why the shop stays closed, and what can be done about it here."""
        self.fail(error)
        self.retry_button.show()
        self.offer_set_up(tr("Set up this till"))

    def lock(self) -> None:
        """Start over: nobody is in. The names are read again: people come and go."""
        self._set_pin("")
        self._ask_for_pin()
        self.setFocus()
        if self._desk is not None:
            self._run(self, self._desk.names(), done=self._on_names, failed=self._on_no_names)

    def fail(self, error: Exception) -> None:
        """Say why nobody got in."""
        self._trying = False
        self._set_pin("")
        from posapp.ui.messages import explain  # after the first paint: the words reach far

        told = explain(error)
        self.message.setText(f"{told.title.rstrip('.')}.\n{told.body}".strip())
        theme.set_tone(self.message, theme.Tone.PROBLEM)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits fill the PIN, arrows and first letters choose the name."""
        text = event.text()
        key = event.key()
        if text.isdigit() and text.isascii():
            self._type(text)
        elif key == Qt.Key.Key_Backspace:
            self._set_pin(self._pin[:-1])
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Delete):
            self._set_pin("")
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            self._choose(self._chosen - 1)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            self._choose(self._chosen + 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._try_when_ready()
        elif text.isalpha():
            self._jump(text)
        else:
            super().keyPressEvent(event)

    def _ask_for_pin(self) -> None:
        self.message.setText(tr("Choose your name, then type your PIN."))
        theme.set_tone(self.message, None)

    def _on_no_names(self, error: Exception) -> None:
        if self._desk is not None:  # else the shop has been closed meanwhile
            self.fail(error)

    def _on_names(self, people: tuple[Staff, ...]) -> None:
        """Offer these people; whoever was chosen stays so."""
        if self._desk is None or people == self._people:
            return
        chosen = self._people[self._chosen].id if self._people else None
        self._people = people
        places = [place for place, staff in enumerate(people) if staff.id == chosen]
        self._chosen = places[0] if places else 0
        self._show_people()

    def changeEvent(self, event: QEvent) -> None:
        """Qt's override: another text size means another width."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self._is_built:
            self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's override: more room shows more people."""
        super().resizeEvent(event)
        self._fit_people()

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    def _build(self) -> None:
        sizes = theme.metrics()
        self.shop_name = _label("shop_name", theme.Type.HEADING)
        self.message = _label("message", theme.Type.BODY)
        self.message.setWordWrap(True)
        self.hint = _label("hint", theme.Type.CAPTION)
        self.hint.setWordWrap(True)
        self.hint.setProperty("muted", True)
        self.hint.hide()
        self.pin_dots = PinDots(self)
        self.people_box = QWidget()
        self._people_grid = QGridLayout(self.people_box)
        self._people_grid.setContentsMargins(0, 0, 0, 0)
        self._people_grid.setSpacing(sizes.space())
        self.people_area = scrolled(self.people_box, name="people_area")
        self.people_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.people_area.setFixedHeight(0)

        self._card = card = QFrame(self)
        card.setProperty("card", True)
        column = QVBoxLayout(card)
        column.setContentsMargins(*(sizes.space(4),) * 4)
        column.setSpacing(sizes.space(2))
        for part in (self.shop_name, self.message, self.people_area, self.pin_dots):
            column.addWidget(part)
        column.addLayout(self._keypad())
        column.addWidget(self.hint)
        column.addLayout(self._ways_out())

        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(card)
        row.addStretch()
        outer = QVBoxLayout(self)
        outer.addStretch()
        outer.addLayout(row)
        outer.addStretch()

    def _ways_out(self) -> QHBoxLayout:
        self.retry_button = Button(
            tr("Try again"), self, name="retry_button", icon="refresh", key="F5"
        )
        self.set_up_button = Button("", self, name="set_up_button", kind=Kind.QUIET, key="F10")
        for button, wanted in (
            (self.retry_button, self.retry_wanted),
            (self.set_up_button, self.set_up_wanted),
        ):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(wanted)
            button.hide()
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(self.retry_button)
        line.addWidget(self.set_up_button)
        line.addStretch()
        return line

    def _keypad(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(theme.metrics().space())
        words = {"clear": tr("Clear"), "back": tr("Back")}
        for place, key in enumerate(_KEYS):
            button = Button(words.get(key, key), self, name=f"key_{key}", size=Size.LARGE)
            if key in words:
                button.set_kind(Kind.QUIET)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(partial(self._on_key, key))
            grid.addWidget(button, place // 3, place % 3)
        return grid

    def _on_key(self, key: str) -> None:
        if key == "clear":
            self._set_pin("")
        elif key == "back":
            self._set_pin(self._pin[:-1])
        else:
            self._type(key)

    def _show_people(self) -> None:
        for tile in self._tiles:
            self._people_grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self._tiles = []
        for place, staff in enumerate(self._people):
            tile = Button(staff.name, self.people_box, name=f"person_{staff.id}", icon="person")
            tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tile.clicked.connect(partial(self._choose, place))
            self._people_grid.addWidget(tile, place // 2, place % 2)
            tile.show()
            self._tiles.append(tile)
        self._fit_people()
        self._choose(self._chosen)

    def _measure(self) -> None:
        sizes = theme.metrics()
        self._card.setFixedWidth(sizes.px(456))
        self.message.setMinimumHeight(sizes.px(44))
        self._fit_people()

    def _fit_people(self) -> None:
        """Give the people the height they need, or what the keypad leaves; then they scroll."""
        rows = -(-len(self._tiles) // 2)
        if not rows:
            self.people_area.setFixedHeight(0)
            return
        tile, gap = self._tiles[0].sizeHint().height(), self._people_grid.spacing()
        others = self._card.sizeHint().height() - self.people_area.height()
        room = self.height() - others - theme.metrics().space(2)
        shown = min(rows, max(_LEAST_ROWS, (room + gap) // (tile + gap)))
        height = shown * (tile + gap) - gap
        if shown < rows:  # half a row more, or half a row less, shows that there are others below
            height += tile // 2 if room - height >= tile // 2 else -(tile // 2)
        self.people_area.setFixedHeight(height)

    def _choose(self, place: int) -> None:
        if not self._people:
            return
        self._chosen = place % len(self._people)
        for number, tile in enumerate(self._tiles):
            tile.set_kind(Kind.PRIMARY if number == self._chosen else Kind.SECONDARY)
            tile.setAccessibleDescription(tr("chosen") if number == self._chosen else "")
        if self._chosen < len(self._tiles):
            self.people_area.ensureWidgetVisible(self._tiles[self._chosen], 0, 0)

    def _jump(self, letter: str) -> None:
        """Choose the next name, after the one chosen, that begins with this letter."""
        count = len(self._people)
        for place in range(self._chosen + 1, self._chosen + 1 + count):
            if self._people[place % count].name.casefold().startswith(letter.casefold()):
                self._choose(place)
                return

    def _type(self, digit: str) -> None:
        if self._trying or len(self._pin) >= PIN_LENGTH:
            return
        self._set_pin(self._pin + digit)
        self._try_when_ready()

    def _set_pin(self, pin: str) -> None:
        self._pin = pin
        self.pin_dots.fill(len(pin))

    def _try_when_ready(self) -> None:
        if self._desk is None or not self._people or self._trying or len(self._pin) < PIN_LENGTH:
            return
        self._trying = True
        staff = self._people[self._chosen]
        self.message.setText(tr("One moment, {name} …", name=staff.name))
        theme.set_tone(self.message, None)
        self._job = self._run(
            self,
            self._desk.sign_in(staff.id, self._pin),
            done=self._on_signed_in,
            failed=self.fail,
        )

    def _on_signed_in(self, staff: Staff) -> None:
        self._trying = False
        self._set_pin("")
        self.signed_in.emit(staff)


def _label(name: str, kind: theme.Type) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)
    theme.set_type(label, kind)
    return label
