"""What the payment page is told: the session, the terms, the way back; never more than it needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.customer import Party
from posapp.ui.kit.page_server import PageConfig, PageServer, PageTemplate
from posapp.ui.sale.forms import FormPages
from posapp.usecases.sale import PaymentRequest
from tests.helpers.builders import a_party, a_quote
from tests.ui.sale.pretend import PretendForm


class Listening(PageServer):
    """Remembers what was published."""

    def __init__(self) -> None:
        super().__init__(PageTemplate("", ""))
        self.published: list[PageConfig] = []

    @property
    def return_url(self) -> str:
        """Where a provider sends the buyer back to."""
        return "http://127.0.0.1:5/back"

    def publish(self, config: PageConfig) -> str:
        """Remember the page."""
        self.published.append(config)
        return "http://127.0.0.1:5/page/"


@dataclass
class Desk:
    """A page server that listens, and the pages made for it."""

    server: Listening
    pages: FormPages
    owner: QWidget
    view: PretendForm

    @property
    def told(self) -> PageConfig:
        """What the last page was told."""
        return self.server.published[-1]

    @property
    def dropin(self) -> Any:
        """What the form was told."""
        assert self.told.dropin is not None
        return self.told.dropin


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    """Pages that load from this machine."""
    server = Listening()
    pages = FormPages(
        server, "http://127.0.0.1:1/v1", "http://127.0.0.1:1", "pk_test_sandbox", PretendForm
    )
    owner = QWidget()
    return Desk(server, pages, owner, PretendForm(owner))


def asked(party: Party | None = None, *, registered: bool = False) -> PaymentRequest:
    """Return a request for a form."""
    return PaymentRequest(
        "session-1", "pk_test_sandbox", "en_US", party or a_party(), registered, "12.96 USD"
    )


def test_the_form_shows_terms_masks_digits_and_leaves_redirects_to_us(desk: Desk) -> None:
    desk.pages.open_form(desk.view, asked())
    options = desk.dropin["options"]

    assert desk.dropin["sessionId"] == "session-1"
    assert options["showTermsOfSaleDisclosure"] is True
    assert options["showComplianceSection"] is True
    assert options["redirect"] == {
        "disableAutomaticRedirects": True,
        "returnUrl": "http://127.0.0.1:5/back",
        "cancelUrl": "http://127.0.0.1:5/back",
    }
    methods = desk.dropin["paymentMethodConfiguration"]
    assert methods["creditCard"] == {"mask": True}
    assert methods["disabledPaymentMethods"] == ["googlePay", "applePay"]
    assert options["button"]["buttonText"] == "Pay 12.96 USD"
    assert desk.view.opened == ["http://127.0.0.1:5/page/"]


def test_the_form_s_button_speaks_the_buyer_s_language(desk: Desk) -> None:
    desk.pages.open_form(desk.view, replace(asked(), locale="de_DE"))
    assert desk.dropin["options"]["button"] == {"type": "payNow"}


def test_saving_a_card_is_offered_to_registered_customers_only(desk: Desk) -> None:
    desk.pages.open_form(desk.view, asked(registered=True))
    assert desk.dropin["options"]["showSavePaymentAgreement"] is True

    desk.pages.open_form(desk.view, asked())
    assert desk.dropin["options"]["showSavePaymentAgreement"] is False


def test_an_address_without_a_phone_is_left_to_the_session(desk: Desk) -> None:
    desk.pages.open_form(desk.view, asked())
    assert "billingAddress" not in desk.dropin

    desk.pages.open_form(desk.view, asked(a_party(phone="+16125550100")))
    billing = desk.dropin["billingAddress"]
    assert billing["phoneNumber"] == "+16125550100"
    assert billing["address"]["postalCode"] == "55401"
    assert "line2" not in billing["address"]


def test_texts_are_asked_for_entity_language_and_country_without_a_form(desk: Desk) -> None:
    desk.pages.open_texts(desk.view, a_quote(), "de_DE")

    assert desk.told.dropin is None
    call = desk.told.compliance
    assert call is not None
    assert (call.entity, call.language, call.country) == ("DR_INC-ENTITY", "de", "US")


def test_a_page_from_an_open_line_is_refused(desk: Desk) -> None:
    pages = FormPages(
        desk.server, "http://shop.example.com/v1", "http://127.0.0.1:1", "pk", PretendForm
    )
    with pytest.raises(ValueError, match="https"):
        pages.open_form(desk.view, asked())
