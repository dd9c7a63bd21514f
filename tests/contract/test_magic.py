"""The test values of contract section 20, read off its tables, each walked through a whole sale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from posapp.sandbox.cards import CARDS, LAST_NAMES
from posapp.sandbox.tables import table
from posapp.sandbox.wire import Problem
from tests.contract.test_codes import section
from tests.unit.sandbox.shop import Shop

Json = dict[str, Any]
MAGIC = section("## 20.")
NUMBER = r"\d{4}(?: \d{2,6})+"


def card_rows(title: str) -> Iterator[tuple[str, list[str]]]:
    """Card number and the other cells of one table of section 20."""
    for line in MAGIC.split(f"**{title}**")[1].split("\n**")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        found = re.match(NUMBER, cells[0])
        if found:
            yield found.group().replace(" ", ""), cells[1:]


SUCCEED = list(card_rows("Cards that succeed"))
FAIL = list(card_rows("Cards that fail"))
# what the section calls its methods, and the source types they are
METHODS = {
    "Google Pay": ["googlePay"],
    "PayPal, Billing, Credit": ["payPal", "payPalBilling", "payPalCredit"],
    "SEPA": ["directDebit"],
    "Klarna": ["klarnaCredit", "klarnaCreditRecurring"],
    "Alipay": ["alipay", "alipayCn"],
    "Receiver types": ["wireTransfer", "konbini", "bPay"],
}


def names() -> list[tuple[str, str]]:
    """Every source type and magic last name of section 20."""
    found = []
    for line in MAGIC.split("**Last name of the source owner**")[1].split("\n\n")[1].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for title, kinds in METHODS.items():
            if cells[0].startswith(title):
                words = re.findall(r"\b(?:[A-Z]\w+|auth\w+|refund\w+)\b", cells[1])
                found += [(kind, word) for kind in kinds for word in words]
    return found


def test_the_sandbox_knows_what_the_contract_lists() -> None:
    challenged = {number for number, cells in SUCCEED if "challenge" in cells[0]}
    assert len(SUCCEED) == 9
    assert set(CARDS) == {number for number, _cells in FAIL} | challenged
    assert {(kind, name) for kind, known in LAST_NAMES.items() for name in known} == set(names())


def test_tax_numbers_of_the_contract_verify() -> None:
    line = next(line for line in MAGIC.splitlines() if line.startswith("**Tax ids that verify"))
    listed = set(re.findall(r"\b(?:BE|DE|IT)\d+\b", line))
    assert {entry.partition(":")[2] for entry in table("tax_ids")["verified"]} == listed


class Life:
    """One sale paid by a magic value, as far as it goes; what each step came to."""

    def __init__(self, shop: Shop, source: Json, checkout: Json) -> None:
        self.shop, self.source = shop, source
        self.steps = {"source": source["state"]}
        if source["state"] == "requires_action":
            form = shop.world.form
            source = form.answer_challenge(source["id"], source["clientSecret"], "password")
            self.steps["after"] = source["state"]
        if source["state"] != "failed":
            self._buy(checkout)

    def _buy(self, checkout: Json) -> None:
        shop, source_id = self.shop, self.source["id"]
        shop.good("POST", f"/checkouts/{checkout['id']}/sources/{source_id}")
        status, order = shop.call("POST", "/orders", {"checkoutId": checkout["id"]})
        if status != 201:
            self.steps["order"] = f"{status} {order['errors'][0]['code']}"
            return
        if "redirect" in self.source:
            token = self.source["redirect"]["redirectUrl"].split("/")[-1]
            shop.world.form.decide(source_id, token, approve=True)
            read = shop.good("GET", f"/sources/{source_id}")["state"]
            self.steps["after"] = read
        shop.turn(30)
        order = shop.read(order)
        self.steps["order"] = order["state"]
        self.steps["charge"] = self._charge(order)
        if order["state"] == "accepted":
            self._ship(order)

    def _charge(self, order: Json) -> str:
        charges = order["payment"].get("charges") or [{"state": "none"}]
        return str(charges[0]["state"])

    def _ship(self, order: Json) -> None:
        shop = self.shop
        shop.ship(order, 1, drop=1)
        first = shop.read(order)["payment"]["charges"][0]
        self.steps["capture"] = first["captures"][0]["state"]
        shop.turn(1)
        now = shop.read(order)["payment"]["charges"][0]
        self.steps["capture soon"] = now["captures"][0]["state"]
        shop.turn(30 * 60)
        now = shop.read(order)["payment"]["charges"][0]
        self.steps["capture later"] = now["captures"][0]["state"]
        self.steps["cancel"] = now["cancels"][0]["state"]
        if now["captures"][0]["state"] == "complete":
            self._pay_back(order)

    def _pay_back(self, order: Json) -> None:
        shop = self.shop
        body = {"orderId": order["id"], "currency": order["currency"], "percent": 100}
        path = f"/refunds/{shop.good('POST', '/refunds', body)['id']}"
        shop.turn(2)
        refund = shop.good("GET", path)
        self.steps["refund soon"] = refund["state"]
        if refund["state"] == "pending_information":
            shop.world.form.refund_details(**bank_details(refund))
        shop.turn(60)
        self.steps["refund"] = shop.good("GET", path)["state"]


def bank_details(refund: Json) -> Json:
    """What the buyer's form gives for a refund that asks for an account."""
    return {"refund_token": refund["tokenInformation"]["token"]}


