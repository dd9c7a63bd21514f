"""The stand-in over HTTP, on the real pretend world: files, key, sources, the provider's page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette

from posapp.sandbox.form import LANGUAGES, Form, words
from posapp.sandbox.wire import Json
from tests.unit.sandbox.shop import COLOGNE, TOKYO, Shop

KEY = {"Authorization": "bearer pk_test_sandbox"}
CARD = {"number": "4444222233331111", "cvv": "123", "expirationMonth": 3, "expirationYear": 2030}


class Visitor:
    """A browser at the stand-in, and the shop whose checkout it pays."""

    def __init__(
        self, client: httpx.AsyncClient, shop: Shop, form: Form, naps: list[float]
    ) -> None:
        self.client = client
        self.shop = shop
        self.form = form
        self.naps = naps

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, Json]:
        answer = await self.client.post(path, json=body, headers=headers or KEY)
        return answer.status_code, answer.json()

    async def create(self, checkout: Json, **order: object) -> tuple[int, Json]:
        session = checkout["payment"]["session"]["id"]
        return await self.post("/payments/sources", {"sessionId": session, **order})


@asynccontextmanager
async def visiting() -> AsyncIterator[Visitor]:
    shop = Shop()
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    form = Form(shop.world.form, nap)
    transport = httpx.ASGITransport(app=Starlette(routes=form.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield Visitor(client, shop, form, naps)
    shop.world.close()


@pytest.mark.parametrize(
    ("path", "kind", "holds"),
    [
        ("/v1/DigitalRiver.js", "text/javascript", "window.DigitalRiver = DigitalRiver"),
        ("/v1/css/DigitalRiver.css", "text/css", ".DR-pay-button"),
        ("/v1/form/frame.js", "text/javascript", "const WORDS = "),
        ("/v1/form/card.html", "text/html", "card-number"),
        ("/v1/images/klarnaCredit.svg", "image/svg+xml", ">Klarna<"),
        ("/v1/images/%3Cscript%3E.svg", "image/svg+xml", "&lt;script&gt;"),
    ],
)
async def test_files(path: str, kind: str, holds: str) -> None:
    async with visiting() as visitor:
        answer = await visitor.client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        assert holds in answer.text
        if kind == "text/html":
            assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "name", ["redirect.html", "returned.html", "slip.html", "..%2fform.py", "x.js", ""]
)
async def test_no_other_file_is_served(name: str) -> None:
    async with visiting() as visitor:
        assert (await visitor.client.get(f"/v1/form/{name}")).status_code == 404


async def test_nothing_the_form_is_made_of_comes_from_elsewhere() -> None:
    async with visiting() as visitor:
        names = (
            "card.html",
            "challenge.html",
            "controller.html",
            "frame.css",
            "card.js",
            "frame.js",
        )
        for path in ("/v1/css/DigitalRiver.css", *(f"/v1/form/{name}" for name in names)):
            text = (await visitor.client.get(path)).text
            assert "https://" not in text
            assert "http://" not in text


def test_every_language_has_every_word() -> None:
    english = words("en")
    for language in LANGUAGES:
        said = words(language)
        assert said.keys() == english.keys()
        assert all(said.values())
        for key, text in english.items():
            placeholders = {part.split("}")[0] for part in text.split("{")[1:]}
            assert placeholders == {part.split("}")[0] for part in said[key].split("{")[1:]}, key


@pytest.mark.parametrize(
    "header", ["", "bearer", "bearer sk_test_sandbox", "basic pk_test_sandbox", "bearer pk_other"]
)
async def test_only_the_public_key_opens(header: str) -> None:
    async with visiting() as visitor:
        status, body = await visitor.post("/payments/sources", {}, Authorization=header or "x")
        assert (status, body["type"]) == (401, "unauthorized")


@pytest.mark.parametrize("raw", [b"{", b"[]", b"\xff", b"[" * 50_000, b'"' + b"x" * 70_000 + b'"'])
async def test_a_bad_body_gets_the_documented_error(raw: bytes) -> None:
    async with visiting() as visitor:
        answer = await visitor.client.post("/payments/sources", content=raw, headers=KEY)
        assert answer.status_code == 400
        assert answer.json()["type"] == "bad_request"
        assert answer.json()["errors"][0]["code"]


async def test_a_card_becomes_a_source_that_pays_an_order() -> None:
    async with visiting() as visitor:
        checkout = visitor.shop.checkout()
        status, source = await visitor.create(checkout, type="creditCard", creditCard=CARD)
        assert (status, source["state"], source["reusable"]) == (201, "chargeable", False)
        assert source["amount"] == str(checkout["totalAmount"])
        assert source["sessionId"] == checkout["payment"]["session"]["id"]
        assert "4444222233331111" not in json.dumps(source)
        order = visitor.shop.place(visitor.shop.attach(checkout, source))
        assert order["state"] == "accepted"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": "4444222233331112"}, "invalid_card_number"),
        ({"expirationMonth": 13}, "invalid_expiration_month"),
        ({"expirationYear": 2020}, "invalid_expiration_date"),
        ({"cvv": "12"}, "invalid_security_code"),
    ],
)
async def test_the_service_checks_the_card_again(change: Json, code: str) -> None:
    async with visiting() as visitor:
        card = {**CARD, **change}
        status, body = await visitor.create(
            visitor.shop.checkout(), type="creditCard", creditCard=card
        )
        assert (status, body["errors"][0]["code"]) == (400, code)


@pytest.mark.parametrize(("answer", "state"), [("password", "chargeable"), ("no", "failed")])
async def test_the_bank_decides_by_the_answer(answer: str, state: str) -> None:
    async with visiting() as visitor:
        card = {**CARD, "number": "5454545454545454", "cvv": "737"}
        _, source = await visitor.create(
            visitor.shop.checkout(), type="creditCard", creditCard=card
        )
        assert source["state"] == "requires_action"
        path = f"/payments/sources/{source['id']}"
        call = {"clientSecret": source["clientSecret"], "answer": answer}
        status, after = await visitor.post(f"{path}/challenge", call)
        assert (status, after["state"]) == (200, state)
        assert (await visitor.post(f"{path}/read", call))[1]["state"] == state


async def test_a_source_is_read_with_its_secret_only() -> None:
    async with visiting() as visitor:
        _, source = await visitor.create(
            visitor.shop.checkout(), type="creditCard", creditCard=CARD
        )
        path = f"/payments/sources/{source['id']}/read"
        assert (await visitor.post(path, {"clientSecret": "guess"}))[0] == 404
        assert (await visitor.post(path, {}))[0] == 400


async def test_methods_by_session() -> None:
    async with visiting() as visitor:
        checkout = visitor.shop.checkout(ship_to=COLOGNE, currency="EUR")
        session = checkout["payment"]["session"]["id"]
        answer = await visitor.client.get(
            "/payments/payment-methods", params={"sessionId": session}, headers=KEY
        )
        told = answer.json()
        types = [method["type"] for method in told["paymentMethods"]]
        assert types[0] == "creditCard"
        assert "klarnaCredit" in types
        assert "konbini" not in types
        assert told["sessionInformation"]["country"] == "DE"
        assert told["sessionInformation"]["businessEntityCode"] == "DR_IRELAND-ENTITY"


@pytest.mark.parametrize(
    ("decision", "state"), [("approve", "chargeable"), ("decline", "pending_redirect")]
)
async def test_the_providers_page_sends_the_buyer_back(decision: str, state: str) -> None:
    async with visiting() as visitor:
        checkout = visitor.shop.checkout(ship_to=COLOGNE, currency="EUR")
        back = "http://127.0.0.1:5/token/back"
        _, source = await visitor.create(
            checkout, type="klarnaCredit", returnUrl=back, cancelUrl=back, language="de-DE"
        )
        assert source["state"] == "pending_redirect"
        url = source["redirect"]["redirectUrl"]
        page = await visitor.client.get(url)
        assert page.status_code == 200
        assert "Klarna" in page.text
        assert "Bestätigen" in page.text
        answer = await visitor.client.post(url, data={"decision": decision})
        assert (answer.status_code, answer.headers["location"]) == (303, back)
        call = {"clientSecret": source["clientSecret"]}
        _, after = await visitor.post(f"/payments/sources/{source['id']}/read", call)
        assert after["state"] == state
        assert (await visitor.client.get(f"{url}x")).status_code == 404


async def test_without_a_way_back_the_page_says_done() -> None:
    async with visiting() as visitor:
        checkout = visitor.shop.checkout(ship_to=COLOGNE, currency="EUR")
        _, source = await visitor.create(checkout, type="klarnaCredit", language="en-US")
        url = source["redirect"]["redirectUrl"]
        answer = await visitor.client.post(url, data={"decision": "approve"})
        assert answer.status_code == 200
        assert f'data-source="{source["id"]}"' in answer.text


async def test_konbini_keeps_the_store() -> None:
    async with visiting() as visitor:
        checkout = visitor.shop.checkout(
            ship_to=TOKYO, currency="JPY", shippingChoice={"amount": 500}
        )
        _, source = await visitor.create(checkout, type="konbini", konbini={"storeId": "060"})
        assert source["state"] == "pending_funds"
        assert source["konbini"]["storeName"] == words("en")["konbini_060"]
        assert source["konbini"]["localizedStoreName"] == words("ja")["konbini_060"]


async def test_slow_source_takes_twelve_seconds() -> None:
    async with visiting() as visitor:
        name = {"name": "Sam SlowSource", "address": COLOGNE}
        checkout = visitor.shop.checkout(billTo=name)
        status, _ = await visitor.create(checkout, type="creditCard", creditCard=CARD)
        assert (status, visitor.naps) == (201, [12])


async def test_configurations_are_kept_for_tests_to_read() -> None:
    async with visiting() as visitor:
        await visitor.post("/payments/forms", {"config": {"options": {"new": 1}}})
        assert visitor.form.recorded[-1] == {"config": {"options": {"new": 1}}}
