"""Words for every state: of orders, lines, charges, intents, sales; who must act and what comes
next.
"""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.intent import IntentKind, IntentState
from posapp.domain.order import OWNER, Light, LineState, OrderState, Outlook, Owner
from posapp.domain.payment import ChargeState
from posapp.domain.review import Concern
from posapp.domain.sale import SaleState
from posapp.domain.words import tr


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is going on, who must act, and the one thing to do next."""

    text: str
    owner: str
    next_action: str


def owner_words(owner: Owner) -> str:
    """Return who must act, as a person says it."""
    return {
        Owner.CUSTOMER: tr("the customer"),
        Owner.SERVICE: tr("Digital River"),
        Owner.US: tr("us"),
        Owner.NOBODY: tr("nobody"),
    }[owner]


def outlook_sentence(outlook: Outlook) -> Sentence:
    """Return the sentence of an order, its owner and the next action (design 7)."""
    text, action = _OUTLOOKS[outlook]
    return Sentence(tr(text), owner_words(OWNER[outlook]), tr(action))


_OUTLOOKS = {
    Outlook.AWAITING_PAYMENT: (
        "The customer has not paid yet. The goods stay here.",
        "Give the customer the payment instructions and wait for the payment.",
    ),
    Outlook.IN_REVIEW: (
        "Digital River is checking this order. Do not hand over goods.",
        "Wait. You will hear a sound when it is decided.",
    ),
    Outlook.TO_FULFIL: (
        "The order is accepted and waits for the goods to leave.",
        "Hand the goods over or ship them.",
    ),
    Outlook.SENDING: (
        "What was decided is on its way to Digital River.",
        "Nothing to do; it is sent by itself.",
    ),
    Outlook.CAPTURE_FAILED: (
        "The money could not be taken after the goods were reported.",
        "Stop the shipment and call a manager.",
    ),
    Outlook.PAYMENT_FAILED: (
        "The payment failed. The goods stay here.",
        "Tell the customer and offer another way to pay.",
    ),
    Outlook.BLOCKED: (
        "Digital River has refused this order for good. The goods stay here.",
        "Tell the customer it cannot go ahead, and record what you did.",
    ),
    Outlook.CAPTURING: (
        "Everything has left. Digital River is taking the money.",
        "Nothing to do; the order closes by itself.",
    ),
    Outlook.COMPLETE: ("Everything has left and is paid.", "Nothing to do."),
    Outlook.CANCELLED: ("The order is cancelled. The goods stay here.", "Nothing to do."),
    Outlook.DISPUTE: (
        "The customer’s bank disputes the payment.",
        "Keep every paper of this order and wait for the decision.",
    ),
    Outlook.RETURNED: ("Everything came back and the money was returned.", "Nothing to do."),
    Outlook.UNKNOWN: (
        "Digital River uses a word for this order that this program does not know.",
        "Keep the goods and call a manager.",
    ),
}


def concern_sentence(concern: Concern) -> Sentence:
    """Return why something stands on the Review screen, whose turn it is and what to do."""
    text, owner, action = _CONCERNS[concern]
    return Sentence(tr(text), owner_words(owner), tr(action))


_CONCERNS = {
    Concern.IN_REVIEW: (
        "Digital River is checking this order; nobody here can approve it.",
        Owner.SERVICE,
        "Keep the goods. Leave a note of what you know about the buyer.",
    ),
    Concern.BLOCKED: (
        "Digital River has refused this order for good.",
        Owner.US,
        "Tell the customer, sell again or close it, and record which.",
    ),
    Concern.UNPAID: (
        "The customer has not paid in the usual time.",
        Owner.CUSTOMER,
        "Remind the customer, or put the goods back.",
    ),
    Concern.PAYMENT_FAILED: (
        "The payment failed after the order was made.",
        Owner.US,
        "Keep the goods. Offer the customer another way to pay.",
    ),
    Concern.CAPTURE_FAILED: (
        "The goods were reported, but the money could not be taken.",
        Owner.US,
        "Stop the shipment, then call the customer.",
    ),
    Concern.DISPUTE: (
        "The customer’s bank disputes the payment.",
        Owner.SERVICE,
        "Gather the papers of this order and wait.",
    ),
    Concern.UNKNOWN_INTENT: (
        "A call got no answer, and looking up has not told yet whether it happened.",
        Owner.US,
        "Wait while it is looked up, or decide it with a reason.",
    ),
    Concern.REFUSED_INTENT: (
        "Digital River refused what was decided here.",
        Owner.US,
        "Look at the order as it stands and decide again.",
    ),
    Concern.STOPPED_INTENT: (
        "What was decided was not sent: the order stands differently now.",
        Owner.US,
        "Compare what was seen with how it stands, then decide again.",
    ),
    Concern.SUPERSEDED_ALIVE: (
        "An order that was replaced has been accepted after all.",
        Owner.US,
        "It is being cancelled in full; check that it is, and tell the customer.",
    ),
}


def order_words(state: OrderState, raw: str = "") -> str:
    """Return an order's state in one or two words; `raw` is the service's own word for an unknown
    one.
    """
    if state is OrderState.UNKNOWN:
        return raw.replace("_", " ") or tr("unknown")
    return {
        OrderState.PENDING_PAYMENT: tr("unpaid"),
        OrderState.IN_REVIEW: tr("in review"),
        OrderState.ACCEPTED: tr("accepted"),
        OrderState.BLOCKED: tr("blocked"),
        OrderState.FULFILLED: tr("fulfilled"),
        OrderState.COMPLETE: tr("complete"),
        OrderState.CANCELLED: tr("cancelled"),
        OrderState.DISPUTE: tr("in dispute"),
        OrderState.RETURNED: tr("returned"),
    }[state]


def line_words(state: LineState) -> str:
    """Return a line's state in one word."""
    return {
        LineState.CREATED: tr("open"),
        LineState.FULFILLED: tr("fulfilled"),
        LineState.CANCELLED: tr("cancelled"),
        LineState.BLOCKED: tr("blocked"),
        LineState.RETURNED: tr("returned"),
        LineState.PAID: tr("paid"),
        LineState.UNKNOWN: tr("unknown"),
    }[state]


