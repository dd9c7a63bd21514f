"""Every error and every state has its sentence; none gives a code away. Never opens a window."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from posapp.domain import intent, sale
from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField, RuleBroken
from posapp.domain.event import SYNONYMS
from posapp.domain.intent import Intent, IntentId, IntentKind, IntentState
from posapp.domain.order import Light, LineState, OrderState, Outlook, Owner
from posapp.domain.payment import ChargeState
from posapp.domain.review import Concern
from posapp.domain.sale import SaleState
from posapp.gateway.errors import (
    DetailsMissing,
    FraudRefused,
    GatewayError,
    Offline,
    OrderRefused,
    PaymentDeclined,
    RateLimited,
    Rejected,
)
from posapp.settle.errors import SettleError, StillUnknown
from posapp.store.errors import StoreError, StoreUnusable, Trouble
from posapp.ui import messages
from posapp.ui.kit.web import UnsafeWebEngine
from posapp.usecases.orders import UnknownOrder

TREES = (RuleBroken, GatewayError, SettleError, StoreError)
ROOTS = {RuleBroken, GatewayError, SettleError, StoreError}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AN_INTENT = Intent(IntentId("i"), IntentKind.ORDER, "checkout:c", "c", "{}", NOW)
SECRET = "hard_decline_secret_code"


def classes(root: type[Exception]) -> Iterator[type[Exception]]:
    """Every class below `root` that can be raised."""
    for child in root.__subclasses__():
        if not child.__name__.startswith("_"):
            yield child
        yield from classes(child)


def made(kind: type[Exception]) -> Exception:
    """An error of this class, every fact filled with something plausible."""
    if kind.__name__ == "IllegalMove":
        return sale.IllegalMove(SaleState.DONE, SaleState.OPEN)
    if kind.__name__ == "IllegalIntentMove":
        return intent.IllegalIntentMove(IntentState.DONE, IntentState.SENDING)
    values: dict[str, Any] = {}
    if dataclasses.is_dataclass(kind):
        for one in dataclasses.fields(kind):
            values[one.name] = plausible(one)
    return kind(**values)


def plausible(one: dataclasses.Field[Any]) -> object:
    """A value of the field's type."""
    by_name: dict[str, object] = {
        "until": NOW,
        "intent": AN_INTENT,
        "trouble": Trouble.DISK_FULL,
        "code": SECRET,
        "problem": FieldProblem.MISSING,
        "field": "email",
        "live": True,
    }
    if one.name in by_name:
        return by_name[one.name]
    if str(one.type) in ("int", "float"):
        return 3
    return "something"


ALL = [kind for root in TREES for kind in classes(root)]


@pytest.mark.parametrize("told", [messages.explain, messages.explain_sale])
@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_has_a_sentence_of_its_own(
    kind: type[Exception], told: Callable[[BaseException], messages.Message]
) -> None:
    message = told(made(kind))

    assert message.title != messages.bug().title, f"{kind.__name__} has no case in messages"
    assert message.title.strip()
    assert message.body.strip().endswith((".", "!"))
    if issubclass(kind, GatewayError):
        assert SECRET not in message.title + message.body + message.to_shopper


@pytest.mark.parametrize(
    "kind",
    [x for x in ALL if issubclass(x, GatewayError) and not issubclass(x, OrderRefused)],
    ids=lambda kind: kind.__name__,
)
def test_no_other_screen_speaks_of_the_sale_or_of_its_keys(kind: type[Exception]) -> None:
    body = messages.explain(made(kind)).body

    assert not re.search(r"\bF\d+\b|\bEsc\b|\bsale\b|basket", body)


def test_without_a_line_the_sale_can_be_held_and_the_queue_shows_what_was_last_read() -> None:
    offline = Offline(method="GET", path="/orders")

    assert "hold the sale (F6)" in messages.explain_sale(offline).body
    assert "what was last read" in messages.explain(offline).body


def test_no_two_errors_share_a_sentence_unless_they_are_kin() -> None:
    titles: dict[str, type[Exception]] = {}
    for kind in ALL:
        title = messages.explain(made(kind)).title
        other = titles.setdefault(title, kind)
        related = issubclass(kind, other) or issubclass(other, kind)
        moves = {kind.__name__, other.__name__} == {"IllegalMove", "IllegalIntentMove"}
        assert related or moves, f"{kind.__name__} reads like {other.__name__}: {title}"


def test_the_whole_tree_was_walked() -> None:
    assert len(ALL) >= 40
    assert not ROOTS & set(ALL)


