"""Single elements and the calls without a form, as a shop's own page meets them (drop-in 1.4)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from posapp.sandbox.wire import Json
from tests.unit.sandbox_form.fake_world import OWNER, FakeWorld
from tests.unit.sandbox_form.pages import ShopPage, shop_page

pytestmark = pytest.mark.usefixtures("qapp")

CARD = {"number": "4444222233331111", "expirationMonth": 3, "expirationYear": 2030, "cvv": "123"}
EVENTS = ("ready", "change", "focus", "blur", "return")


async def place(page: ShopPage, *kinds: str, **options: object) -> None:
    """Make elements and mount each in a place of its own; their events are kept."""
    await page.run(
        f"window.elements = window.elements || {{}}; for (const kind of {json.dumps(kinds)}) {{ "
        "const box = document.createElement('div'); box.id = 'at-' + kind; "
        "document.querySelector('main').append(box); "
        f"const made = river.createElement(kind, {json.dumps(options)}); "
        f"for (const name of {json.dumps(EVENTS)}) {{ made.on(name, note(kind + ' ' + name)); }} "
        "elements[kind] = made; made.mount(box.id); } return 1"
    )
    for kind in kinds:
        if kind.lower() != "compliance":
            await page.heard(f"{kind} ready")


def saved(world: FakeWorld, number: str = "4444222233331111") -> Json:
    """A card on file: what the calls need of it."""
    source = world.create_source({"type": "creditCard", "creditCard": CARD | {"number": number}})
    return {"sourceId": source["id"], "sourceClientSecret": source["clientSecret"]}


# -- life of an element --------------------------------------------------------------------------


async def test_an_element_is_taken_off_put_back_and_thrown_away() -> None:
    async with shop_page() as page:
        await place(page, "cardCVV")
        assert await page.heard("cardCVV ready") == {"elementType": "cardcvv"}
        await page.run("elements.cardCVV.unmount(); return 1")
        assert await page.count("#at-cardCVV iframe") == 0
        assert await page.value("document.getElementById('at-cardCVV').className") == ""
        await page.run("elements.cardCVV.mount('at-cardCVV'); return 1")
        await page.becomes("told.filter((one) => one[0] === 'cardCVV ready').length", 2)
        await page.run("elements.cardCVV.destroy(); return 1")
        assert await page.count("#at-cardCVV iframe") == 0
        again = "try { elements.cardCVV.mount('at-cardCVV'); } catch (e) { return e.message; }"
        assert "destroyed" in await page.run(again)
        await place(page, "cardcvv")  # its place is free for a new one


async def test_the_compliance_element_tells_nothing() -> None:
    call = {"entity": "DR_UK-ENTITY", "businessEntityCode": "DR_UK-ENTITY", "locale": "en_GB"}
    async with shop_page() as page:
        await place(page, "compliance", compliance=call, classes={"base": "mine"})
        await page.buyer.expect_text("#at-compliance .DR-Legal-Footer.mine", "Digital River UK")
        await page.run(
            "elements.compliance.update({compliance: {country: 'JP', entity: 'DR_JAPAN-ENTITY', "
            "businessEntityCode: 'DR_JAPAN-ENTITY', jpCommerceLawPageUrl: 'https://x.example/law'}});"
            "return 1"
        )
        await page.buyer.expect_text("#at-compliance", "DR Japan")
        assert await page.count("#at-compliance a[href='https://x.example/law']") == 1
        assert await page.told("compliance ready") == []


# -- card fields ---------------------------------------------------------------------------------


async def test_a_card_field_tells_how_it_stands() -> None:
    async with shop_page() as page:
        await place(page, "cardnumber", classes={"complete": "good", "base": "box"})
        holder = "document.getElementById('at-cardnumber').className"
        assert await page.value(holder) == "box DRElement--empty"
        await page.run("elements.cardnumber.focus(); return 1")
        assert await page.heard("cardnumber focus") == {"elementType": "cardnumber"}
        await page.buyer.fill("#card-number", "4444 2222")
        change = (await page.told("cardnumber change"))[0]
        assert change == {
            "brand": "visa", "complete": False, "empty": False, "elementType": "cardnumber",
            "error": {"type": "validation_error", "code": "incomplete_card_number",
                      "message": "Enter the whole card number."},
        }  # fmt: skip
        await page.becomes(holder, "box DRElement--invalid")  # the field was left
        await page.buyer.fill("#card-number", "4444222233331111")
        await page.becomes(holder, "box good")
        assert await page.heard("cardnumber blur") == {"elementType": "cardnumber"}
        last = (await page.told("cardnumber change"))[-1]
        assert (last["complete"], last["error"]) == (True, None)
        await page.run("document.querySelector('button').click(); return 1", frame="field.html")
        assert await page.heard("cardnumber return") == {"elementType": "cardnumber"}
        await page.run("elements.cardnumber.clear(); return 1")
        await page.becomes(holder, "box DRElement--empty")
        assert "4444" not in str(await page.run("return JSON.stringify(told)"))


async def test_an_elements_style_can_be_changed() -> None:
    async with shop_page() as page:
        await place(page, "cardcvv", style={"base": {"color": "rgb(1, 2, 3)"}})
        colour = "getComputedStyle(document.querySelector('input')).color"
        assert await page.value(colour, frame="field.html") == "rgb(1, 2, 3)"
        await page.run(
            "elements.cardcvv.update({style: {base: {color: 'rgb(4, 5, 6)'}}}); return 1"
        )
        while await page.value(colour, frame="field.html") != "rgb(4, 5, 6)":
            await page.told("change")


async def test_card_fields_make_a_source_together() -> None:
    async with shop_page() as page:
        await place(page, "cardNumber", "cardExpiration", "cardCVV")
        await page.buyer.type_card()
        data = {"type": "creditCard", "sessionId": "sess_1", "owner": OWNER}
        call = f"river.createSource(elements.cardCVV, {json.dumps(data)})"
        told = await page.value(call)
        assert told["error"] is None
        assert told["source"]["creditCard"] == {
            "brand": "Visa", "expirationMonth": 12, "expirationYear": 2029,
            "lastFourDigits": "1111",
        }  # fmt: skip
        assert page.world.orders[-1]["owner"] == OWNER


async def test_unfinished_card_fields_make_no_source() -> None:
    async with shop_page() as page:
        await place(page, "cardnumber", "cardexpiration", "cardcvv")
        await page.buyer.type_card("4444222233331112", "12/29", "1")
        told = await page.value("river.createSource(elements.cardnumber, {type: 'creditCard'})")
        assert told["source"] is None
        assert told["error"]["type"] == "validation_error"
        codes = [error["code"] for error in told["error"]["errors"]]
        assert codes == ["invalid_card_number", "incomplete_security_code"]
        assert page.world.orders == []


async def test_a_source_without_fields() -> None:
    async with shop_page() as page:
        call = "river.createSource({type: 'wireTransfer', sessionId: 'sess_1'})"
        told = await page.value(call)
        assert (told["source"]["state"], told["error"]) == ("pending_funds", None)
        told = await page.value("river.createSource({type: 'nothing'})")
        assert (told["source"], told["error"]["errors"][0]["code"]) == (None, "invalid_parameter")


async def test_expiry_and_owner_of_a_saved_card_change() -> None:
    world = FakeWorld()
    card = saved(world)
    named = {"id": card["sourceId"], "clientSecret": card["sourceClientSecret"]}
    async with shop_page(world) as page:
        owner = OWNER | {"lastName": "Murray"}
        told = await page.value(f"river.updateSource({json.dumps(named | {'owner': owner})})")
        assert told["source"]["owner"] == owner
        await place(page, "cardexpiration")
        call = f"river.updateSource(elements.cardexpiration, {json.dumps(named)})"
        told = await page.value(call)
        assert told["error"]["errors"][0]["code"] == "incomplete_expiration_date"
        await page.buyer.fill("#card-expiry", "05 / 2031")
        told = await page.value(call)
        card = told["source"]["creditCard"]
        assert (card["expirationMonth"], card["expirationYear"]) == (5, 2031)
        assert "clientSecret" in await page.run(
            "try { river.updateSource({id: 'x'}); } catch (error) { return error.message; }"
        )


@pytest.mark.parametrize(
    ("code", "status", "sent"),
    [
        ("123", "authentication_not_required", ["123"]),
        ("12", "failed", []),
        ("999", "failed", ["999"]),
    ],
)
async def test_a_saved_card_is_authenticated_with_its_security_code(
    code: str, status: str, sent: list[str]
) -> None:
    world = FakeWorld()
    call = {"sessionId": "sess_1", "returnUrl": "https://x.example", **saved(world)}
    async with shop_page(world) as page:
        await place(page, "cardcvv")
        await page.buyer.fill("#card-cvv", code)
        told = await page.value(f"river.authenticateSource(elements.cardcvv, {json.dumps(call)})")
        assert told == {"status": status}
        assert world.codes == sent


@pytest.mark.parametrize(("answer", "status"), [("password", "complete"), ("no", "failed")])
async def test_the_bank_is_asked_for_a_saved_card(answer: str, status: str) -> None:
    world = FakeWorld()
    call = {"sessionId": "sess_1", **saved(world, "5454545454545454")}
    async with shop_page(world) as page:
        await page.run(
            f"river.authenticateSource({json.dumps(call)}).then(note('authenticated')); return 1"
        )
        await page.buyer.answer_bank(answer)
        assert await page.heard("authenticated") == {"status": status}


async def test_a_card_nobody_knows_is_not_authenticated() -> None:
    async with shop_page() as page:
        call = {"sessionId": "sess_1", "sourceId": "src_9", "sourceClientSecret": "x"}
        told = await page.value(f"river.authenticateSource({json.dumps(call)})")
        assert told == {"status": "failed"}


# -- refunds and instructions --------------------------------------------------------------------


async def test_bank_details_for_a_refund_are_given_once() -> None:
    async with shop_page(locale="en-GB") as page:
        await place(page, "offlineRefund", refundToken="refund_1")
        assert await page.heard("offlineRefund ready") == {"elementType": "offlinerefund"}
        await page.buyer.expect_text("#refund-about", "€12.50")
        await page.buyer.expect_text("#refund-about", "24 December 2026")
        await page.buyer.press("#refund-send")
        await page.buyer.expect_text("#refund-holder-error", "name of the account holder")
        await page.buyer.fill("#refund-holder", "Grace Hopper")
        await page.buyer.fill("#refund-number", "GB82 WEST 1234 5698 7654 33")
        await page.buyer.press("#refund-send")
        await page.buyer.expect_text("#refund-number-error", "not right")
        assert not page.world.refunded
        assert await page.told("offlineRefund change") == []
        await page.buyer.fill("#refund-number", "GB82 WEST 1234 5698 7654 32")
        await page.buyer.press("#refund-send")
        assert await page.heard("offlineRefund change") == {
            "complete": True, "empty": False, "elementType": "offlinerefund", "error": None,
        }  # fmt: skip
        await page.buyer.expect_text("#refund-done", "on its way")
        assert page.world.refunded
        assert len(await page.told("offlineRefund change")) == 1
        assert "WEST" not in str(await page.run("return JSON.stringify(told)"))
        holder = "document.getElementById('at-offlineRefund').classList.contains"
        assert await page.value(f"{holder}('DRElement--complete')") is True


async def test_an_account_number_that_is_no_iban_needs_its_bank() -> None:
    async with shop_page(locale="de-DE") as page:
        await place(page, "offlinerefund", refundToken="refund_1")
        await page.buyer.fill("#refund-holder", "Grace Hopper")
        await page.buyer.fill("#refund-number", "1234567")
        await page.buyer.press("#refund-send")
        await page.buyer.expect_text("#refund-bank-error", "Bankleitzahl")
        await page.buyer.fill("#refund-bank", "37040044")
        await page.buyer.press("#refund-send")
        await page.buyer.expect_text("#refund-done", "auf dem Weg")


async def test_a_refund_that_does_not_wait_says_so() -> None:
    async with shop_page() as page:
        await place(page, "offlinerefund", refundToken="refund_2")
        await page.buyer.expect_text("#refund-done", "no longer waits")
        assert "refundToken" in await page.run(
            "elements.offlinerefund.destroy(); "
            "try { river.createElement('offlinerefund', {}); } catch (e) { return e.message; }"
        )


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("wireTransfer", {}, "GB82WEST12345698765432"),
        ("konbini", {"konbini": {"receiptNumber": "98765432101", "storeName": "Lawson"}},
         "98765432101"),
        ("bPay", {"bPay": {"billId": "123456", "customerPaymentReference": "555"}}, "123456"),
        ("boletoBancario", {"boletoBancario": {"barCode": "34191790010"}}, "34191790010"),
    ],
)  # fmt: skip
async def test_instructions_of_what_is_paid_later(
    kind: str, more: dict[str, Any], words: str
) -> None:
    world = FakeWorld()
    source = world.create_source({"type": "wireTransfer", "sessionId": "sess_1"})
    source |= {"type": kind, **more}
    async with shop_page(world) as page:
        await place(
            page, "delayedPaymentInstructions",
            sourceId=source["id"], sourceClientSecret=source["clientSecret"],
        )  # fmt: skip
        box = ".DR-delayed-payment-instructions-container"
        await page.buyer.expect_text(box, words)
        await page.buyer.expect_text(box, "€29.70")
        await page.buyer.expect_text(box, "December 1, 2026")
        assert await page.heard("delayedPaymentInstructions ready") == {
            "elementType": "delayedpaymentinstructions"
        }


async def test_there_is_nothing_to_instruct_about_a_card() -> None:
    world = FakeWorld()
    card = saved(world)
    async with shop_page(world) as page:
        await place(page, "delayedpaymentinstructions", **card)
        box = "document.querySelector('.DR-delayed-payment-instructions-container').textContent"
        assert await page.value(box) == ""


# -- calls without an element --------------------------------------------------------------------


async def test_a_source_is_read_with_its_secret() -> None:
    world = FakeWorld()
    card = saved(world)
    async with shop_page(world) as page:
        told = await page.value(
            f"river.retrieveSource('{card['sourceId']}', '{card['sourceClientSecret']}')"
        )
        assert (told["source"]["id"], told["error"]) == (card["sourceId"], None)
        told = await page.value(f"river.retrieveSource('{card['sourceId']}', 'guess')")
        assert (told["source"], told["error"]["errors"][0]["code"]) == (None, "not_found")


async def test_a_lost_line_rejects_the_promise() -> None:
    async with shop_page() as page:
        await page.value("river.retrieveAvailablePaymentMethods()")
        # the page's own script speaks through the first such frame, this test through the second
        await page.run("document.querySelector('[name^=dr-controller]').remove(); return 1")
        await page.run(
            "window.fetch = () => Promise.reject(new TypeError('gone')); return 1",
            frame="controller.html",
        )
        for call in ("retrieveSource('a', 'b')", "createSource({type: 'wireTransfer'})"):
            told = await page.value(f"river.{call}")
            assert "did not answer" in told["rejected"]


async def test_methods_are_asked_for_a_session_and_for_a_place() -> None:
    async with shop_page() as page:
        told = await page.value("river.retrieveAvailablePaymentMethods({sessionId: 'sess_1'})")
        assert told["sessionInformation"] == {
            "currency": "EUR", "country": "DE", "amount": "29.70",
        }  # fmt: skip
        icon = told["paymentMethods"][0]["images"]["iconImage"]
        assert icon == f"{page.till.vendor.origin}/v1/images/creditCard.svg"
        told = await page.value(
            "river.retrieveAvailablePaymentMethods({country: 'DE', currency: 'EUR', "
            "supportsStorage: true})"
        )
        assert "sessionInformation" not in told
        assert {method["supportsStorage"] for method in told["paymentMethods"]} == {True}


async def test_banks_and_stores_are_listed() -> None:
    async with shop_page(locale="ja-JP") as page:
        banks = await page.value("river.retrieveOnlineBankingBanks('NL', 'EUR')")
        assert {"bankCode": "rabobank", "bankName": "Rabobank"} in banks
        assert await page.value("river.retrieveOnlineBankingBanks('US', 'USD')") == []
        stores = await page.value("river.retrieveKonbiniStores()")
        assert [store["storeId"] for store in stores] == ["010", "030", "060", "080"]
        assert stores[2]["localizedStoreName"] == "ローソン"
        assert stores[2]["storeName"] == "Lawson"


async def test_a_key_is_a_public_key() -> None:
    async with shop_page() as page:
        for key in ("sk_test_sandbox", "pk_test_", "pk", ""):
            refused = f"try {{ new DigitalRiver('{key}'); }} catch (e) {{ return e.message; }}"
            assert await page.run(refused) == "Pass an API key."
        assert await page.run("return new DigitalRiver('pk_live_x').river.locale") == "en-US"
