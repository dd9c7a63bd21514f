"""Settings, the first questions and the sign-in as people press their keys. Only drivers touch
widgets.
"""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from posapp.domain.staff import Staff
from posapp.ui.kit.address_form import AddressForm
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button
from posapp.ui.kit.dialogs import Question
from posapp.ui.kit.run import Runner
from posapp.ui.settings.first_start import FirstStart, Step
from posapp.ui.settings.page import SettingsPage
from posapp.ui.settings.screen import SettingsScreen
from posapp.ui.settings.sign_in import SignIn
from posapp.ui.settings.staff_dialog import StaffDialog
from tests.helpers.waiting import until

W = TypeVar("W", bound=QWidget)

_PAGES = ("shop_page", "till_page", "service_page", "database_page", "staff_page")


class Hands:
    """Keys, wherever the keyboard is; what a form shows and says."""

    limit_s = 10.0

    def __init__(self, window: QWidget) -> None:
        self.window = window

    async def come_forward(self) -> None:
        """Off-screen no window manager gives the keyboard to a window."""
        self.window.activateWindow()
        await until(self.window.isActiveWindow, what="the window to have the keyboard")

    def press(self, name: str) -> None:
        """Press a key where the keyboard is, as in "F12", "Alt+2"."""
        pressed = QKeySequence(name)[0]  # type: ignore[index]  # the stubs lack __getitem__
        QTest.keyClick(_receiver(self.focus), pressed.key(), pressed.keyboardModifiers())

    def keys(self, text: str) -> None:
        """Type a text where the keyboard is."""
        QTest.keyClicks(self.focus, text)

    @property
    def focus(self) -> QWidget:
        """What has the keyboard."""
        return QApplication.focusWidget() or self.window

    def retype(self, text: str) -> None:
        """Type a text in place of what stands where the keyboard is."""
        at = self.focus
        if isinstance(at, QLineEdit):
            at.selectAll()
            QTest.keyClick(at, Qt.Key.Key_Delete)
        QTest.keyClicks(at, text)

    def fill(self, form: AddressForm, **values: str) -> None:
        """Type values into fields by id; a choice is typed by its words, then Tab."""
        for name, value in values.items():
            editor = form.field(name).editor
            assert editor.isEnabled(), f"{name} takes no keys"
            editor.setFocus()
            if isinstance(editor, QComboBox):
                _type_choice(editor, value)
                assert editor.currentText() == value, f"{value!r} is not among the choices"
            else:
                self.retype(value)

    def type_choice(
        self, form: AddressForm, name: str, words: str, *, with_list: bool = False
    ) -> None:
        """Type these letters into a field with choices, then Tab."""
        editor = form.field(name).editor
        assert isinstance(editor, QComboBox)
        _type_choice(editor, words, with_list=with_list)

    async def says(self, banner: Banner, words: str) -> None:
        """The banner says these words before long."""
        await until(
            lambda: words in said(banner),
            timeout_s=self.limit_s,
            what=f"“{words}” (it says: {said(banner)!r})",
        )

    async def sheet(self, kind: type[W]) -> W:
        """Return the sheet of this kind once it is there."""
        await until(lambda: self._open(kind) is not None, what=f"a {kind.__name__}")
        found = self._open(kind)
        assert found is not None
        found.activateWindow()
        await until(found.isActiveWindow, what=f"the {kind.__name__} to have the keyboard")
        return found

    async def gone(self, kind: type[QWidget]) -> None:
        """No sheet of this kind is open before long; the window has the keyboard again."""
        await until(
            lambda: self._open(kind) is None,
            timeout_s=self.limit_s,
            what=f"the {kind.__name__} to close",
        )
        await self.come_forward()

    def _open(self, kind: type[W]) -> W | None:
        found = self.window.window().findChildren(kind)
        return next((sheet for sheet in found if sheet.isVisible()), None)


