"""The buyer at the payment form: types into the vendor's frames and presses its buttons.

Whatever frame they lie in.
"""

from __future__ import annotations

import asyncio

from posapp.domain.payment_form import FormFailed, PaidClaim
from posapp.ui.kit.form_filler import FormFiller
from posapp.ui.kit.web import PaymentView
from tests.helpers.waiting import Emitted, emitted, until

CARD_NUMBER, EXPIRY, SECURITY_CODE = "#card-number", "#card-expiry", "#card-cvv"
VISA = "4444222233331111"


class PaymentDriver:
    """Fills and submits the form that a payment view shows."""

    def __init__(self, view: PaymentView, *, limit_s: float = 15.0) -> None:
        self._view = view
        self._limit_s = limit_s

    async def wait_open(self) -> None:
        """Wait until the form can be filled."""
        await until(lambda: self._view.state == "ready", timeout_s=self._limit_s, what="the form")

    async def type_card(self, number: str = VISA, expiry: str = "12/29", code: str = "123") -> None:
        """Type a card's three facts."""
        await self.fill(CARD_NUMBER, number)
        await self.fill(EXPIRY, expiry)
        await self.fill(SECURITY_CODE, code)

    async def agree(self, method: str = "creditCard") -> None:
        """Tick the terms of sale."""
        await self.fill(f"#DR-terms-checkbox-{method}", "yes")

    async def save_card(self) -> None:
        """Tick the storage agreement."""
        await self.fill("#DR-mandate-checkbox-creditCard", "yes")

    async def choose(self, method: str) -> None:
        """Open another payment method of the accordion."""
        await self.press(f".DR-{method} > .DR-button")

    async def submit(self, method: str = "creditCard") -> None:
        """Press the method's button."""
        await self.press(f".DR-{method} .DR-pay-button")

    async def pay_by_card(self, number: str = VISA, code: str = "123") -> PaidClaim:
        """Fill, agree, submit; return what the form claims."""
        paid = emitted(self._view.paid, timeout_s=self._limit_s)
        await self.type_card(number, code=code)
        await self.agree()
        await self.submit()
        return await self._claim(paid)

    async def pay_by(self, method: str) -> PaidClaim:
        """Choose a method without fields, agree, submit."""
        paid = emitted(self._view.paid, timeout_s=self._limit_s)
        await self.choose(method)
        await self.agree(method)
        await self.submit(method)
        return await self._claim(paid)

    async def expect_declined(self, number: str) -> FormFailed:
        """Submit a card that the form must refuse."""
        failed = emitted(self._view.failed, timeout_s=self._limit_s)
        await self.type_card(number)
        await self.agree()
        await self.submit()
        (told,) = await failed
        assert isinstance(told, FormFailed)
        return told

    async def answer_bank(self, answer: str) -> None:
        """Answer the 3-D Secure challenge."""
        await self.fill("#challenge-answer", answer)
        await self.press("#challenge-confirm")

    async def expect_text(self, selector: str, words: str) -> None:
        """Wait until the element shows these words."""
        seen: str | None = None
        for _ in range(50):
            seen = await self.read(selector)
            if seen is not None and words in seen:
                return
        raise AssertionError(f"{selector} shows {seen!r}, not {words!r}")

    async def fill(self, selector: str, value: str) -> None:
        """Fill one field in any frame."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._filler().fill(selector, value, done.set_result)
        assert await done, f"no field {selector} in any frame"

    async def press(self, selector: str) -> None:
        """Press one element in any frame."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._filler().press(selector, done.set_result)
        assert await done, f"nothing to press at {selector} in any frame"

    async def read(self, selector: str) -> str | None:
        """The text of one element in any frame."""
        done: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._filler().read(selector, done.set_result)
        return await done

    def _filler(self) -> FormFiller:
        page = self._view.page()
        assert page is not None, "no payment form is open"
        return FormFiller(page, limit_s=self._limit_s)

    async def _claim(self, paid: Emitted) -> PaidClaim:
        (claim,) = await paid
        assert isinstance(claim, PaidClaim)
        return claim
