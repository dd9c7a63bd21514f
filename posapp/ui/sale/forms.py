"""Makes the payment page of a sale: what the form is told, and what it may reach. Holds no secret
key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from posapp.domain.customer import Party
from posapp.domain.sale import Quote
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.page_server import ComplianceCall, PageConfig, PageServer
from posapp.ui.kit.web import PaymentView
from posapp.ui.kit.web_filter import payment_origins
from posapp.usecases.sale import PaymentRequest

OUR_LANGUAGE = "en"
"""What `tr` speaks; a form says everything in the buyer's language or nothing."""


@dataclass(frozen=True, slots=True)
class FormPages:
    """The page server and the addresses the form comes from; `make_view` builds an empty view."""

    server: PageServer
    script_folder: str
    api_url: str
    public_key: str
    make_view: Callable[[QWidget], PaymentView]

    def open_form(self, view: PaymentView, request: PaymentRequest) -> None:
        """Show the payment form of this request in `view`. Raises UnsafeWebEngine, ValueError."""
        self._open(
            view,
            PageConfig(
                script_folder=self.script_folder,
                public_key=request.public_key,
                locale=request.locale,
                origins=self._origins,
                title=tr("Payment"),
                loading=tr("The payment form is opening …"),
                dropin=_dropin(request, self.server.return_url),
                dark=theme.current().is_dark,
            ),
        )

    def open_texts(self, view: PaymentView, quote: Quote, locale: str) -> None:
        """Load the seller's legal texts in `view`; it reports them as `disclosure`."""
        language = locale.replace("-", "_").split("_")[0]
        self._open(
            view,
            PageConfig(
                script_folder=self.script_folder,
                public_key=self.public_key,
                locale=locale,
                origins=self._origins,
                title=tr("Legal texts"),
                loading=tr("The legal texts are loading …"),
                compliance=ComplianceCall(
                    quote.selling_entity_id, language, quote.disclosure_country
                ),
            ),
        )

    @property
    def _origins(self) -> tuple[str, ...]:
        return payment_origins(self.script_folder, self.api_url)

    def _open(self, view: PaymentView, config: PageConfig) -> None:
        language = config.locale.replace("_", "-")
        view.open(self.server.publish(config), config.origins, language=language)


def _dropin(request: PaymentRequest, return_url: str) -> dict[str, object]:
    """The arguments of `createDropin` for a sale at the counter (drop-in.md 1.2, 2.3)."""
    asked: dict[str, object] = {
        "sessionId": request.session_id,
        "options": {
            "flow": "checkout",
            "showSavePaymentAgreement": request.registered,
            "showComplianceSection": True,
            "showTermsOfSaleDisclosure": True,
            "usage": "convenience",
            "button": _button(request),
            "redirect": {
                "disableAutomaticRedirects": True,
                "returnUrl": return_url,
                "cancelUrl": return_url,
            },
        },
        "paymentMethodConfiguration": {
            "creditCard": {"mask": True},
            "disabledPaymentMethods": list(request.disabled_methods),
        },
    }
    if request.bill_to.phone:  # without one the form refuses the address; the session has it too
        asked["billingAddress"] = _billing(request.bill_to)
    return asked


def _button(request: PaymentRequest) -> dict[str, str]:
    """Our words with the amount where they are in the buyer's language, else the form's own."""
    if not request.locale.startswith(OUR_LANGUAGE):
        return {"type": "payNow"}
    return {"type": "custom", "buttonText": tr("Pay {amount}", amount=request.amount_words)}


def _billing(party: Party) -> dict[str, object]:
    place = party.address
    address = {
        "line1": place.line1,
        "line2": place.line2,
        "city": place.city,
        "state": place.state,
        "postalCode": place.postal_code,
        "country": place.country,
    }
    return {
        "firstName": party.given_name,
        "lastName": party.family_name,
        "email": party.email,
        "phoneNumber": party.phone,
        "organization": party.organization,
        "address": {key: value for key, value in address.items() if value},
    }