class SettingsDriver(Hands):
    """An administrator at the settings."""

    def __init__(self, screen: SettingsScreen, run: Runner) -> None:
        super().__init__(screen.window())
        self.screen = screen
        self.run = run

    # ── hands

    async def open(self, name: str) -> SettingsPage:
        """Go to a page by its key and wait until it has read how things stand."""
        self.press(f"Alt+{_PAGES.index(name) + 1}")
        assert self.page.objectName() == name
        await self.rest()
        return self.page

    async def open_people(self) -> None:
        """Go to the list of people by its key and wait until it is read."""
        self.press(f"Alt+{_PAGES.index('staff_page') + 1}")
        await self.rest()
        assert self.people

    async def save(self) -> None:
        """F12, and wait until it has ended."""
        self.press("F12")
        await self.rest()

    async def rest(self) -> None:
        """Wait until nothing is under way."""
        await until(lambda: self.run.is_idle, timeout_s=self.limit_s, what="the page to rest")

    async def person(self, name: str) -> StaffDialog:
        """Choose somebody in the list and press Enter."""
        page = self.screen.staff_page
        row = next(one for one in page.people.rows if one.name == name)
        assert page.table.choose(row.id)
        page.table.setFocus()
        self.press("Return")
        return await self.sheet(StaffDialog)

    async def somebody_new(self) -> StaffDialog:
        """F9 in the list of people."""
        self.press("F9")
        return await self.sheet(StaffDialog)

    async def answer(self, key: str) -> None:
        """Answer the question that is asked."""
        question = await self.sheet(Question)
        QTest.keyClick(question, QKeySequence(key)[0].key())  # type: ignore[index]
        await self.gone(Question)

    # ── eyes

    @property
    def page(self) -> SettingsPage:
        """The page on show."""
        page = self.screen.pages.currentWidget()
        assert isinstance(page, SettingsPage)
        return page

    def shown(self, name: str) -> str:
        """What a field of the page shows."""
        return shown(self.page.form, name)

    def values(self) -> dict[str, str]:
        """What the page's form says."""
        return self.page.form.values()

    @property
    def people(self) -> list[Staff]:
        """Everybody in the list."""
        return list(self.screen.staff_page.people.rows)

    def can_save(self) -> bool:
        """Whether F12 does something."""
        return self.page.save_button.isEnabled()

    async def expect_says(self, words: str) -> None:
        """The page says so before long."""
        await self.says(self.page.banner, words)

    async def expect_offers_opening(self, words: str) -> None:
        """The screen says what is kept, and offers to open the shop anew."""
        await self.says(self.screen.banner, words)
        assert self.screen.banner.action_button.isVisible()

    async def expect_error(self, name: str, words: str) -> None:
        """This stands under the field, can be seen, and the field has the keyboard."""
        await expect_error(self.page.form, name, words)


class FirstStartDriver(Hands):
    """Somebody who answers the first questions."""

    def __init__(self, questions: FirstStart, run: Runner) -> None:
        super().__init__(questions.window())
        self.questions = questions
        self.run = run

    async def on(self) -> None:
        """F12, and wait for the answer."""
        self.press("F12")
        await self.rest()

    async def back(self) -> None:
        """Esc."""
        self.press("Esc")
        await self.rest()

    async def rest(self) -> None:
        """Wait until nothing is under way."""
        await until(lambda: self.run.is_idle, timeout_s=self.limit_s, what="an answer")

    def answer(self, **values: str) -> None:
        """Fill the form on show."""
        self.fill(self.questions.form, **values)

    async def choose_country(self, words: str) -> None:
        """Choose the country, and wait until its own address is asked for."""
        self.answer(country=words)
        last = self.questions.form.field(self.questions.form.declared[-1].id)
        await until(last.isVisible, what="the address of that country")

    def shown(self, name: str) -> str:
        """What a field shows."""
        return shown(self.questions.form, name)

    def expect_step(self, step: Step) -> None:
        """This is asked."""
        assert self.questions.step is step, (
            f"{self.questions.step.name} is asked: {said(self.questions.banner)}"
        )

    async def expect_error(self, name: str, words: str) -> None:
        """This stands under the field, and the field has the keyboard."""
        await expect_error(self.questions.form, name, words)

    def expect_says(self, words: str) -> None:
        """The banner says so."""
        assert words in said(self.questions.banner), said(self.questions.banner)


