"""How states of orders look: word, icon, tone. Decides nothing; sentences are `ui/messages`'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posapp.domain.intent import IntentState
from posapp.domain.order import Light, Order, Outlook
from posapp.domain.payment import ChargeState, OperationState
from posapp.domain.queue import OrderRow
from posapp.domain.words import tr
from posapp.ui.kit.theme import Tone


@dataclass(frozen=True, slots=True)
class Look:
    """A state as a person sees it: never colour alone."""

    word: str
    icon: str
    tone: Tone


_OUTLOOKS: Mapping[Outlook, Look] = {
    Outlook.AWAITING_PAYMENT: Look("Awaiting payment", "clock", Tone.WAIT),
    Outlook.IN_REVIEW: Look("In review", "hold_goods", Tone.WAIT),
    Outlook.TO_FULFIL: Look("To fulfil", "fulfil", Tone.READY),
    Outlook.SENDING: Look("Sending", "outbox", Tone.INFO),
    Outlook.CAPTURE_FAILED: Look("Capture failed", "error", Tone.PROBLEM),
    Outlook.PAYMENT_FAILED: Look("Payment failed", "error", Tone.PROBLEM),
    Outlook.BLOCKED: Look("Blocked", "do_not_release", Tone.PROBLEM),
    Outlook.CAPTURING: Look("Capturing", "money", Tone.INFO),
    Outlook.COMPLETE: Look("Complete", "check", Tone.DONE),
    Outlook.CANCELLED: Look("Cancelled", "cancel", Tone.NEUTRAL),
    Outlook.DISPUTE: Look("Dispute", "dispute", Tone.PROBLEM),
    Outlook.RETURNED: Look("Returned", "return", Tone.NEUTRAL),
    Outlook.UNKNOWN: Look("Unknown", "unknown", Tone.WAIT),
}
_LIGHTS: Mapping[Light, Look] = {
    Light.RELEASE: Look("Release goods", "release", Tone.READY),
    Light.HOLD: Look("Hold", "hold_goods", Tone.WAIT),
    Light.DO_NOT_RELEASE: Look("Do not release", "do_not_release", Tone.PROBLEM),
    Light.STALE: Look("Too old to tell", "clock", Tone.NEUTRAL),
}
_INTENTS: Mapping[IntentState, Look] = {
    IntentState.WRITTEN: Look("Sending", "outbox", Tone.INFO),
    IntentState.SENDING: Look("Sending", "outbox", Tone.INFO),
    IntentState.DONE: Look("Sent", "check", Tone.DONE),
    IntentState.NOT_DONE: Look("Not sent", "cancel", Tone.NEUTRAL),
    IntentState.REFUSED: Look("Refused", "warning", Tone.PROBLEM),
    IntentState.UNKNOWN: Look("Being checked", "unknown", Tone.WAIT),
}
_CHARGES: Mapping[ChargeState, Look] = {
    ChargeState.PENDING: Look("Pending", "clock", Tone.WAIT),
    ChargeState.CAPTURABLE: Look("Authorised", "check", Tone.READY),
    ChargeState.PROCESSING: Look("Processing", "clock", Tone.INFO),
    ChargeState.COMPLETE: Look("Complete", "check", Tone.DONE),
    ChargeState.CANCELLED: Look("Cancelled", "cancel", Tone.NEUTRAL),
    ChargeState.FAILED: Look("Failed", "error", Tone.PROBLEM),
    ChargeState.UNKNOWN: Look("Unknown", "unknown", Tone.WAIT),
}
_OPERATIONS: Mapping[OperationState, Look] = {
    OperationState.PENDING: Look("pending", "clock", Tone.WAIT),
    OperationState.PENDING_INFORMATION: Look("waits for bank details", "clock", Tone.WAIT),
    OperationState.COMPLETE: Look("done", "check", Tone.READY),
    OperationState.FAILED: Look("failed", "error", Tone.PROBLEM),
    OperationState.UNKNOWN: Look("unknown", "unknown", Tone.WAIT),
}
_TO_HAND_OVER = Look("To hand over", "take_away", Tone.READY)


def row_look(row: OrderRow) -> Look:
    """Return how a row of the queue looks; a state we do not know keeps the service's own word."""
    if row.to_hand_over and row.outlook is Outlook.TO_FULFIL:
        return _said(_TO_HAND_OVER)
    return _known_or_raw(row.outlook, row.raw_state)


def order_look(order: Order, outlook: Outlook, *, to_hand_over: bool) -> Look:
    """Return how one order looks."""
    if to_hand_over and outlook is Outlook.TO_FULFIL:
        return _said(_TO_HAND_OVER)
    return _known_or_raw(outlook, order.raw_state)


def light_look(light: Light) -> Look:
    """Return how the release light looks."""
    return _said(_LIGHTS[light])


def intent_look(state: IntentState) -> Look:
    """Return how a write of ours looks."""
    return _said(_INTENTS[state])


def charge_look(state: ChargeState) -> Look:
    """Return how a charge looks."""
    return _said(_CHARGES[state])


def operation_look(state: OperationState) -> Look:
    """Return how one money movement looks."""
    return _said(_OPERATIONS[state])


def _known_or_raw(outlook: Outlook, raw: str) -> Look:
    look = _said(_OUTLOOKS[outlook])
    if outlook is Outlook.UNKNOWN and raw:
        return Look(raw.replace("_", " "), look.icon, look.tone)
    return look


def _said(look: Look) -> Look:
    return Look(tr(look.word), look.icon, look.tone)