def test_a_declined_card_asks_for_another_card_and_keeps_its_code() -> None:
    declined = PaymentDeclined(shopper_message="Please try another card", code=SECRET, status=409)

    message = messages.explain(declined)

    assert message.title == "Card declined. Ask for another card."
    assert "basket is kept" in message.body
    assert message.can_retry
    assert SECRET not in repr(message)


def test_a_fraud_refusal_is_neutral_and_not_to_be_retried() -> None:
    message = messages.explain(FraudRefused(code=SECRET, status=409))

    assert not message.can_retry
    assert "fraud" not in (message.title + message.body).lower()
    assert "manager" in message.body


def test_an_unknown_order_outcome_is_neither_success_nor_failure() -> None:
    message = messages.explain(StillUnknown(AN_INTENT))

    assert "don’t know yet" in message.title
    assert "second time" in message.body
    assert not message.can_retry


def test_an_unknown_checkout_may_be_asked_for_again() -> None:
    message = messages.explain(
        StillUnknown(dataclasses.replace(AN_INTENT, kind=IntentKind.CHECKOUT))
    )

    assert message.can_retry


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (BadField("postal_code", FieldProblem.BAD_POSTAL_CODE), "postal_code"),
        (Rejected(field="shipTo.address.postalCode", status=400), "shipTo.address.postalCode"),
        (DetailsMissing(field="billTo.email", status=409), "billTo.email"),
    ],
)
def test_a_refused_field_is_named_so_that_one_can_go_back_to_it(
    error: Exception, field: str
) -> None:
    message = messages.explain(error)

    assert message.field == field
    assert "kept" in message.body


def test_how_long_to_wait_is_said() -> None:
    assert "12 s" in messages.explain(RateLimited(status=429, retry_after_s=11.6)).body


@pytest.mark.parametrize("trouble", list(Trouble))
def test_each_trouble_of_the_store_says_what_to_do(trouble: Trouble) -> None:
    assert len(messages.explain(StoreUnusable(trouble)).body) > 40


@pytest.mark.parametrize(
    "error", [UnknownOrder("1"), UnsafeWebEngine("QTWEBENGINE_REMOTE_DEBUGGING")]
)
def test_what_stands_outside_the_trees_is_explained_too(error: Exception) -> None:
    assert messages.explain(error).title != messages.bug().title


def test_a_fault_of_ours_keeps_what_was_entered() -> None:
    message = messages.explain(ZeroDivisionError())

    assert message == messages.bug()
    assert "kept" in message.body


@pytest.mark.parametrize("outlook", list(Outlook))
def test_every_outlook_has_sentence_owner_and_next_action(outlook: Outlook) -> None:
    said = messages.outlook_sentence(outlook)

    assert said.text.endswith(".")
    assert said.next_action.endswith(".")
    assert said.owner in {messages.owner_words(owner) for owner in Owner}


@pytest.mark.parametrize("concern", list(Concern))
def test_every_concern_has_sentence_owner_and_next_action(concern: Concern) -> None:
    said = messages.concern_sentence(concern)

    assert said.text.endswith(".")
    assert said.next_action.endswith(".")


def test_nobody_is_told_that_a_review_can_be_approved_here() -> None:
    assert "nobody here can approve" in messages.concern_sentence(Concern.IN_REVIEW).text


@pytest.mark.parametrize("problem", list(FieldProblem))
def test_every_problem_of_a_field_has_a_sentence(problem: FieldProblem) -> None:
    assert messages.field_problem("email", problem).endswith((".", "com"))


def test_a_problem_never_heard_of_is_a_bad_value() -> None:
    assert messages.field_problem("email", "??") == messages.field_problem(
        "email", FieldProblem.BAD_VALUE
    )


def test_every_state_has_a_word() -> None:
    words = [
        *(messages.order_words(state) for state in OrderState),
        *(messages.line_words(state) for state in LineState),
        *(messages.charge_words(state) for state in ChargeState),
        *(messages.light_words(light) for light in Light),
        *(messages.intent_words(state) for state in IntentState),
        *(messages.intent_kind_words(kind) for kind in IntentKind),
        *(messages.sale_words(state) for state in SaleState),
    ]

    assert all(words)


def test_a_state_of_the_service_never_heard_of_keeps_its_own_word() -> None:
    assert messages.order_words(OrderState.UNKNOWN, "awaiting_moon") == "awaiting moon"


def test_events_speak_the_shops_words_and_unknown_ones_stay_readable() -> None:
    assert messages.event_words("order.accepted") == "Accepted: goods may leave"
    assert messages.event_words("order.something_new") == "Order something new"


@pytest.mark.parametrize("twin", sorted(SYNONYMS))
def test_twin_names_of_one_event_read_the_same(twin: str) -> None:
    assert messages.event_words(twin) == messages.event_words(SYNONYMS[twin])
