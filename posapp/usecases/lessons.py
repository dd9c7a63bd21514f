"""The lessons there are, each a declaration. A screen that comes later adds its own to `LESSONS`.

What a lesson is made of: `domain/lesson.py`. What the commands mean: docs/sandbox.md.
"""

from __future__ import annotations

from posapp.domain.lesson import ORDER, Command, Facts, Lesson, Rule, Scene, Step
from posapp.domain.order import OrderState
from posapp.domain.sale import SaleState
from posapp.domain.staff import Permission

CARD = "4444 2222 3333 1111"
"""A card that every test form takes (contract 20)."""

_PAY = f"F12. The customer types {CARD}, 12/30, 123."
_PLACE = "Tick what must be ticked and place the order with F12."
_HAND_OVER = "Green: give the customer the goods, F10."

RELEASED_TOO_EARLY = Rule(
    "F10 before the light was green: the goods must stay",
    lambda facts: facts.place == "done" and not facts.may_leave,
    key="F10",
)
SALE_DROPPED = Rule(
    "The sale was dropped: the customer went away with nothing.",
    lambda facts: facts.sale_state is SaleState.DISCARDED,
)
REFUSED_AFTER_ALL = Rule(
    "The order came to nothing.",
    lambda facts: facts.order_state in (OrderState.BLOCKED, OrderState.CANCELLED),
)


def _is_paid(facts: Facts) -> bool:
    return facts.place == "review" or _has_order(facts)


def _has_order(facts: Facts) -> bool:
    return bool(facts.order_id)


DECLINED = Lesson(
    id="declined",
    title="Declined card",
    about="The bank says no; another card pays.",
    goal="The bank refuses the first card. Get the same basket paid with another one: nothing is "
    "typed again, the customer stays friendly.",
    icon="card",
    scene=Scene(
        basket=("MUG-WHT", "BOWL-STN"),
        commands=(Command("/next", {"outcome": "declined"}),),
    ),
    steps=(
        Step(_PAY, lambda facts: facts.place == "review" or facts.refusals > 0),
        Step(_PLACE, lambda facts: facts.refusals > 0 and facts.place != "review"),
        Step(
            f"Declined. Ask for another card; type {CARD} again.",
            lambda facts: facts.place == "review" or _has_order(facts),
        ),
        Step(_PLACE, _has_order),
        Step(_HAND_OVER, lambda facts: facts.has_left),
    ),
    mistakes=(
        RELEASED_TOO_EARLY,
        Rule(
            "Back to the basket: nothing there was wrong",
            lambda facts: facts.refusals > 0 and facts.place in ("cart", "customer")
            and not facts.order_id,
        ),
    ),
    ends=(SALE_DROPPED,),
    forgives=frozenset({"review", "payment"}),
)  # fmt: skip

IN_REVIEW = Lesson(
    id="in_review",
    title="Order in review",
    about="Amber first, green later.",
    goal="Digital River looks at this order twice. Keep the goods while the light is amber, hand "
    "them over when it turns green.",
    icon="review",
    scene=Scene(
        basket=("BOARD-OAK",),
        commands=(Command("/next", {"outcome": "in_review", "seconds": None}),),
    ),
    steps=(
        Step(_PAY, _is_paid),
        Step(
            _PLACE,
            _has_order,
            then=(Command("/resolve", {"order": ORDER, "decision": "accept"}),),
            wait_s=8.0,
        ),
        Step(
            "Amber: keep the goods; tell the customer it is being checked.",
            lambda facts: facts.may_leave,
        ),
        Step(_HAND_OVER, lambda facts: facts.has_left),
    ),
    mistakes=(RELEASED_TOO_EARLY,),
    ends=(SALE_DROPPED, REFUSED_AFTER_ALL),
)

BLOCKED = Lesson(
    id="blocked",
    title="Order blocked",
    about="Amber first, then red for good.",
    goal="Digital River looks at this order and blocks it. The goods never leave the counter; the "
    "customer hears that this payment cannot go ahead, not why.",
    icon="do_not_release",
    scene=Scene(
        basket=("LAMP-BRS",),
        commands=(Command("/next", {"outcome": "blocked_later", "seconds": None}),),
    ),
    steps=(
        Step(_PAY, _is_paid),
        Step(
            _PLACE,
            _has_order,
            then=(Command("/resolve", {"order": ORDER, "decision": "block"}),),
            wait_s=6.0,
        ),
        Step(
            "Amber: keep the goods and wait for the decision.",
            lambda facts: facts.order_state is OrderState.BLOCKED,
        ),
        Step(
            "Red: the goods go back on the shelf; F12, the next customer.",
            lambda facts: facts.place == "cart",
        ),
    ),
    mistakes=(
        RELEASED_TOO_EARLY,
        Rule(
            "The next customer was served while the goods lay on the counter undecided",
            lambda facts: facts.place == "cart" and facts.order_state is OrderState.IN_REVIEW,
        ),
    ),
    ends=(SALE_DROPPED,),
)

