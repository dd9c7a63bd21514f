"""The sheet of one product."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QWidget

from posapp.domain.catalogue import Product, check_product
from posapp.domain.words import tr
from posapp.ui.kit.run import Runner
from posapp.ui.settings.fields import product_fields, product_of, values_of_product
from posapp.ui.settings.form_sheet import FormSheet

Keep = Callable[[Product], Coroutine[Any, Any, object]]


class ProductDialog(FormSheet):
    """Number, name, price, and what the service must know of it. A number never changes."""

    def __init__(
        self, owner: QWidget, run: Runner, product: Product | None, *, currency: str, keep: Keep
    ) -> None:
        self._keep = keep
        self._currency = currency
        super().__init__(
            owner,
            run,
            tr("New product") if product is None else product.name,
            product_fields(),
            {"kind": "physical"} if product is None else values_of_product(product),
            name="product",
            icon="product",
            width=720,
        )
        if product is not None:
            self.form.field("sku").editor.setEnabled(False)
            self.form.field("name").setFocus()

    def made(self, values: dict[str, str]) -> Product:
        """The product."""
        product = product_of(values, self._currency)
        check_product(product)
        return product

    def keeping(self, made: Product, _values: dict[str, str]) -> Coroutine[Any, Any, object]:
        """The work of the desk."""
        return self._keep(made)
