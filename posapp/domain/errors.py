"""What the shop forbids, as errors that carry facts and no prose; `ui/messages.py` has the words.

RuleBroken
├── CurrencyMismatch        two currencies were added
├── EmptyBasket             nothing to sell
├── UnknownProduct          no product has this number
├── BadQuantity             less than one, or more than a line may hold
├── BadField                a field the service would refuse, found locally
├── SaleMoved               the answer belongs to an older version of the sale
├── SaleBusy                a write of this sale is under way or in doubt
├── SaleUnsettled           an order may exist: the basket is locked until we know
├── MixedDestinations       take-away and shipping lines cannot share one checkout
├── NoDisclosure            the legal texts are missing: no text, no order
├── NotPaid                 the payment does not cover the sale
├── ClaimMismatch           the form's claim and the service's record differ
├── WrongMode               an answer of another mode (live or test)
├── NotReleased             goods may not leave yet
├── NothingOpen             nothing of this order is left to fulfil or cancel
├── TooMany                 more than is open on a line
├── StateForbids            the order's state does not allow it
├── ClaimedByOther          somebody else works on the order
├── NotAllowed              the role may not do this
├── WrongPin                sign-in refused
├── LockedOut               too many wrong PINs
├── NotSignedIn             nobody stands at the till
├── ReasonMissing           a decision without its reason
├── ShopNotSetUp            the store holds no shop yet
├── LastAdmin               nobody would be left who may change settings
├── SetOutside              a setting is fixed by the environment or a flag
├── DatabaseRefused         the database named in a form cannot be used
├── NoKey                   a service is named, but one of its keys is not to be had
└── TrainingAway            the built-in sandbox does not start
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class RuleBroken(Exception):
    """Something was asked that the shop forbids."""


@dataclass(eq=False)
class CurrencyMismatch(RuleBroken):
    """Amounts of two currencies met."""

    one: str
    other: str


class EmptyBasket(RuleBroken):
    """The basket holds nothing."""


@dataclass(eq=False)
class UnknownProduct(RuleBroken):
    """No product has this number or barcode."""

    code: str


@dataclass(eq=False)
class BadQuantity(RuleBroken):
    """A quantity outside 1 … `most`."""

    quantity: int
    most: int


@dataclass(eq=False)
class BadField(RuleBroken):
    """A field that the service would refuse.

    `field` is our name for it, `problem` a word of `FieldProblem`.
    """

    field: str
    problem: str


@dataclass(eq=False)
class SaleMoved(RuleBroken):
    """An answer for version `answered` reached a sale that is at version `current`."""

    answered: int
    current: int


@dataclass(eq=False)
class SaleBusy(RuleBroken):
    """A write of this sale is under way."""

    sale_number: int


@dataclass(eq=False)
class SaleUnsettled(RuleBroken):
    """Whether the order exists is not known yet; the basket is locked until it is."""

    sale_number: int


class MixedDestinations(RuleBroken):
    """Take-away and shipped lines would be taxed at two places."""


@dataclass(eq=False)
class NoDisclosure(RuleBroken):
    """The legal texts of this seller could not be had."""

    entity: str
    country: str


@dataclass(eq=False)
class NotPaid(RuleBroken):
    """The service does not call the checkout funded. `session` is the payment session's state."""

    session: str


@dataclass(eq=False)
class ClaimMismatch(RuleBroken):
    """The form said one thing, the service's record another. `what` names the fact."""

    what: str


@dataclass(eq=False)
class WrongMode(RuleBroken):
    """An answer from the other mode."""

    live: bool


@dataclass(eq=False)
class NotReleased(RuleBroken):
    """The order is not accepted, so goods stay."""

    order_id: str
    state: str


@dataclass(eq=False)
class NothingOpen(RuleBroken):
    """No unit of the order is left to fulfil or cancel."""

    order_id: str


@dataclass(eq=False)
class TooMany(RuleBroken):
    """More units than are open on the line."""

    line_id: str
    asked: int
    open: int


@dataclass(eq=False)
class StateForbids(RuleBroken):
    """The order's state does not allow what was asked."""

    order_id: str
    state: str


@dataclass(eq=False)
class ClaimedByOther(RuleBroken):
    """Somebody else holds the order."""

    order_id: str
    holder: str
    till: str
    until: datetime


@dataclass(eq=False)
class NotAllowed(RuleBroken):
    """The person's role lacks the permission."""

    permission: str
    role: str


@dataclass(eq=False)
class WrongPin(RuleBroken):
    """The PIN is wrong. `tries_left` before the lock."""

    tries_left: int


@dataclass(eq=False)
class LockedOut(RuleBroken):
    """Too many wrong PINs; the name opens again at `until`."""

    until: datetime


class NotSignedIn(RuleBroken):
    """Nobody is signed in."""


@dataclass(eq=False)
class ReasonMissing(RuleBroken):
    """A decision or note without words."""

    what: str


class ShopNotSetUp(RuleBroken):
    """The store holds no shop yet."""


class LastAdmin(RuleBroken):
    """The only administrator would lose the role."""


@dataclass(eq=False)
class SetOutside(RuleBroken):
    """A setting cannot be changed here: `variable` (or a flag) fixes it for this start."""

    setting: str
    variable: str


@dataclass(eq=False)
class DatabaseRefused(RuleBroken):
    """The database named cannot be used. `reason` is the engine's own sentence."""

    reason: str


@dataclass(eq=False)
class NoKey(RuleBroken):
    """A key of the service is not to be had: the secret one, or the public one of the form."""

    is_public: bool = False


@dataclass(eq=False)
class TrainingAway(RuleBroken):
    """The built-in sandbox ended or never got ready. `said` is the last thing it said."""

    said: str