WIRE_TRANSFER = Lesson(
    id="wire_transfer",
    title="Wire transfer",
    about="The order is there, the money is not.",
    goal="The customer pays by bank transfer: the order exists, the money does not. Hold the goods "
    "until it arrives, then release them.",
    icon="money",
    scene=Scene(
        basket=("BOARD-OAK", "TOWEL-LIN"),
        commands=(Command("/next", {"outcome": "wire_transfer"}),),
    ),
    steps=(
        Step(
            "F12 to the payment; the customer chooses the transfer.",
            _is_paid,
        ),
        Step(
            _PLACE,
            _has_order,
            then=(Command("/funds", {"order": ORDER, "arrive": True}),),
            wait_s=8.0,
        ),
        Step(
            "Amber: hand out the reference; the goods wait for the money.",
            lambda facts: facts.may_leave,
        ),
        Step(_HAND_OVER, lambda facts: facts.has_left),
    ),
    mistakes=(RELEASED_TOO_EARLY,),
    ends=(SALE_DROPPED, REFUSED_AFTER_ALL),
)

LOST_ANSWER = Lesson(
    id="lost_answer",
    title="Lost answer",
    about="Nobody knows whether it went through.",
    goal="The line breaks after the order was sent: nobody knows whether it went through. Find "
    "out, and take the money once.",
    icon="offline",
    scene=Scene(
        basket=("MUG-NVY", "TOWEL-LIN"),
        commands=(
            Command(
                "/fault",
                {"kind": "lost_answer", "method": "POST", "path": "^/orders$", "seconds": 1},
            ),
            Command("/fault", {"kind": "status", "method": "GET", "path": "^/orders", "times": 0}),
        ),
    ),
    steps=(
        Step(_PAY, _is_paid),
        Step(
            _PLACE,
            lambda facts: facts.in_doubt or _has_order(facts),
            then=(Command("/clear"),),
            wait_s=10.0,
        ),
        Step("Nobody knows yet. Do not sell it again: F5 looks.", _has_order),
        Step(_HAND_OVER, lambda facts: facts.has_left),
    ),
    mistakes=(
        RELEASED_TOO_EARLY,
        Rule(
            "The same goods were rung up again while the first sale was in doubt",
            lambda facts: facts.sold_again > 0,
        ),
    ),
    ends=(SALE_DROPPED,),
    forgives=frozenset({"review", "locked"}),
)

_PACKED = {"MUG-WHT": 2, "TOWEL-LIN": 1}


def _is_packed(facts: Facts) -> bool:
    return {sku: n for sku, n in facts.shipped.items() if n} == _PACKED


PARTIAL_FULFILMENT = Lesson(
    id="partial",
    title="Partial fulfilment",
    about="Part of an order is packed.",
    goal="Two of three mugs and the towel are packed; the third mug comes next week. Ship what is "
    "packed, leave the rest open.",
    icon="fulfil",
    needs=Permission.FULFIL,
    scene=Scene(order=("MUG-WHT x 3", "TOWEL-LIN x 1")),
    steps=(
        Step(
            "Ctrl+2, order {order}, F: two mugs, one towel, Enter.",
            _is_packed,
        ),
        Step("Sent: wait until Digital River has it.", lambda facts: facts.is_confirmed),
    ),
    mistakes=(
        Rule("Another order was taken in hand", lambda facts: facts.wrong_in_hand > 0),
        Rule("Something was sent for another order", lambda facts: facts.strays > 0),
    ),
    ends=(
        Rule(
            "More was reported as shipped than was packed: the customer is charged for goods that "
            "are still here.",
            lambda facts: any(n > _PACKED.get(sku, 0) for sku, n in facts.shipped.items()),
        ),
        Rule(
            "Goods were cancelled that the customer still wants; that cannot be taken back.",
            lambda facts: any(facts.dropped.values()),
        ),
    ),
)

LESSONS = (DECLINED, IN_REVIEW, BLOCKED, WIRE_TRANSFER, LOST_ANSWER, PARTIAL_FULFILMENT)
