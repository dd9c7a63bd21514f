"""Sentences for what can go wrong between shop and service (`gateway.errors`, `settle.errors`).

A refused payment's code is never in a sentence (contract 19), nor is the service's own prose about
our input: a buyer stands beside the till.
"""

from __future__ import annotations

from posapp.domain.intent import IntentKind
from posapp.domain.words import tr
from posapp.gateway import errors as e
from posapp.gateway.errors import GatewayError
from posapp.settle.errors import SettleError, StillUnknown
from posapp.ui.kit.theme import Tone
from posapp.ui.messages.message import Message, bug, field_label


def explain_service(error: GatewayError, *, selling: bool) -> Message:
    """Return the sentence for a call that did not end well; `selling` at the sale screen, whose
    keys and basket no other screen has.
    """
    match error:
        case e.OrderRefused():
            return _refused_order(error)
        case e.Rejected() | e.Conflict() | e.NotFound() | e.CheckoutSpent():
            return _refused(error) if selling else _refused_elsewhere(error)
        case e.Unauthorised() | e.Forbidden():
            return _key(error, selling=selling)
        case _:
            return _line(error, selling=selling)


def explain_doubt(error: SettleError) -> Message:
    """Return the sentence for a write of which nobody knows whether it happened."""
    match error:
        case StillUnknown() if error.intent.kind is IntentKind.ORDER:
            return Message(
                tr("We don’t know yet if this sale went through"),
                tr(
                    "Digital River did not answer. The basket is kept and locked, and nothing is "
                    "sent a second time. We keep asking and go on by ourselves."
                ),
                Tone.WAIT,
            )
        case StillUnknown():
            return Message(
                tr("No answer from Digital River yet"),
                tr(
                    "Whether it happened is being looked up; it is not sent a second time. What "
                    "you entered is kept. Press the key again in a moment."
                ),
                Tone.WAIT,
                can_retry=True,
            )
        case _:
            return bug()


def _line(error: GatewayError, *, selling: bool) -> Message:
    match error:
        case e.Offline():
            return Message(
                tr("No connection to Digital River"),
                tr(
                    "Nothing was sent and nothing is lost. Press the key again when the line is "
                    "back, or hold the sale (F6) and serve the next customer."
                )
                if selling
                else tr(
                    "What you see is what was last read; nothing is lost. What was decided is "
                    "sent by itself when the line is back."
                ),
                Tone.WAIT,
                can_retry=True,
            )
        case e.LostAnswer():
            return Message(
                tr("Digital River did not answer"),
                tr(
                    "What you entered is kept. Nothing is sent twice by itself. Press the key "
                    "again in a moment."
                ),
                Tone.WAIT,
                can_retry=True,
                reference=error.request_id,
            )
        case e.TrainingControlFailed():
            return Message(
                tr("The training service did not take that"),
                tr(
                    "Nothing was changed and nothing real is touched. If it has ended it starts "
                    "again by itself in a few seconds: choose once more then."
                ),
                Tone.WAIT,
                can_retry=True,
            )
        case e.Garbled():
            return Message(
                tr("Digital River’s answer could not be read"),
                tr("Nothing was changed here. Try once more; if it stays so, tell the help desk."),
                can_retry=True,
                reference=error.request_id,
            )
        case e.RateLimited():
            wait = max(1, round(error.retry_after_s))
            return Message(
                tr("Too many calls at once"),
                tr("Nothing was done and nothing is lost. Try again in {wait} s.", wait=wait),
                Tone.WAIT,
                can_retry=True,
            )
        case _:
            return bug(error.request_id)


def _key(error: GatewayError, *, selling: bool) -> Message:
    if isinstance(error, e.Unauthorised):
        return Message(
            tr("Digital River does not accept this shop’s key"),
            tr(
                "Nothing was sent on and the sale is kept. An administrator must check the key in "
                "Settings."
            )
            if selling
            else tr("Nothing was changed. An administrator must check the key in Settings."),
            reference=error.request_id,
        )
    return Message(
        tr("This shop’s key may not do that"),
        tr("Nothing was done. An administrator must widen the key’s rights at Digital River."),
        reference=error.request_id,
    )


