"""Sentences for what the shop forbids (`domain.errors`): one case for each class."""

from __future__ import annotations

from datetime import datetime

from posapp.domain import errors as e
from posapp.domain.errors import RuleBroken
from posapp.domain.intent import IllegalIntentMove
from posapp.domain.sale import IllegalMove
from posapp.domain.words import tr
from posapp.ui.kit.theme import Tone
from posapp.ui.messages.message import Message, bug, field_label, field_problem


def explain_rule(error: RuleBroken) -> Message:
    """Return the sentence for a broken rule."""
    return (
        _basket(error) or _sale(error) or _order(error) or _person(error) or _start(error) or bug()
    )


def clock_time(moment: datetime) -> str:
    """Return a moment as the clock on the wall shows it."""
    return moment.astimezone().strftime("%H:%M")


def _basket(error: RuleBroken) -> Message | None:
    match error:
        case e.CurrencyMismatch():
            return Message(
                tr("Two currencies in one sale"),
                tr(
                    "{one} and {other} cannot be added up. The basket is unchanged. Sell the "
                    "product in a sale of its own.",
                    one=error.one,
                    other=error.other,
                ),
            )
        case e.EmptyBasket():
            return Message(
                tr("The basket is empty"),
                tr("Scan or search a product first (F2)."),
                Tone.INFO,
            )
        case e.UnknownProduct():
            return Message(
                tr("No product has the number {code}", code=error.code),
                tr("The basket is unchanged. Scan again, or search the product by its name."),
            )
        case e.BadQuantity():
            return Message(
                tr("{quantity} is no quantity for one line", quantity=error.quantity),
                tr("The line is unchanged. Enter 1 to {most}; Del takes it out.", most=error.most),
            )
        case e.BadField():
            return Message(
                field_problem(error.field, error.problem),
                tr(
                    "What you entered is kept. Put the field “{field}” right and go on.",
                    field=field_label(error.field),
                ),
                field=error.field,
            )
        case _:
            return None


def _sale(error: RuleBroken) -> Message | None:
    match error:
        case e.SaleMoved():
            return Message(
                tr("The basket has changed meanwhile"),
                tr("The old totals were thrown away. The new basket is priced now."),
                Tone.INFO,
                can_retry=True,
            )
        case e.SaleBusy():
            return Message(
                tr("Sale {number} is still being worked on", number=error.sale_number),
                tr("Nothing was done twice. Wait a moment and press the key again."),
                Tone.WAIT,
                can_retry=True,
            )
        case e.SaleUnsettled():
            return Message(
                tr("Sale {number} may already be an order", number=error.sale_number),
                tr(
                    "The basket is kept and locked until Digital River has told. Do not take the "
                    "money again. You can serve the next customer at another till."
                ),
                Tone.WAIT,
            )
        case e.MixedDestinations():
            return Message(
                tr("Goods to take away and goods to ship are taxed at two places"),
                tr(
                    "The basket is kept. Let everything be taken away or everything be shipped, or "
                    "make two sales of it."
                ),
                Tone.WAIT,
            )
        case IllegalMove() | IllegalIntentMove():
            return Message(
                tr("This sale has moved on meanwhile"),
                tr("Nothing was lost. What you see now is how it stands."),
                Tone.WAIT,
            )
        case _:
            return _payment(error)


def _payment(error: RuleBroken) -> Message | None:
    match error:
        case e.NoDisclosure():
            return Message(
                tr("The seller’s legal texts are missing"),
                tr(
                    "Without them no order may be made. Nothing was charged and the sale is kept. "
                    "Press F5 to load them again, or F6 to hold the sale."
                ),
                can_retry=True,
            )
        case e.NotPaid():
            return Message(
                tr("The payment is not complete yet"),
                tr("No order was made and the basket is kept. Let the customer pay again."),
                Tone.WAIT,
                can_retry=True,
            )
        case e.ClaimMismatch():
            return Message(
                tr("The payment does not fit this sale"),
                tr(
                    "Digital River’s record differs from what the form said. It was not used, the "
                    "basket is kept. Let the customer pay again; if it happens twice, call a "
                    "manager."
                ),
            )
        case e.WrongMode():
            was, wanted = (tr("live"), tr("test")) if error.live else (tr("test"), tr("live"))
            return Message(
                tr("Selling is stopped: an answer came from the {mode} world", mode=was),
                tr(
                    "This till is set up for {mode}. Nothing was charged and the sale is kept. An "
                    "administrator must check the keys in Settings.",
                    mode=wanted,
                ),
            )
        case _:
            return None