FINE = {
    "source": "chargeable", "order": "accepted", "charge": "capturable", "capture": "pending",
    "capture soon": "complete", "capture later": "complete", "cancel": "complete",
    "refund soon": "succeeded", "refund": "succeeded",
}  # fmt: skip
REFUND = ("refund soon", "refund")
CAPTURE = ("capture soon", "capture later")


def without(*steps: str, **changed: str) -> dict[str, str]:
    """A good sale with some steps missing and some ending otherwise."""
    spelled = {name.replace("_", " "): state for name, state in changed.items()}
    return {name: state for name, state in FINE.items() if name not in steps} | spelled


NOT_CAPTURED = without(*REFUND)
CARD_LIVES = {
    "4000000000003295": {"source": "failed"},
    "4000000000003600": {"source": "chargeable", "order": "409 failed-request"},
    "4000000000004103": NOT_CAPTURED | dict.fromkeys(CAPTURE, "failed"),
    "4000000000004111": FINE | dict.fromkeys(REFUND, "failed"),
    "4000000000004442": without(cancel="failed"),
    "4485951788521565": NOT_CAPTURED | {"capture soon": "pending", "capture later": "failed"},
    "4556602564240839": without(refund_soon="pending", refund="failed"),
    "4024007120579635": NOT_CAPTURED | dict.fromkeys(CAPTURE, "pending"),
    "4000000000000028": NOT_CAPTURED | dict.fromkeys(CAPTURE, "pending"),
}


@pytest.mark.parametrize(("number", "cells"), SUCCEED, ids=lambda each: str(each)[:20])
def test_cards_that_succeed_to_the_end(shop: Shop, number: str, cells: list[str]) -> None:
    checkout = shop.checkout()
    life = Life(shop, shop.card(checkout, number), checkout)
    challenged = "challenge" in cells[0]
    assert life.steps == (FINE | {"source": "requires_action", "after": "chargeable"}
                          if challenged else FINE)  # fmt: skip
    brand = life.source["creditCard"]["brand"]
    assert brand.lower() == cells[0].split(",")[0].lower()


@pytest.mark.parametrize("number", [number for number, _cells in FAIL])
def test_cards_that_fail_fail_there_and_not_before(shop: Shop, number: str) -> None:
    checkout = shop.checkout()
    assert Life(shop, shop.card(checkout, number), checkout).steps == CARD_LIVES[number]


REDIRECT = FINE | {"source": "pending_redirect", "after": "chargeable"}
RECEIVER = without("refund soon", source="pending_funds") | {"refund soon": "pending_information"}
REFUSED = "source_creation_failed"
CHALLENGED = {"source": "requires_action", "after": "chargeable"}
NO_MONEY = {"order": "409 failed-request"}


def expected(kind: str, name: str) -> dict[str, str]:
    """The life that section 20 gives to a last name."""
    normal, own = LIVES[kind]
    if name in own:
        return own[name]
    if name in ("RefundFail", "refundFail"):
        return normal | dict.fromkeys(REFUND, "failed")
    return {"refused": REFUSED} if name == "SourceCreationFail" else {}