def _refused(error: GatewayError) -> Message:
    match error:
        case e.Rejected() if error.field:
            return Message(
                tr("Digital River does not accept “{field}”", field=field_label(error.field)),
                tr("Nothing was charged and the sale is kept. Put the field right and go on."),
                reference=error.request_id,
                field=error.field,
            )
        case e.Rejected():
            return Message(
                tr("Digital River does not accept what was sent"),
                tr(
                    "Nothing was charged and the sale is kept. Check the customer’s address and "
                    "the products, then press the key again."
                ),
                can_retry=True,
                reference=error.request_id,
            )
        case e.Conflict():
            return Message(
                tr("Digital River’s record does not allow that any more"),
                tr("Nothing was changed. Read it again (F5) and look how it stands."),
                Tone.WAIT,
                can_retry=True,
                reference=error.request_id,
            )
        case e.CheckoutSpent():
            return Message(
                tr("This checkout was already used or is gone"),
                tr("The basket is kept. We look up whether an order was made of it; wait."),
                Tone.WAIT,
                reference=error.request_id,
            )
        case _:
            return Message(
                tr("Digital River no longer knows this"),
                tr("Nothing was lost here. Go back one step (Esc); it is made anew."),
                Tone.WAIT,
                reference=error.request_id,
            )


def _refused_elsewhere(error: GatewayError) -> Message:
    match error:
        case e.Rejected() if error.field:
            return Message(
                tr("Digital River does not accept “{field}”", field=field_label(error.field)),
                tr("Nothing was changed and what you entered is kept. Put the field right."),
                reference=error.request_id,
                field=error.field,
            )
        case e.Rejected():
            return Message(
                tr("Digital River does not accept what was sent"),
                tr("Nothing was changed. Refresh, look how it stands, then decide again."),
                can_retry=True,
                reference=error.request_id,
            )
        case e.Conflict():
            return Message(
                tr("Digital River’s record does not allow that any more"),
                tr("Nothing was changed. Refresh and look how it stands."),
                Tone.WAIT,
                can_retry=True,
                reference=error.request_id,
            )
        case e.CheckoutSpent():
            return Message(
                tr("This checkout was already used or is gone"),
                tr("Nothing was changed. Whether an order was made of it is being looked up."),
                Tone.WAIT,
                reference=error.request_id,
            )
        case _:
            return Message(
                tr("Digital River no longer knows this"),
                tr("What we hold of it stays here. Check the number, or that the key is right."),
                Tone.WAIT,
                reference=error.request_id,
            )


def _refused_order(error: e.OrderRefused) -> Message:
    match error:
        case e.PaymentDeclined():
            return Message(
                tr("Card declined. Ask for another card."),
                tr("No order was made and nothing was charged. The basket is kept."),
                can_retry=True,
                reference=error.request_id,
                to_shopper=error.shopper_message,
            )
        case e.FraudRefused():
            return Message(
                tr("This sale cannot go ahead with this payment"),
                tr(
                    "No order was made and nothing was charged. The basket is kept. Ask for "
                    "another way to pay, and call a manager before you try again."
                ),
                reference=error.request_id,
                to_shopper=error.shopper_message,
            )
        case e.DetailsMissing():
            return Message(
                tr("Digital River needs “{field}” for this order", field=field_label(error.field)),
                tr(
                    "No order was made and nothing was charged. The basket is kept. Put it right "
                    "and let the customer pay again."
                ),
                reference=error.request_id,
                field=error.field,
            )
        case _:
            return Message(
                tr("The order was not accepted"),
                tr(
                    "No order was made and nothing was charged. The basket is kept. Try another "
                    "way to pay."
                ),
                can_retry=True,
                reference=error.request_id,
                to_shopper=error.shopper_message,
            )
