"""What can go wrong between shop and service: classes with facts, never words for a screen.

GatewayError
├── Offline            refused, no such host, no connection in time: the call never left the till
├── LostAnswer         time-out, cut connection, 408, 5xx, unreadable answer: may have happened
├── Garbled            a read was answered with something that cannot be read
├── RateLimited        429, or the key is still quiet after one: not done, wait `retry_after_s`
├── Unauthorised       401: the key is missing, wrong or expired
├── Forbidden          403: the key is restricted
├── NotFound           404: no such thing (any more)
├── Rejected           400 and other refusals of our input: `field` names the culprit
├── Conflict           409: the thing is in another state than we thought
├── CheckoutSpent      404 on POST /orders: look the order up by its checkout
├── TrainingControlFailed  the sandbox's control port: away, or the command makes no sense there
└── OrderRefused       409 on POST /orders: no order exists, a new checkout is needed
    ├── PaymentDeclined    the authorisation was refused
    ├── FraudRefused       the fraud screen refused
    └── DetailsMissing     a part of the checkout is missing or wrong: `field` names it

Codes of refused orders help fraudsters (contract 19): they are in neither str() nor repr(),
only in `code`, for staff.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

READS: Final = frozenset({"GET", "HEAD"})


@dataclass(eq=False, kw_only=True)
class GatewayError(Exception):
    """A call that did not end well. `path` is the template; `request_id` is the service's own."""

    method: str = ""
    path: str = ""
    status: int = 0
    request_id: str = ""

    def __str__(self) -> str:
        """Return what the log may hold: kind, call, status, request id."""
        parts = (type(self).__name__, self.method, self.path, self.status or "", self.request_id)
        return " ".join(str(part) for part in parts if part)

    @property
    def sent(self) -> bool:
        """Whether the call may have reached the service."""
        return True

    @property
    def in_doubt(self) -> bool:
        """Whether a write may have happened all the same: look up, then send again (design 6)."""
        return False


@dataclass(eq=False, kw_only=True)
class Offline(GatewayError):
    """No connection: nothing was sent. `reason` is the transport's word for it."""

    reason: str = ""

    @property
    def sent(self) -> bool:
        """Never: the call stayed here."""
        return False


@dataclass(eq=False, kw_only=True)
class LostAnswer(GatewayError):
    """The call went out and no usable answer came back. `reason` is the transport's word for it."""

    reason: str = ""

    @property
    def in_doubt(self) -> bool:
        """True for every write."""
        return self.method not in READS


@dataclass(eq=False, kw_only=True)
class Garbled(GatewayError):
    """An answer that cannot be read; `what` says where, never its content."""

    what: str = ""


@dataclass(eq=False, kw_only=True)
class RateLimited(GatewayError):
    """Too many calls, so this was not done (contract 15); without a status it was not even sent."""

    retry_after_s: float = 0.0

    @property
    def sent(self) -> bool:
        """Whether it reached the service, or was held back here while the key is quiet."""
        return self.status != 0


@dataclass(eq=False, kw_only=True)
class Unauthorised(GatewayError):
    """The key is missing, wrong or expired."""


@dataclass(eq=False, kw_only=True)
class Forbidden(GatewayError):
    """The key may not do this."""


@dataclass(eq=False, kw_only=True)
class _Refusal(GatewayError):
    """A refusal with the service's reasons; `message` is its sentence, `code` is for staff."""

    code: str = field(default="", repr=False)
    field: str = ""
    message: str = ""


@dataclass(eq=False, kw_only=True)
class NotFound(_Refusal):
    """No such thing, or no longer."""


@dataclass(eq=False, kw_only=True)
class Rejected(_Refusal):
    """The input was refused; put `field` right and send again."""


@dataclass(eq=False, kw_only=True)
class Conflict(_Refusal):
    """What is stored does not allow it."""

    @property
    def parameter(self) -> str:
        """The service's word for `field`."""
        return self.field


@dataclass(eq=False, kw_only=True)
class CheckoutSpent(GatewayError):
    """The checkout is unknown, or an order was already made of it (contract 7)."""


@dataclass(eq=False, kw_only=True)
class OrderRefused(GatewayError):
    """No order was made, the checkout is spent. Buyers may see `shopper_message`, not `code`."""

    shopper_message: str = ""
    code: str = field(default="", repr=False)


@dataclass(eq=False, kw_only=True)
class PaymentDeclined(OrderRefused):
    """The payment was not authorised: another method, or another try."""


@dataclass(eq=False, kw_only=True)
class FraudRefused(OrderRefused):
    """The fraud screen refused; the buyer hears a neutral sentence."""


@dataclass(eq=False, kw_only=True)
class DetailsMissing(OrderRefused):
    """Something the order needs is missing or does not fit; `field` is the service's name of it."""

    field: str = ""


@dataclass(eq=False, kw_only=True)
class TrainingControlFailed(GatewayError):
    """The training service took no command. `reason` is for the log."""

    reason: str = ""
