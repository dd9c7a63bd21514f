"""The catalogue in Settings as an administrator works it. Only drivers touch widgets."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QWidget

from posapp.ui.settings.product_dialog import ProductDialog
from posapp.ui.settings.products_page import ProductsPage
from tests.drivers.orders import press
from tests.helpers.waiting import shown, until


class ProductsDriver:
    """An administrator at the catalogue."""

    def __init__(self, page: ProductsPage) -> None:
        self.page = page

    # ---- hands

    async def arrive(self) -> None:
        """Come to the page and wait for the list."""
        self.page.resize(980, 700)
        await shown(self.page)
        self.page.enter()
        await until(lambda: self.page.products.rows, what="the catalogue")

    async def search(self, words: str) -> None:
        """Type into the search and wait for what it finds."""
        before = self.skus
        self.page.search.edit.setFocus()
        QTest.keyClicks(self.page.search.edit, words)
        await until(lambda: self.skus != before, what=f"products for {words}")

    async def take_file(self, file: Path) -> None:
        """Choose a file with F9 and wait until its products are shown."""
        await self._front(self.page.window())
        press(self.page, "F9")
        chooser = self.page.findChild(QFileDialog, "file_chooser")
        assert isinstance(chooser, QFileDialog)
        chooser.reject()
        self.page.read_file(str(file))
        await until(self.page.banner.isVisible, what="what the file holds")

    async def store_file(self) -> None:
        """Press F12 and wait until it is stored."""
        await self._front(self.page.window())
        press(self.page, "F12")
        await until(lambda: "Stored" in self.said, what="the products to be stored")
        await until(lambda: len(self.skus) > 1, what="the whole catalogue again")

    async def sheet(self, key: str) -> ProductDialog:
        """Press F7 for a new product, or Enter on the one chosen."""
        await self._front(self.page.window())
        press(self.page.table if key == "Return" else self.page, key)
        await until(self._dialog, what="the sheet of a product")
        opened = self._dialog()
        assert opened is not None
        return opened

    def fill(self, dialog: ProductDialog, **values: str) -> None:
        """Fill the sheet in."""
        for field, value in values.items():
            editor = dialog.form.field(field).editor
            if isinstance(editor, QComboBox):
                editor.setCurrentIndex(editor.findData(value))
            elif isinstance(editor, QLineEdit):
                editor.setText(value)

    async def store(self, dialog: ProductDialog) -> None:
        """Press F12 and wait until the sheet is gone."""
        await self._front(dialog)
        press(dialog, "F12")
        await until(lambda: self._dialog() is None, what="the sheet to close")

    # ---- eyes

    @property
    def said(self) -> str:
        """The sentence on top."""
        return f"{self.page.banner.title.text()} {self.page.banner.body.text()}"

    @property
    def skus(self) -> list[str]:
        """The numbers listed, top first."""
        return [listed.product.sku for listed in self.page.products.rows]

    def known(self, sku: str) -> str:
        """What the list says of Digital River's knowledge of this product."""
        at = self.skus.index(sku)
        return self.page.products.cells(at).texts[3]

    def expect_error(self, dialog: ProductDialog, field: str, sentence: str) -> None:
        """The sheet says this under that field."""
        assert dialog.form.field(field).error == sentence

    async def _front(self, window: QWidget) -> None:
        """Bring the window to the front, as the desktop does when a sheet closes or opens."""
        window.activateWindow()
        await until(window.isActiveWindow, what="the window in front")

    def _dialog(self) -> ProductDialog | None:
        modal = QApplication.activeModalWidget()
        return modal if isinstance(modal, ProductDialog) else None
