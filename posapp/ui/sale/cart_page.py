"""Step 1: one field for scanning and searching, and what it found. Adds nothing itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut

from posapp.domain.catalogue import Product
from posapp.domain.sale import Sale
from posapp.domain.words import tr
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.fields import ScanEdit, money_words
from posapp.ui.kit.panels import Card
from posapp.ui.kit.table import Align, CellKind, Column, RowsModel
from posapp.ui.kit.table_view import TableView
from posapp.ui.kit.texts import Text
from posapp.ui.sale.page import Forward, SalePage

_MULTIPLIED = re.compile(r"^(\d{1,3})\s*[*×x]\s*(.*)$")


def product_columns() -> tuple[Column[Product], ...]:
    """Return the columns of what was found."""
    return (
        Column(
            tr("Product"),
            lambda product: product.name,
            icon=lambda product: "product" if product.physical else "digital",
            kind=CellKind.STRONG,
            width=0,
        ),
        Column(tr("SKU"), lambda product: product.sku, kind=CellKind.MUTED, width=18),
        Column(
            tr("Price"),
            lambda product: money_words(product.price),
            align=Align.END,
            kind=CellKind.MONEY,
            width=13,
        ),
    )


def wanted(text: str) -> tuple[int, str]:
    """Return how many and what of a typed line: "3*4711" is three of 4711."""
    found = _MULTIPLIED.match(text)
    if found and int(found[1]) > 0:
        return int(found[1]), found[2].strip()
    return 1, text.strip()


class CartPage(SalePage):
    """Scan or search; Enter adds the chosen product, the arrows choose."""

    searched = Signal(str)  # what is looked for; empty shows the whole shelf
    submitted = Signal(int, str)  # quantity, code or words: Enter in the field
    chosen = Signal(int, object)  # quantity, Product: this one was chosen in the list

    def __init__(self) -> None:
        super().__init__("cart_page")
        self.search_box = ScanEdit(tr("Scan or search a product"), name="search_box")
        self.products: RowsModel[Product] = RowsModel(product_columns(), lambda found: found.sku)
        self.results = TableView(self.products, name="results", label=tr("Products found"))
        self.nothing = EmptyState("search", tr("No product yet"), name="results_empty")
        self.hint = Text(
            tr("Enter adds · ↓ chooses · 3* before a code adds three"), muted=True, name="hint"
        )
        self._has_lines = False
        self._has_customer = False
        self._found_for = ""
        self._build()
        self._connect()

    def forward(self) -> Forward:
        """The way to the customer, or past it when one is chosen."""
        words = tr("Checkout") if self._has_customer else tr("Customer")
        return Forward(words, "forward", self._has_lines)

    def show_sale(self, sale: Sale) -> None:
        """Show the sale as it stands."""
        self._has_lines = bool(sale.basket.lines)
        self._has_customer = sale.customer is not None
        self.forward_changed.emit()

    def show_products(self, text: str, products: Sequence[Product]) -> None:
        """Show what was found for `text`; late answers for other words are not shown."""
        if wanted(self.search_box.text())[1] != text:
            return
        self._found_for = text
        self.products.set_rows(products)
        if text:
            self.nothing.say(
                "search",
                tr("Nothing found for “{words}”", words=text),
                tr("Try a part of the name, the SKU or the barcode."),
            )
            self.results.choose_first()
        else:
            self.nothing.say(
                "product",
                tr("No products yet"),
                tr("Products are added in Settings, or come from a file."),
            )

    def found(self, text: str) -> Product | None:
        """Return the best product for `text` if the list shows what was found for it."""
        if self._found_for != text or not text:
            return None
        best = self.results.chosen() or (self.products.rows or (None,))[0]
        return best if isinstance(best, Product) else None

    def clear_search(self) -> None:
        """Be ready for the next scan."""
        self.search_box.clear()

    def enter(self) -> None:
        """Take the keyboard."""
        self.search_box.focus()

    def _build(self) -> None:
        self.results.set_empty_state(self.nothing)
        card = Card(padding=0, name="results_card")
        card.add(self.results)
        self.lines.addWidget(self.search_box)
        self.lines.addWidget(card, 1)
        self.lines.addWidget(self.hint)
        self.scan_key = QShortcut(QKeySequence("F2"), self)

    def _connect(self) -> None:
        self.scan_key.activated.connect(self.search_box.focus)
        self.search_box.searched.connect(lambda text: self.searched.emit(wanted(text)[1]))
        self.search_box.submitted.connect(self._on_submitted)
        self.search_box.moved_down.connect(self._on_moved_down)
        self.results.row_opened.connect(self._on_opened)

    def _on_submitted(self, text: str) -> None:
        quantity, what = wanted(text)
        if what:
            self.submitted.emit(quantity, what)

    def _on_moved_down(self) -> None:
        if self.products.rows:
            if self.results.chosen() is None:
                self.results.choose_first()
            self.results.setFocus()

    def _on_opened(self, product: Product) -> None:
        self.chosen.emit(wanted(self.search_box.text())[0], product)
        self.search_box.focus()
