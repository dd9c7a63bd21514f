"""What the payment view must not let through, in or out."""

from __future__ import annotations

import json
import logging

import pytest

from posapp.ui.kit.web import PaymentView, UnsafeWebEngine
from tests.drivers.payment import PaymentDriver
from tests.helpers.logfail import LogWatch
from tests.helpers.waiting import emitted, until
from tests.ui.kit.web_fixtures import Till, answering, run_script, shop

pytestmark = pytest.mark.usefixtures("qapp")

SOURCE = {"id": "src_x", "type": "creditCard", "state": "chargeable", "flow": "standard"}


def say(message: object) -> str:
    """A script that reports as the page's own script would."""
    return (
        "document.dispatchEvent(new CustomEvent('pos-pay', "
        f"{{detail: {json.dumps(json.dumps(message))}}}))"
    )


async def open_form(till: Till) -> PaymentDriver:
    till.open_form()
    buyer = PaymentDriver(till.view)
    await buyer.wait_open()
    return buyer


async def test_no_script_of_the_page_or_the_vendor_sees_the_bridge() -> None:
    async with shop() as till:
        await open_form(till)
        look = "[typeof qt, typeof QWebChannel, typeof window.till].join()"
        assert await run_script(till.view, look) == "undefined,undefined,undefined"
        look = "[typeof qt, typeof QWebChannel].join()"
        assert await run_script(till.view, look, frame="card.html") == "undefined,undefined"


async def test_a_vendor_frame_cannot_claim_a_payment() -> None:
    async with shop() as till:
        await open_form(till)
        heard: list[object] = []
        till.view.paid.connect(heard.append)
        fake = {"kind": "paid", "source": SOURCE}
        await run_script(till.view, say(fake), frame="card.html")
        post = f"parent.postMessage({json.dumps(json.dumps(fake))}, '*'); parent.postMessage("
        await run_script(till.view, f"{post}{json.dumps(fake)}, '*')", frame="card.html")
        cancelled = emitted(till.view.cancelled)
        await run_script(till.view, say({"kind": "cancelled", "paymentMethod": "ideal"}))
        assert await cancelled == ("ideal",)
        assert heard == []


async def test_owner_and_secret_stay_in_the_page() -> None:
    """Were the owner's phone forwarded, the message would be dropped as a card number."""
    async with shop() as till:
        await open_form(till)
        paid = emitted(till.view.paid)
        private = {"owner": {"phone": "4444222233331111"}, "clientSecret": "4444222233331111"}
        await run_script(till.view, say({"kind": "paid", "source": {**SOURCE, **private}}))
        (claim,) = await paid
        assert claim.source_id == "src_x"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"kind": "paid", "source": {**SOURCE, "currency": "4444 2222 3333 1111"}}, "card_number"),
        ({"kind": "ready", "paymentMethodTypes": ["x" * 40_000]}, "too_long"),
        ({"kind": "paid", "source": {"id": 7}}, "bad_shape"),
    ],
)
async def test_a_bad_message_is_dropped_and_audited(
    message: object, reason: str, expected_log: LogWatch
) -> None:
    expected_log.expect(f"a message was dropped .{reason}.")
    async with shop() as till:
        await open_form(till)
        refused = emitted(till.view.refused)
        await run_script(till.view, say(message))
        assert await refused == (reason,)


async def test_a_load_pays_once(expected_log: LogWatch) -> None:
    expected_log.expect("a message was dropped .repeated.")
    async with shop() as till:
        await open_form(till)
        refused = emitted(till.view.refused)
        heard: list[object] = []
        till.view.paid.connect(heard.append)
        twice = say({"kind": "paid", "source": SOURCE})
        await run_script(till.view, f"{twice}; {twice}")
        assert await refused == ("repeated",)
        assert len(heard) == 1


async def test_nothing_of_a_sale_is_left_for_the_next() -> None:
    async with shop() as till:
        await open_form(till)
        session = till.view.session()
        assert session is not None
        assert session.is_off_the_record
        await run_script(till.view, "document.cookie = 'a=b'; localStorage.setItem('a', 'b')")
        assert await run_script(till.view, "document.cookie + localStorage.a") == "a=bb"
        await open_form(till)
        assert await run_script(till.view, "document.cookie + localStorage.length") == "0"


async def test_the_page_stays_where_it_is() -> None:
    async with shop() as till:
        await open_form(till)
        session = till.view.session()
        assert session is not None
        here = session.page.url().toString()
        await run_script(till.view, "location.href = 'https://example.com/'; 1")
        await until(lambda: session.page.refused_navigations == 1)
        await run_script(till.view, "top.location = 'file:///etc/passwd'; 1", frame="card.html")
        assert session.page.url().toString() == here


async def test_dialogs_windows_and_permissions_get_nothing() -> None:
    async with shop() as till:
        await open_form(till)
        assert await run_script(till.view, "alert(1); String(confirm('?'))") == "false"
        assert await run_script(till.view, "String(prompt('?', 'x'))") == "null"
        assert await run_script(till.view, "String(window.open('', '_blank'))") == "null"
        assert await run_script(till.view, "document.fullscreenEnabled") is False
        await run_script(
            till.view,
            "Notification.requestPermission().then((said) => { window.said = said; }); 1",
        )
        said = ""
        while said != "denied":
            said = str(await run_script(till.view, "window.said || Notification.permission"))


async def test_addresses_outside_the_list_are_blocked() -> None:
    page = (
        "<img src='http://127.0.0.1:9/x'><img src='http://192.168.1.9/printer'>"
        "<iframe src='http://10.0.0.1/'></iframe><img src='file:///etc/passwd'>"
        "<script>fetch('https://example.com/')</script>"
    )
    async with answering(page) as origin, shop() as till:
        till.view.open(f"{origin}/", ())
        session = till.view.session()
        assert session is not None
        wanted = {
            "http://127.0.0.1:9",
            "http://192.168.1.9",
            "http://10.0.0.1",
            "https://example.com",
        }
        await until(lambda: wanted <= set(session.interceptor.blocked))


async def test_downloads_are_refused() -> None:
    page = (
        "<a id='a' download='x.txt' href='data:text/plain,x'>x</a>"
        "<script>document.getElementById('a').click()</script>"
    )
    async with answering(page) as origin, shop() as till:
        till.view.open(f"{origin}/", ())
        session = till.view.session()
        assert session is not None
        await until(lambda: session.downloads_refused == 1)


async def test_the_log_of_the_page_holds_no_card_and_no_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with shop() as till:
        await open_form(till)
        await run_script(till.view, "console.warn('typed 4444 2222 3333 1111 here')")
        await until(lambda: "typed [digits] here" in caplog.text)
        session = till.view.session()
        assert session is not None
        token = session.page.url().path().strip("/")
        assert token
        assert token not in caplog.text


@pytest.mark.parametrize(
    "variable", ["QTWEBENGINE_DISABLE_SANDBOX", "QTWEBENGINE_REMOTE_DEBUGGING"]
)
def test_no_live_card_meets_a_weakened_engine(variable: str) -> None:
    view = PaymentView(live=True, environment={variable: "1"})
    with pytest.raises(UnsafeWebEngine, match=f"{variable} is set.*Nothing was charged"):
        view.open("http://127.0.0.1:9/x/", ())
    assert view.session() is None


def test_a_live_form_lets_nobody_reach_in() -> None:
    view = PaymentView(live=True, environment={})
    view.open("http://127.0.0.1:9/x/", ())
    assert view.page() is None
    assert view.session() is None
    view.dispose()
