"""What an event of the service means in the shop's words. Unknown types stay readable, never an
error.
"""

from __future__ import annotations

from posapp.domain.event import SYNONYMS
from posapp.domain.words import tr

_WORDS = {
    "checkout.created": "Checkout made",
    "checkout.updated": "Checkout changed",
    "checkout.deleted": "Checkout dropped",
    "customer.created": "Customer stored",
    "customer.updated": "Customer changed",
    "customer.deleted": "Customer removed",
    "customer.source.created": "Card saved for the customer",
    "customer.source.deleted": "Saved card removed",
    "source.created": "Payment method entered",
    "source.chargeable": "Payment method ready",
    "order.created": "Order made",
    "order.submitted": "Order sent in",
    "order.updated": "Order changed",
    "order.pending_payment": "Waiting for the customer’s payment",
    "order.review_opened": "Digital River checks the order",
    "order.review_closed": "The check is over",
    "order.accepted": "Accepted: goods may leave",
    "order.blocked": "Refused for good: goods stay",
    "order.cancelled": "Order cancelled",
    "order.fulfilled": "All goods have left",
    "order.complete": "Paid in full, order closed",
    "order.refunded": "Money returned",
    "order.dispute": "The bank disputes the payment",
    "order.dispute.resolved": "Dispute settled",
    "order.chargeback": "The bank took the money back",
    "order.invoice.created": "Invoice ready",
    "order.credit_memo.created": "Credit note ready",
    "order.charge.failed": "Payment failed",
    "order.charge.pending": "Payment being authorised",
    "order.charge.capturable": "Payment authorised",
    "order.charge.processing": "Money being taken",
    "order.charge.complete": "Money taken in full",
    "order.charge.cancelled": "Authorisation released",
    "order.charge.capture.pending": "Taking the money",
    "order.charge.capture.complete": "Money taken",
    "order.charge.capture.failed": "Money could not be taken: stop the shipment",
    "order.charge.cancel.pending": "Releasing the rest",
    "order.charge.cancel.pending_information": "Releasing the rest needs details",
    "order.charge.cancel.complete": "Rest released",
    "order.charge.cancel.failed": "Rest could not be released",
    "order.charge.refund.pending": "Returning money",
    "order.charge.refund.complete": "Money returned",
    "order.charge.refund.failed": "Money could not be returned",
    "order.charge.reauth.failed": "Authorisation ran out: a new payment is needed",
    "fulfillment.created": "Goods reported to Digital River",
    "refund.pending": "Refund under way",
    "refund.pending_information": "Refund needs the customer’s bank details",
    "refund.complete": "Refund paid",
    "refund.failed": "Refund failed",
    "return.created": "Return announced",
    "return.accepted": "Return accepted",
    "return.updated": "Return changed",
}


def event_words(event_type: str) -> str:
    """Return what the event means; a type never seen reads as its own words, dots and bars taken
    out.
    """
    known = _WORDS.get(SYNONYMS.get(event_type, event_type))
    if known is not None:
        return tr(known)
    plain = event_type.replace(".", " ").replace("_", " ").strip()
    return plain.capitalize() or tr("Unknown event")
