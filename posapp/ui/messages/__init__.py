"""The shop's sentences: what went wrong, what was kept, what to do; and the words for every state.

`explain(error)` is the only place that turns an error into words. No sentence here ever holds a
code of the service, nor anything the contract keeps from shoppers.
"""

from __future__ import annotations

from posapp.config.secrets import SecretsUnusable
from posapp.config.settings import BadSettings
from posapp.domain.errors import RuleBroken
from posapp.domain.words import tr
from posapp.gateway.errors import GatewayError
from posapp.settle.errors import SettleError
from posapp.store.errors import StoreError
from posapp.ui.kit.theme import Tone
from posapp.ui.kit.web import UnsafeWebEngine
from posapp.ui.messages.events import event_words
from posapp.ui.messages.message import Message, bug, field_label, field_problem
from posapp.ui.messages.rules import explain_rule
from posapp.ui.messages.service import explain_doubt, explain_service
from posapp.ui.messages.states import (
    Sentence,
    charge_words,
    concern_sentence,
    intent_kind_words,
    intent_words,
    light_words,
    line_words,
    order_words,
    outlook_sentence,
    owner_words,
    pay_to_words,
    sale_words,
)
from posapp.ui.messages.stopped import stopped_heads, stopped_rows
from posapp.ui.messages.storing import explain_store
from posapp.usecases.orders import UnknownOrder

__all__ = [
    "Message",
    "Sentence",
    "bug",
    "charge_words",
    "concern_sentence",
    "event_words",
    "explain",
    "explain_sale",
    "field_label",
    "field_problem",
    "intent_kind_words",
    "intent_words",
    "light_words",
    "line_words",
    "order_words",
    "outlook_sentence",
    "owner_words",
    "pay_to_words",
    "sale_words",
    "stopped_heads",
    "stopped_rows",
]


def explain(error: BaseException) -> Message:
    """Return what a person reads about this error; a class without a sentence reads as our own
    fault.
    """
    return _explain(error, selling=False)


def explain_sale(error: BaseException) -> Message:
    """Return what a person at the sale screen reads: what became of the sale, and its own keys."""
    return _explain(error, selling=True)


def _explain(error: BaseException, *, selling: bool) -> Message:
    match error:
        case RuleBroken():
            return explain_rule(error)
        case GatewayError():
            return explain_service(error, selling=selling)
        case SettleError():
            return explain_doubt(error)
        case StoreError():
            return explain_store(error)
        case UnknownOrder():
            return Message(
                tr("This till does not know that order"),
                tr("Nothing was changed. Wait a moment; it comes with the next events."),
                Tone.WAIT,
                can_retry=True,
            )
        case BadSettings() | SecretsUnusable():
            return _till(error)
        case UnsafeWebEngine():
            return Message(tr("The payment form stays closed"), tr(str(error)))
        case _:
            return bug()


def _till(error: BadSettings | SecretsUnusable) -> Message:
    if isinstance(error, BadSettings):
        return Message(
            tr("A setting cannot be used"),
            tr("{error}. Nothing was changed. Put that right and try again.", error=error),
        )
    return Message(
        tr("The key could not be kept or read"),
        tr(
            "The computer’s key store said: {error}. Nothing was changed. Unlock it and try again.",
            error=error,
        ),
        can_retry=True,
    )
