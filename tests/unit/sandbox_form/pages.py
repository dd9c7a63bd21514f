"""A shop's page that calls the script itself and keeps what its callbacks were told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from tests.drivers.payment import PaymentDriver
from tests.helpers.waiting import emitted
from tests.ui.kit.web_fixtures import Till, run_script, shop
from tests.unit.sandbox_form.fake_world import FakeWorld

LIMIT_S = 10.0
_START = """
  document.getElementById('loading').hidden = true;
  window.told = [];
  window.note = (name) => (detail) => window.told.push([name, detail]);
  window.river = new DigitalRiver('pk_test_sandbox', {locale: LOCALE});
  1
"""
_MOUNT = """
  const calls = {};
  for (const name of ['onReady', 'onSuccess', 'onError', 'onCancel']) { calls[name] = note(name); }
  river.createDropin(Object.assign(CONFIG, calls)).mount('payment-form');
  1
"""


class ShopPage:
    """The page, the buyer in front of it, and what the shop's own script heard."""

    def __init__(self, till: Till) -> None:
        self.till = till
        self.world = till.vendor.world
        self.buyer = PaymentDriver(till.view)

    async def run(self, source: str, *, frame: str = "") -> Any:
        """The value of a script on the page, or in the frame with `frame` in its address."""
        return await run_script(self.till.view, f"(() => {{ {source} }})()", frame=frame)

    async def value(self, expression: str, *, frame: str = "") -> Any:
        """What an expression gives; a promise is waited for."""
        if not frame:
            name = f"answer{await self.run('return (window.asked = (window.asked || 0) + 1)')}"
            source = (
                f"Promise.resolve({expression}).then(note('{name}'), (error) => "
                f"note('{name}')({{rejected: error.message}})); return 1"
            )
            await self.run(source)
            return await self.heard(name)
        return json.loads(str(await self.run(f"return JSON.stringify({expression})", frame=frame)))

    async def drop_in(self, **config: object) -> Any:
        """Mount a form; returns what `onReady` was told."""
        whole = {"sessionId": "sess_1", **config}
        await self.run(_MOUNT.replace("CONFIG", json.dumps(whole)).replace("1\n", "return 1\n"))
        return await self.heard("onReady")

    async def told(self, name: str) -> list[Any]:
        """All that one callback was told so far."""
        raw = await self.run("return JSON.stringify(window.told)")
        return [detail for heard, detail in json.loads(str(raw)) if heard == name]

    async def heard(self, name: str) -> Any:
        """The first word of a callback; waits for it."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LIMIT_S
        while loop.time() < until:
            if found := await self.told(name):
                return found[0]
        raise AssertionError(f"{name} was never called: {await self.run('return told.length')}")

    async def becomes(self, expression: str, wanted: object) -> None:
        """Wait until an expression on the page has this value."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LIMIT_S
        seen: object = None
        while loop.time() < until:
            seen = await self.run(f"return {expression}")
            if seen == wanted:
                return
        raise AssertionError(f"{expression} is {seen!r}, not {wanted!r}")

    async def count(self, selector: str) -> int:
        """How many elements of the page match."""
        return int(await self.run(f"return document.querySelectorAll({selector!r}).length"))


@asynccontextmanager
async def shop_page(
    world: FakeWorld | None = None, *, locale: str = "en-US", before: str = "1"
) -> AsyncIterator[ShopPage]:
    """A page with the script loaded and `river` made; `before` runs ahead of it."""
    async with shop(world) as till:
        ready = emitted(till.view.ready, timeout_s=15)
        till.open(till.page())
        await ready
        page = ShopPage(till)
        await page.run(f"{before}; return 1")
        start = _START.replace("LOCALE", json.dumps(locale))
        await page.run(start.replace("1\n", "return 1\n"))
        yield page


def card_only(**options: object) -> Mapping[str, object]:
    """A form of cards alone, without the terms unless they are asked for."""
    return {
        "options": {"showTermsOfSaleDisclosure": False, **options},
        "paymentMethodConfiguration": {"enabledPaymentMethods": ["creditCard"]},
    }