def charge_words(state: ChargeState) -> str:
    """Return a charge's state as the money stands."""
    return {
        ChargeState.PENDING: tr("being authorised"),
        ChargeState.CAPTURABLE: tr("authorised"),
        ChargeState.PROCESSING: tr("being taken"),
        ChargeState.COMPLETE: tr("taken"),
        ChargeState.CANCELLED: tr("released"),
        ChargeState.FAILED: tr("failed"),
        ChargeState.UNKNOWN: tr("unknown"),
    }[state]


def light_words(light: Light) -> str:
    """Return the words of the release light."""
    return {
        Light.RELEASE: tr("Release goods"),
        Light.HOLD: tr("Hold the goods"),
        Light.DO_NOT_RELEASE: tr("Do not release"),
        Light.STALE: tr("Too old to tell"),
    }[light]


def intent_words(state: IntentState) -> str:
    """Return how far a write has got."""
    return {
        IntentState.WRITTEN: tr("written down"),
        IntentState.SENDING: tr("sending"),
        IntentState.DONE: tr("done"),
        IntentState.NOT_DONE: tr("not done"),
        IntentState.REFUSED: tr("refused"),
        IntentState.UNKNOWN: tr("not known yet"),
    }[state]


def intent_kind_words(kind: IntentKind) -> str:
    """Return which write it is, in the shop's words."""
    return {
        IntentKind.CUSTOMER: tr("Customer stored"),
        IntentKind.CUSTOMER_UPDATE: tr("Customer changed"),
        IntentKind.TAX_IDENTIFIER: tr("Tax number stored"),
        IntentKind.CHECKOUT: tr("Checkout made"),
        IntentKind.CHECKOUT_UPDATE: tr("Checkout changed"),
        IntentKind.CHECKOUT_DELETE: tr("Checkout dropped"),
        IntentKind.ATTACH_SOURCE: tr("Payment attached"),
        IntentKind.SAVE_SOURCE: tr("Card saved for the customer"),
        IntentKind.ORDER: tr("Order placed"),
        IntentKind.FULFILMENT: tr("Goods reported"),
        IntentKind.SKU: tr("Product stored"),
    }[kind]


def sale_words(state: SaleState) -> str:
    """Return a sale's state in one or two words."""
    return {
        SaleState.OPEN: tr("in hand"),
        SaleState.HELD: tr("on hold"),
        SaleState.PLACING: tr("taking payment"),
        SaleState.UNKNOWN: tr("not known yet"),
        SaleState.DONE: tr("done"),
        SaleState.DISCARDED: tr("dropped"),
    }[state]


def pay_to_words(name: str) -> str:
    """Return the label of a fact the buyer needs to send the money, by the service's name of it."""
    return {
        "accountHolder": tr("Account holder"),
        "bankName": tr("Bank"),
        "city": tr("City"),
        "country": tr("Country"),
        "iban": tr("IBAN"),
        "accountNumber": tr("Account"),
        "swiftCode": tr("SWIFT"),
        "additionalBankInformation": tr("More"),
        "billId": tr("Biller"),
        "storeName": tr("Store"),
        "localizedStoreName": tr("Store"),
        "storeId": tr("Store number"),
        "printableInvoiceUrl": tr("Slip"),
    }.get(name, name)