def _order(error: RuleBroken) -> Message | None:
    match error:
        case e.NotReleased():
            return Message(
                tr("The goods must stay here"),
                tr(
                    "Order {order} is not released yet. Nothing was recorded. Wait for the green "
                    "light.",
                    order=error.order_id,
                ),
            )
        case e.NothingOpen():
            return Message(
                tr("Nothing of order {order} is left to do", order=error.order_id),
                tr("Every unit is already fulfilled or cancelled, or on its way to be."),
                Tone.INFO,
            )
        case e.TooMany():
            return Message(
                tr("{asked} is more than is open", asked=error.asked),
                tr(
                    "Only {open} are open on this line. Nothing was sent. Enter at most {open}.",
                    open=error.open,
                ),
            )
        case e.StateForbids():
            return Message(
                tr("Order {order} does not allow that now", order=error.order_id),
                tr("Nothing was sent. The order’s own line says what it waits for."),
                Tone.WAIT,
            )
        case e.ClaimedByOther():
            return Message(
                tr("{who} is working on this order", who=error.holder),
                tr(
                    "At till {till}, until {until}. You can look, but not send. A manager can take "
                    "it over.",
                    till=error.till,
                    until=clock_time(error.until),
                ),
                Tone.WAIT,
            )
        case _:
            return None


def _person(error: RuleBroken) -> Message | None:
    match error:
        case e.NotAllowed():
            return Message(
                tr("Your role may not do that"),
                tr(
                    "Nothing was changed. Ask somebody who may ({permission}).",
                    permission=error.permission,
                ),
                Tone.WAIT,
            )
        case e.WrongPin():
            return Message(
                tr("This PIN is wrong"),
                tr(
                    "{tries} tries left, then the name is locked for a while.",
                    tries=error.tries_left,
                ),
                can_retry=True,
            )
        case e.LockedOut():
            return Message(
                tr("Too many wrong PINs"),
                tr(
                    "This name opens again at {until}. A manager can sign in meanwhile.",
                    until=clock_time(error.until),
                ),
            )
        case e.NotSignedIn():
            return Message(
                tr("Nobody is signed in at this till"),
                tr("The sale is kept. Sign in and go on."),
                Tone.INFO,
            )
        case e.ReasonMissing():
            return Message(
                tr("A few words are missing"),
                tr("Nothing was saved yet. Write why, then press the key again."),
                Tone.INFO,
                field=error.what,
            )
        case _:
            return None


def _start(error: RuleBroken) -> Message | None:
    match error:
        case e.ShopNotSetUp():
            return Message(
                tr("This store has no shop yet"),
                tr("Nothing was changed. Press F10 and answer a few questions."),
                Tone.INFO,
            )
        case e.NoKey():
            missing = tr("The public key is missing") if error.is_public else None
            return Message(
                missing or tr("The secret key is missing"),
                tr("Nothing was changed. Press F10 and enter the shop’s keys."),
                Tone.INFO,
            )
        case e.LastAdmin():
            return Message(
                tr("Somebody must be administrator"),
                tr("Nothing was changed. Make another person administrator first."),
                Tone.WAIT,
            )
        case e.SetOutside():
            return Message(
                tr("{variable} decides this", variable=error.variable),
                tr("Nothing was changed. It is set outside the program; change it there."),
                Tone.WAIT,
                field=error.setting,
            )
        case e.DatabaseRefused():
            return Message(
                tr("The database cannot be used"),
                tr(
                    "It says: {reason} Nothing was changed. Check the address, the name and the "
                    "password.",
                    reason=error.reason.rstrip(".") + ".",
                ),
                field="database_url",
            )
        case e.TrainingAway():
            return Message(
                tr("The training service does not start"),
                tr("Nothing was lost. Close the window and start again; main.py doctor says more."),
                can_retry=True,
            )
        case _:
            return None
