"""Turns an answer that is no success into one error. Never shows its code to a buyer."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from posapp.gateway.errors import (
    READS,
    CheckoutSpent,
    Conflict,
    DetailsMissing,
    Forbidden,
    FraudRefused,
    Garbled,
    GatewayError,
    LostAnswer,
    NotFound,
    OrderRefused,
    PaymentDeclined,
    RateLimited,
    Rejected,
    Unauthorised,
)
from posapp.gateway.wire import decode, records, text

_FRAUD_CODES: Final = frozenset({"order-fraud-failure", "fraud_block", "fraud"})
_DETAIL_CODES: Final = frozenset({"create-order-failed", "additional_information_required"})
_DETAIL_FIELDS: Final = frozenset(
    "taxIdentifiers invoiceAttributeId billTo shipTo shipFrom shipping shippingChoice address"
    " email customerId customerType items".split()
)
_KEY_TROUBLE: Final[dict[int, type[GatewayError]]] = {401: Unauthorised, 403: Forbidden}
DEFAULT_RETRY_AFTER_S: Final = 60.0
_LONGEST_RETRY_AFTER_S: Final = 3600.0


class Problem(NamedTuple):
    """The first entry of an error body; all may be empty."""

    type: str = ""
    code: str = ""
    field: str = ""
    message: str = ""

    @property
    def logged_code(self) -> str:
        """The code as it may stand in a log: a short word and nothing else."""
        return re.sub(r"[^A-Za-z0-9_.\-]", "?", self.code)[:60]

    @property
    def logged_field(self) -> str:
        """The parameter as it may stand in a log."""
        return re.sub(r"[^A-Za-z0-9_.\-\[\]]", "?", self.field)[:80]


def read_problem(body: bytes) -> Problem:
    """Read an error body, both irregular shapes too (contract 2); anything else reads as none."""
    try:
        data: Any = decode(body)
    except Garbled:
        return Problem()
    if not isinstance(data, dict):
        return Problem()
    first: dict[str, Any] = next(iter(records(data, "errors")), data)
    return Problem(
        text(data, "type"),
        text(first, "code"),
        text(first, "parameter"),
        text(first, "message") or text(first, "description"),
    )


def retry_after(header: str) -> float:
    """Return the seconds to wait; a missing or odd header means a minute (contract 15)."""
    try:
        seconds = float(header)
    except ValueError:
        return DEFAULT_RETRY_AFTER_S
    if not 0 <= seconds <= _LONGEST_RETRY_AFTER_S:  # NaN too
        return DEFAULT_RETRY_AFTER_S
    return seconds


def refusal(
    *,
    method: str,
    path: str,
    status: int,
    request_id: str,
    problem: Problem,
    retry_after_header: str = "",
) -> GatewayError:
    """Return the one error that this answer means (contract 2; for `POST /orders` contract 7)."""
    facts: dict[str, Any] = {
        "method": method,
        "path": path,
        "status": status,
        "request_id": request_id,
    }
    if status == 429:
        return RateLimited(retry_after_s=retry_after(retry_after_header), **facts)
    if status in _KEY_TROUBLE:
        return _KEY_TROUBLE[status](**facts)
    if status == 408 or status >= 500 or (300 <= status < 400 and method not in READS):
        return LostAnswer(reason=f"status {status}", **facts)
    if status < 400:
        return Garbled(what=f"unexpected status {status}", **facts)
    if (method, path) == ("POST", "/orders") and status in (404, 409):
        return _order_refusal(problem, facts)
    facts.update(code=problem.code, field=problem.field, message=problem.message)
    if status == 404:
        return NotFound(**facts)
    if status == 409 and problem.type != "bad_request":
        return Conflict(**facts)
    return Rejected(**facts)


def _order_refusal(problem: Problem, facts: dict[str, Any]) -> CheckoutSpent | OrderRefused:
    if facts["status"] == 404:
        return CheckoutSpent(**facts)
    told = {"shopper_message": problem.message, "code": problem.code, **facts}
    if problem.code in _FRAUD_CODES:
        return FraudRefused(**told)
    root = re.split(r"[.\[]", problem.field, maxsplit=1)[0]
    if problem.code in _DETAIL_CODES or root in _DETAIL_FIELDS:
        return DetailsMissing(field=problem.field, **told)
    return PaymentDeclined(**told)  # contract 22 point 1: an unknown 409 is a failed payment
