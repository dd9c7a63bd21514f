"""Settings: what the shop sells, one by one or from a table file. A file is shown before it is
taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from posapp.domain.catalogue import Product
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.fields import money_words
from posapp.ui.kit.filter import SearchBox
from posapp.ui.kit.panels import Card, row
from posapp.ui.kit.run import Runner
from posapp.ui.kit.table import Align, CellKind, Column, RowsModel
from posapp.ui.kit.table_view import TableView
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import explain, field_label, field_problem
from posapp.ui.settings.page import FORM_WIDTH
from posapp.ui.settings.product_dialog import ProductDialog
from posapp.usecases.product_file import BadLine, Reading
from posapp.usecases.products import MOST_SHOWN, Listed, ProductDesk

LOOK_AGAIN_MS = 3000
_MOST_BAD = 4


def product_columns() -> tuple[Column[Listed], ...]:
    """Return the columns of the catalogue."""
    return (
        Column(
            tr("Product"),
            lambda one: one.product.name,
            icon=lambda one: "product" if one.product.physical else "digital",
            kind=CellKind.STRONG,
            width=0,
        ),
        Column(tr("SKU"), lambda one: one.product.sku, kind=CellKind.MUTED, width=11),
        Column(tr("Barcode"), lambda one: one.product.barcode, kind=CellKind.MUTED, width=13),
        Column(
            tr("Digital River"),
            lambda one: _KNOWN[one.is_known],
            tone=lambda one: Tone.WAIT if one.is_known is False else Tone.NEUTRAL,
            kind=CellKind.STATUS,
            width=13,
        ),
        Column(
            tr("Price"),
            lambda one: money_words(one.product.price),
            align=Align.END,
            kind=CellKind.MONEY,
            width=10,
        ),
    )


_KNOWN = {True: tr("knows it"), False: tr("not yet"), None: tr("in the file")}


def say_bad_lines(bad: Sequence[BadLine]) -> str:
    """Return what is wrong with the lines of a file, the first few of them."""
    told = [
        tr(
            "Line {line}, {field}: {problem}",
            line=one.line,
            field=field_label(one.field),
            problem=field_problem(one.field, one.problem),
        )
        for one in bad[:_MOST_BAD]
    ]
    more = len(bad) - len(told)
    return "\n".join([*told, tr("… and {count} more.", count=more)] if more else told)


class ProductsPage(QWidget):
    """The catalogue; F9 takes a file, F7 makes one product, Enter changes one."""

    def __init__(self, run: Runner, desk: ProductDesk) -> None:
        super().__init__()
        self.setObjectName("products_page")
        self._run = run
        self.desk = desk
        self._reading: Reading | None = None
        self.banner = Banner(self, name="products_banner")
        self.count = Text("", muted=True, name="products_count")
        self.search = SearchBox(
            tr("Find by name or number"), name="products_search", icon="search", key="F3"
        )
        self.products: RowsModel[Listed] = RowsModel(product_columns(), lambda one: one.product.sku)
        self.table = TableView(self.products, name="products_table", label=tr("Products"))
        self.empty = EmptyState("product", tr("No products yet"))
        self.file_button = Button(tr("From a file"), name="file_button", icon="export", key="F9")
        self.example_button = Button(
            tr("Example file"), name="example_button", kind=Kind.QUIET, key="F8"
        )
        self.new_button = Button(tr("New product"), name="new_product", icon="add", key="F7")
        self.take_button = Button(
            tr("Take them"), name="take_button", kind=Kind.PRIMARY, icon="check", key="F12"
        )
        self._again = QTimer(self)
        self._again.setInterval(LOOK_AGAIN_MS)
        self._build()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's override: look now and then whether the service knows what is new."""
        super().showEvent(event)
        self._again.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt's override."""
        super().hideEvent(event)
        self._again.stop()

    def enter(self) -> None:
        """The page is shown."""
        self._find(self.search.text())

    def open(self, product: Product | None) -> None:
        """Open the sheet of a product, or of a new one."""
        dialog = ProductDialog(
            self, self._run, product, currency=self.desk.currency, keep=self.desk.keep
        )
        dialog.stored.connect(self._on_stored)
        dialog.open()

    def read_file(self, file: str) -> None:
        """Read a file and show what it holds."""
        self._run(
            self,
            self.desk.read_file(Path(file)),
            done=self._on_read,
            failed=self._fail,
            busy=self.file_button,
        )

    def write_example(self, file: str) -> None:
        """Write a file to begin with."""
        self._run(
            self,
            self.desk.write_example(Path(file)),
            done=lambda _none: self.banner.say(
                tr("The example is written."),
                tr("Fill it in with a spreadsheet and take it with F9: {file}", file=file),
                tone=Tone.DONE,
            ),
            failed=self._fail,
        )

    def take(self) -> None:
        """Store what the file holds."""
        if self._reading is None or not self._reading.products:
            return
        self._run(
            self,
            self.desk.take(self._reading.products),
            done=self._on_taken,
            failed=self._fail,
            busy=self.take_button,
        )

    def _build(self) -> None:
        reason = tr(
            "A table file (CSV) brings many at once; F8 writes an example. Digital River learns "
            "of new products by itself."
        )
        card = Card(tr("Products"), tools=[self.count], name="products_card")
        card.add(Text(reason, muted=True, wrap=True), self.banner, self.search, self.table)
        card.body.setStretch(3, 1)
        self.hint = Text(tr("Enter changes one"), muted=True)
        card.body.addLayout(
            row(
                self.example_button,
                self.hint,
                1,
                self.new_button,
                self.file_button,
                self.take_button,
            )
        )
        card.setMaximumWidth(theme.metrics().px(FORM_WIDTH))
        self.take_button.hide()
        self.table.set_empty_state(self.empty)
        side = row(card, 1, gap=0)
        side.setStretch(0, 100)
        self.setLayout(side)
        self.setFocusProxy(self.search)

    def _connect(self) -> None:
        self.search.searched.connect(self._find)
        self.search.moved_down.connect(self.table.setFocus)
        self.table.row_opened.connect(lambda one: self.open(one.product))
        self.file_button.clicked.connect(self._choose_file)
        self.example_button.clicked.connect(self._choose_example)
        self.new_button.clicked.connect(lambda: self.open(None))
        self.take_button.clicked.connect(self.take)
        self.banner.closed.connect(self._forget_file)
        self._again.timeout.connect(self.look_again)

    def _choose_file(self) -> None:
        chooser = QFileDialog(self, tr("Products from a file"))
        chooser.setObjectName("file_chooser")
        chooser.setNameFilters([tr("Tables (*.csv *.txt *.tsv)"), tr("All files (*)")])
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(self.read_file)
        chooser.open()

    def _choose_example(self) -> None:
        chooser = QFileDialog(self, tr("Where to?"))
        chooser.setObjectName("file_chooser")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("csv")
        chooser.selectFile("products.csv")
        chooser.fileSelected.connect(self.write_example)
        chooser.open()

    def _find(self, text: str) -> None:
        self._run(
            self,
            self.desk.find(text),
            done=lambda found: self._show(text, *found),
            failed=self._fail,
        )

    def look_again(self) -> None:
        """Read again while something on show is not known yet."""
        if any(listed.is_known is False for listed in self.products.rows):
            self._find(self.search.text())

    def _show(self, text: str, products: Sequence[Listed], count: int) -> None:
        if self._reading is not None or text != self.search.text():
            return
        self.products.set_rows(products)
        most = len(products) >= MOST_SHOWN
        words = tr("{count} products", count=count)
        self.count.setText(tr("{words}, the newest here", words=words) if most else words)
        title = tr("Nothing found for “{words}”", words=text) if text else tr("No products yet")
        self.empty.say("product", title, tr("F7 makes one, F9 takes many from a file."))

    def _on_read(self, reading: Reading) -> None:
        self._reading = reading
        good, bad = len(reading.products), len(reading.bad)
        self.products.set_rows([Listed(one) for one in reading.products[:MOST_SHOWN]])
        self.count.setText(tr("{count} in the file", count=good))
        self.take_button.set_text(tr("Take {count}", count=good))
        self._show_take(good > 0)
        title = tr("Usable: {good}. Lines that are not: {bad}.", good=good, bad=bad)
        if not bad:
            title = tr("Usable: {good}, all of them.", good=good)
        tone = Tone.WAIT if bad else Tone.INFO
        body = say_bad_lines(reading.bad) or tr("Nothing is stored yet: look, then press F12.")
        self.banner.say(title, body, tone=tone)

    def _on_taken(self, changed: int) -> None:
        self._forget_file()
        self.banner.say(tr("Stored. New or different now: {count}.", count=changed), tone=Tone.DONE)

    def _show_take(self, is_shown: bool) -> None:
        """With its key among them the others keep theirs only where the hint makes room."""
        self.take_button.setVisible(is_shown)
        for rest in (self.example_button, self.hint):
            rest.setVisible(not is_shown)

    def _forget_file(self) -> None:
        self._reading = None
        self._show_take(False)
        self.enter()

    def _on_stored(self, product: Product) -> None:
        self.enter()
        self.banner.say(tr("{name} is stored.", name=product.name), tone=Tone.DONE)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, OSError):
            reason = error.strerror or type(error).__name__
            self.banner.say(
                tr("The file cannot be used"),
                tr("The computer says: {reason}. Nothing was changed.", reason=reason),
                tone=Tone.PROBLEM,
            )
            return
        told = explain(error)
        self.banner.say(told.title, told.body, tone=told.tone)