class SignInDriver(Hands):
    """Somebody at the sign-in."""

    def __init__(self, sign_in: SignIn) -> None:
        super().__init__(sign_in.window())
        self.sign_in = sign_in

    @property
    def names(self) -> list[str]:
        """Who may sign in."""
        return [staff.name for staff in self.sign_in.people]

    @property
    def chosen(self) -> str:
        """Whose PIN is awaited."""
        marked = [tile for tile in self._tiles if tile.accessibleDescription() == "chosen"]
        assert len(marked) == 1
        return marked[0].text()

    @property
    def message(self) -> str:
        """What the screen says."""
        return self.sign_in.message.text()

    def can_see(self, name: str) -> bool:
        """Whether somebody's tile can be seen whole."""
        tile = next(tile for tile in self._tiles if tile.text() == name)
        return tile.visibleRegion().boundingRect() == tile.rect()

    def click(self, name: str) -> None:
        """Click somebody's tile."""
        tile = next(tile for tile in self._tiles if tile.text() == name)
        QTest.mouseClick(tile, Qt.MouseButton.LeftButton)

    def choose(self, name: str) -> None:
        """Choose somebody with the arrows."""
        for _step in self.names:
            if self.chosen == name:
                return
            QTest.keyClick(self.sign_in, Qt.Key.Key_Down)
        assert self.chosen == name

    async def sign_in_as(self, name: str, pin: str) -> None:
        """Choose somebody, type the PIN."""
        await until(lambda: name in self.names, timeout_s=30, what=f"{name} at the sign-in")
        self.choose(name)
        QTest.keyClicks(self.sign_in, pin)

    async def expect_says(self, words: str, *, timeout_s: float = 30) -> None:
        """The screen says so before long."""
        await until(
            lambda: words in self.message,
            timeout_s=timeout_s,
            what=f"“{words}” (it says: {self.message})",
        )

    def offers(self) -> list[str]:
        """The ways out that are offered."""
        ways = (self.sign_in.retry_button, self.sign_in.set_up_button)
        return [f"{way.key} {way.text()}" for way in ways if way.isVisible()]

    @property
    def _tiles(self) -> list[Button]:
        found = self.sign_in.people_box.findChildren(Button)
        return [tile for tile in found if tile.isVisibleTo(self.sign_in)]


def said(banner: Banner) -> str:
    """Return all a banner says, or nothing."""
    return f"{banner.title.text()} {banner.body.text()}" if banner.isVisible() else ""


def shown(form: AddressForm, name: str) -> str:
    """Return what a field shows to the eye: dots for a secret."""
    editor = form.field(name).editor
    if isinstance(editor, QComboBox):
        return editor.currentText()
    assert isinstance(editor, QLineEdit)
    return editor.displayText()


async def expect_error(form: AddressForm, name: str, words: str) -> None:
    """This stands under the field, can be seen whole before long, and the field has the keys."""
    field = form.field(name)
    assert words in field.error, field.error or "no error"
    assert field.editor.hasFocus()
    note = field.note
    await until(
        lambda: note.visibleRegion().boundingRect() == note.rect(),
        what=f"the whole sentence under {name}",
    )


def _type_choice(combo: QComboBox, words: str, *, with_list: bool = False) -> None:
    edit = combo.lineEdit()
    assert edit is not None
    if not with_list:
        # off-screen the list that opens under the field keeps the keyboard when it has gone
        combo.setCompleter(None)  # type: ignore[arg-type]  # the stubs lack the null
    combo.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, words)
    QTest.keyClick(_receiver(edit), Qt.Key.Key_Tab)


def _receiver(widget: QWidget) -> QWidget:
    """The list of choices has the keys while it is open over its field."""
    popup = QApplication.activePopupWidget()
    return popup if isinstance(popup, QWidget) and popup.isVisible() else widget