_PAYPAL: dict[str, dict[str, str]] = {
    "ChargeCreationFail": {"source": "pending_redirect"} | NO_MONEY,
}
_ALIPAY: dict[str, dict[str, str]] = {
    "authFail": {"source": "pending_redirect"} | NO_MONEY,
    "authFailAfterRedirect": {
        "source": "pending_redirect", "after": "failed", "order": "cancelled", "charge": "failed",
    },
}  # fmt: skip
_RECEIVER: dict[str, dict[str, str]] = {
    "SourceFailWithDelay": {"source": "pending_funds", "order": "cancelled", "charge": "none"},
    "RefundFailWhileCreation": RECEIVER | dict.fromkeys(REFUND, "failed"),
    "RefundFailAfterPaymentInfo": RECEIVER | {"refund": "failed"},
}
LIVES: dict[str, tuple[dict[str, str], dict[str, dict[str, str]]]] = {
    "googlePay": (FINE, {
        "SourceFail": {"source": "failed"},
        "ChargeFail": {"source": "chargeable"} | NO_MONEY,
        "CaptureFail": CARD_LIVES["4000000000004103"],
        "CancelFail": CARD_LIVES["4000000000004442"],
        "SCATest": FINE | CHALLENGED,
        "SCATestFail": CHALLENGED | NO_MONEY,
    }),
    "directDebit": (REDIRECT, {
        "SourceFail": {"source": "failed"},
        "SourceFailAfterRedirect": _ALIPAY["authFailAfterRedirect"],
        "ChargeFail": {"source": "pending_redirect"} | NO_MONEY,
        "ChargeFailedAfterPending": {
            "source": "pending_redirect", "after": "chargeable", "order": "cancelled",
            "charge": "failed",
        },
        "ChargeRemainPending": {
            "source": "pending_redirect", "after": "chargeable", "order": "pending_payment",
            "charge": "pending",
        },
        "RefundFailedAfterPending": REDIRECT | {"refund soon": "pending", "refund": "failed"},
    }),
    **{kind: (REDIRECT, _PAYPAL) for kind in
       ("payPal", "payPalBilling", "payPalCredit", "klarnaCredit", "klarnaCreditRecurring")},
    **{kind: (REDIRECT, _ALIPAY) for kind in ("alipay", "alipayCn")},
    **{kind: (RECEIVER, _RECEIVER) for kind in ("wireTransfer", "konbini", "bPay")},
}  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), names())
def test_last_names_do_what_the_contract_says(shop: Shop, kind: str, name: str) -> None:
    checkout = shop.checkout()
    wanted = expected(kind, name)
    assert wanted
    if "refused" in wanted:
        with pytest.raises(Problem) as refusal:
            shop.pay(checkout, kind, lastName=name)
        assert refusal.value.body["errors"][0]["code"] == REFUSED
        return
    assert Life(shop, shop.pay(checkout, kind, lastName=name), checkout).steps == wanted


@pytest.mark.parametrize("kind", [kind for kind in LIVES if kind != "directDebit"])
def test_other_names_pay_like_anybody(shop: Shop, kind: str) -> None:
    checkout = shop.checkout()
    steps = Life(shop, shop.pay(checkout, kind, lastName="Shopper"), checkout).steps
    assert (steps["order"], steps["capture later"]) == ("accepted", "complete")
    assert steps["refund"] in ("succeeded",)


@pytest.mark.parametrize(("approve", "state"), [(True, "chargeable"), (False, "pending_redirect")])
def test_the_redirect_page_approves_and_declines(shop: Shop, approve: bool, state: str) -> None:
    for kind in ("ccAvenue", "ideal", "payPal"):
        source = shop.pay(shop.checkout(), kind, lastName="Shopper")
        token = source["redirect"]["redirectUrl"].split("/")[-1]
        shop.world.form.decide(source["id"], token, approve=approve)
        assert shop.good("GET", f"/sources/{source['id']}")["state"] == state


@pytest.mark.parametrize("word", ["1234", "password"])
def test_both_challenge_answers_of_the_contract(shop: Shop, word: str) -> None:
    assert f"`{word}`" in MAGIC
    source = shop.card(shop.checkout(), "5454545454545454")
    form = shop.world.form
    shown = form.answer_challenge(source["id"], source["clientSecret"], word)
    assert shown["state"] == "chargeable"
