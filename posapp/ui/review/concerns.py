"""How concerns look, and what may be done about each. Sentences are `ui/messages`' business."""

from __future__ import annotations

from collections.abc import Mapping

from posapp.domain.intent import IntentKind
from posapp.domain.order import OrderState
from posapp.domain.review import Concern, Outcome, ReviewItem
from posapp.domain.words import tr
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import intent_kind_words, order_words

_LOOKS: Mapping[Concern, tuple[str, str, Tone]] = {
    Concern.IN_REVIEW: ("In review", "hold_goods", Tone.WAIT),
    Concern.BLOCKED: ("Blocked", "do_not_release", Tone.PROBLEM),
    Concern.UNPAID: ("Unpaid", "clock", Tone.WAIT),
    Concern.PAYMENT_FAILED: ("Payment failed", "card", Tone.PROBLEM),
    Concern.CAPTURE_FAILED: ("Capture failed", "error", Tone.PROBLEM),
    Concern.DISPUTE: ("Dispute", "dispute", Tone.PROBLEM),
    Concern.UNKNOWN_INTENT: ("Not known", "unknown", Tone.WAIT),
    Concern.REFUSED_INTENT: ("Refused", "warning", Tone.PROBLEM),
    Concern.STOPPED_INTENT: ("Stopped", "warning", Tone.PROBLEM),
    Concern.SUPERSEDED_ALIVE: ("Paid twice?", "copy", Tone.PROBLEM),
}
_OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.CUSTOMER_TOLD: ("The customer was told", "They know that it cannot go ahead."),
    Outcome.RESOLD: ("Sold again", "Another sale took its place; name it below."),
    Outcome.CLOSED: ("Closed", "Nothing more is to be done."),
}
_FACTS = {
    "state": "State at Digital River",
    "kind": "What was sent",
    "reason": "Reason given",
    "missed look-ups": "Looked up in vain",
    "key": "Reference",
}
_UP_TO_THE_SERVICE = (Concern.IN_REVIEW, Concern.UNKNOWN_INTENT)


def concern_look(concern: Concern) -> tuple[str, str, Tone]:
    """Return word, icon and tone."""
    word, icon, tone = _LOOKS[concern]
    return tr(word), icon, tone


def outcome_words(outcome: Outcome) -> tuple[str, str]:
    """Return what was done about it, and what that means."""
    title, hint = _OUTCOMES[outcome]
    return tr(title), tr(hint)


def may_be_acknowledged(item: ReviewItem) -> bool:
    """Say whether a person can close it; what the service still decides nobody can close."""
    return item.concern not in _UP_TO_THE_SERVICE


def is_in_doubt(item: ReviewItem) -> bool:
    """Say whether it is a write whose end nobody knows."""
    return item.concern is Concern.UNKNOWN_INTENT


def fact_words(item: ReviewItem) -> list[tuple[str, str]]:
    """Return the facts of an item in the shop's words; a fact never seen keeps its own."""
    return [
        (tr(_FACTS.get(name, name.capitalize())), _value(name, told)) for name, told in item.facts
    ]


def _value(name: str, told: str) -> str:
    if name == "state" and told in set(OrderState):
        return order_words(OrderState(told), told)
    if name == "kind" and told in set(IntentKind):
        return intent_kind_words(IntentKind(told))
    if name == "missed look-ups":
        return tr("once") if told == "1" else tr("{n} times", n=told)
    return told
