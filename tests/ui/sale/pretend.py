"""A payment form without a web engine: the test is the buyer and says what the form would say."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from posapp.domain.legal_text import Disclosure, DisclosureText
from posapp.domain.sale import Quote
from posapp.ui.kit.page_server import PageServer, PageTemplate
from posapp.ui.kit.web import FormState, PaymentView
from posapp.ui.sale.forms import FormPages
from posapp.usecases.sale import PaymentRequest

LINK = "https://store.example.com/terms"


class PretendForm(PaymentView):
    """Opens nothing; the test emits its signals."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, live=False)
        self.opened: list[str] = []
        self.is_disposed = False

    def open(
        self, page_url: str, allowed_origins: tuple[str, ...], *, language: str = "en"
    ) -> None:
        """Remember what was opened."""
        self.opened.append(page_url)
        self._show_state(FormState.LOADING)

    def dispose(self) -> None:
        """Remember that it is over."""
        self.is_disposed = True
        super().dispose()


@dataclass(frozen=True, slots=True)
class PretendForms(FormPages):
    """Forms that the test fills in; texts come at once unless `texts_fail` is set."""

    requests: list[PaymentRequest] = field(default_factory=list)
    texts_fail: list[bool] = field(default_factory=list)
    error: list[Exception] = field(default_factory=list)

    def open_form(self, view: PaymentView, request: PaymentRequest) -> None:
        """Remember the request."""
        self.requests.append(request)
        if self.error:
            raise self.error.pop(0)
        view.open("http://127.0.0.1/form", ())

    def open_texts(self, view: PaymentView, quote: Quote, locale: str) -> None:
        """Tell the seller's texts in the next turn of the loop, or lose the page."""
        if self.texts_fail and self.texts_fail.pop(0):
            QTimer.singleShot(0, view, lambda: view.lost.emit("not_loaded"))
            return
        told = some_texts(quote)
        QTimer.singleShot(0, view, lambda: view.disclosure.emit(told))


def pretend_forms() -> PretendForms:
    """Return forms for a test."""
    return PretendForms(
        server=PageServer(PageTemplate("", "")),
        script_folder="http://127.0.0.1:1/v1",
        api_url="http://127.0.0.1:1",
        public_key="pk_test_sandbox",
        make_view=PretendForm,
    )


def some_texts(quote: Quote) -> Disclosure:
    """Return a seller's texts for this quote."""
    words = (
        f"{quote.selling_entity_name} is the authorised reseller and merchant of the products "
        "and services offered within this store."
    )
    texts = (
        DisclosureText("resellerDisclosure", f"<p>{words}</p>", "https://store.example.com/about"),
        DisclosureText(
            "confirmDisclosure",
            'By placing your order you agree to the <a href="https://store.example.com/terms">'
            "Terms of Sale</a> and the Privacy Policy.",
            "",
        ),
        DisclosureText("termsOfSale", "Terms of Sale", LINK),
        DisclosureText("privacyPolicy", "Privacy Policy", "https://store.example.com/privacy"),
    )
    return Disclosure(
        quote.selling_entity_id,
        quote.selling_entity_name,
        "en",
        quote.disclosure_country,
        texts,
    )


def some_amount(text: str) -> Decimal:
    """Return an amount as the form writes it."""
    return Decimal(text)
