"""Which addresses a payment page may reach: ours, the vendor, any bank; never the shop's own."""

from __future__ import annotations

import pytest

from posapp.ui.kit.web_filter import (
    VENDOR_ORIGINS,
    Asked,
    RequestRules,
    is_loopback,
    is_public_https,
    origin_of,
    payment_origins,
)

PAGE = "http://127.0.0.1:4000"
VENDOR = "https://js.digitalriverws.com"
SANDBOX = "http://127.0.0.1:8787"
RULES = RequestRules.of(f"{PAGE}/token/", (VENDOR, SANDBOX))


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://a.example/x?y#z", "https://a.example"),
        ("https://a.example:443/", "https://a.example"),
        ("http://A.example:80", "http://a.example"),
        ("http://[::1]:8080/x", "http://[::1]:8080"),
        ("https://a.example:8443/", "https://a.example:8443"),
        ("file:///etc/passwd", ""),
        ("data:text/html,x", ""),
        ("https://", ""),
        ("https://a.example:port/", ""),
        ("null", ""),
        ("", ""),
    ],
)
def test_origins(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    "url",
    ["https://acs.bank.example/3ds", "https://8.8.8.8/", "https://bank.example.:443/"],
)
def test_a_bank_is_public(url: str) -> None:
    assert is_public_https(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://acs.bank.example/",
        "https://localhost/",
        "https://till.local/",
        "https://printer/",
        "https://printer.lan/",
        "https://x.internal/",
        "https://x.home.arpa/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.1.1/",
        "https://172.16.0.1/",
        "https://169.254.169.254/",
        "https://100.64.0.1/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://127.1/",
        "https://user:pass@bank.example/",
        "file:///etc/passwd",
        "qrc:///x",
        "",
    ],
)
def test_the_shops_own_network_is_not(url: str) -> None:
    assert not is_public_https(url)


@pytest.mark.parametrize(
    ("url", "initiator", "asked", "allowed"),
    [
        # our page
        (f"{PAGE}/token/", "", Asked.MAIN_FRAME, True),
        (f"{VENDOR}/v1/DigitalRiver.js", PAGE, Asked.RESOURCE, True),
        (f"{SANDBOX}/v1/DigitalRiver.js", PAGE, Asked.RESOURCE, True),
        ("https://ui1.img.digitalrivercontent.net/x.svg", PAGE, Asked.RESOURCE, True),
        ("https://tracker.example/x.js", PAGE, Asked.RESOURCE, False),
        ("https://acs.bank.example/3ds", PAGE, Asked.SUB_FRAME, True),
        ("http://127.0.0.1:9100/", PAGE, Asked.RESOURCE, False),
        ("http://192.168.1.9/", PAGE, Asked.SUB_FRAME, False),
        ("about:blank", PAGE, Asked.SUB_FRAME, True),
        ("data:image/png;base64,x", PAGE, Asked.RESOURCE, True),
        ("data:text/html,x", PAGE, Asked.MAIN_FRAME, False),
        ("file:///etc/passwd", PAGE, Asked.RESOURCE, False),
        ("ws://127.0.0.1:4000/", PAGE, Asked.RESOURCE, False),
        # the vendor's frames
        (f"{SANDBOX}/payments/sources", SANDBOX, Asked.RESOURCE, True),
        ("https://acs.bank.example/3ds", VENDOR, Asked.SUB_FRAME, True),
        (f"{SANDBOX}/x", VENDOR, Asked.RESOURCE, True),
        ("http://127.0.0.1:9100/", SANDBOX, Asked.RESOURCE, False),
        # a bank's frame or window
        ("https://cdn.bank.example/x.js", "https://acs.bank.example", Asked.RESOURCE, True),
        (f"{VENDOR}/return", "https://acs.bank.example", Asked.SUB_FRAME, True),
        (f"{SANDBOX}/payments/sources", "https://acs.bank.example", Asked.RESOURCE, False),
        (f"{PAGE}/token/", "https://acs.bank.example", Asked.RESOURCE, False),
        ("http://acs.bank.example/x", "https://acs.bank.example", Asked.RESOURCE, False),
        ("https://10.0.0.1/", "https://acs.bank.example", Asked.RESOURCE, False),
    ],
)
def test_the_tiers(url: str, initiator: str, asked: Asked, allowed: bool) -> None:
    assert RULES.allows(url, initiator=initiator, asked=asked) is allowed


def test_the_main_frame_is_ours_and_a_window_is_the_buyers() -> None:
    assert RULES.allows_main_frame(f"{PAGE}/other/")
    assert not RULES.allows_main_frame("https://acs.bank.example/")
    assert not RULES.allows_main_frame("about:blank")
    assert RULES.allows_popup("about:blank")
    assert RULES.allows_popup("https://acs.bank.example/")
    assert RULES.allows_popup(f"{SANDBOX}/payments/redirects/x/y")
    assert not RULES.allows_popup("http://acs.bank.example/")
    assert not RULES.allows_popup(f"{PAGE}/token/")


def test_the_vendors_own_hosts_are_trusted_only_for_the_real_service() -> None:
    assert payment_origins(f"{SANDBOX}/v1", SANDBOX) == (SANDBOX,)
    live = payment_origins("https://js.digitalriverws.com/v1", "https://api.digitalriver.com")
    assert set(live) == set(VENDOR_ORIGINS)


@pytest.mark.parametrize("folder", ["http://shop.example/v1", "ftp://127.0.0.1/", "v1", ""])
def test_plain_http_is_for_this_machine_only(folder: str) -> None:
    with pytest.raises(ValueError, match="https, or this machine"):
        payment_origins(folder, SANDBOX)


def test_a_page_without_a_web_address_has_no_rules() -> None:
    with pytest.raises(ValueError, match="no http"):
        RequestRules.of("file:///x.html", ())


def test_this_machine() -> None:
    assert all(map(is_loopback, ("http://localhost:1", "http://x.localhost", "http://127.9.9.9")))
    assert not is_loopback("http://127.0.0.1.example/")
    assert not is_loopback("http://[bad/")
