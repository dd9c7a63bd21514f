"""The sheet of one product. Keeps what was typed until it is stored."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.catalogue import Product, check_product
from posapp.domain.errors import BadField
from posapp.domain.words import tr
from posapp.ui.kit.address_form import AddressForm
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.dialogs import SheetDialog
from posapp.ui.kit.run import Runner
from posapp.ui.settings.fields import product_fields, product_of, values_of_product
from posapp.ui.settings.page import tell_failure

Keep = Callable[[Product], Coroutine[Any, Any, object]]


class ProductDialog(SheetDialog):
    """Number, name, price, and what the service must know of it. F12 stores."""

    stored = Signal(object)  # the Product as stored

    def __init__(
        self, owner: QWidget, run: Runner, product: Product | None, *, currency: str, keep: Keep
    ) -> None:
        title = tr("New product") if product is None else product.name
        super().__init__(owner, title, name="product_dialog", icon="product", width=720)
        self._run = run
        self._keep = keep
        self._currency = currency
        self.banner = Banner(name="product_banner")
        self.form = AddressForm(product_fields(), name="product_form")
        self.form.set_values(
            {"kind": "physical"} if product is None else values_of_product(product)
        )
        self.form.field("sku").editor.setEnabled(product is None)
        self.body.addWidget(self.banner)
        self.body.addWidget(self.form)
        leave = self.add_cancel(tr("Leave"))
        leave.setAutoDefault(False)
        self.store_button = Button(
            tr("Store"), name="store_button", kind=Kind.PRIMARY, icon="check", key="F12"
        )
        self.store_button.setAutoDefault(False)
        self.add_button(self.store_button, on_press=self.store)
        self.form.submitted.connect(self.store)
        self.form.field("sku" if product is None else "name").setFocus()

    def store(self) -> None:
        """Keep the product."""
        self.form.set_errors({})
        try:
            product = product_of(self.form.values(), self._currency)
            check_product(product)
        except BadField as error:
            self._fail(error)
            return
        self._run(
            self,
            self._keep(product),
            done=lambda _count: self._on_stored(product),
            failed=self._fail,
            busy=self.store_button,
        )

    def _fail(self, error: Exception) -> None:
        tell_failure(self.form, self.banner, error)

    def _on_stored(self, product: Product) -> None:
        self.stored.emit(product)
        self.accept()
