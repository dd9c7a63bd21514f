"""The control port's client over real HTTP, against a sandbox that listens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from posapp.gateway.errors import TrainingControlFailed
from posapp.gateway.sandbox_control import SandboxControl
from posapp.sandbox.clock import wall_clock
from posapp.sandbox.seed import plant
from posapp.sandbox.server import Running, run_in_thread
from posapp.sandbox.world import World

TOKEN = "let-me-in"


@pytest.fixture
def sandbox() -> Iterator[Running]:
    """A seeded sandbox with a control port."""
    world = World(clock=wall_clock)
    plant(world)
    with run_in_thread(world, control_token=TOKEN) as running:
        yield running
    world.close()


@asynccontextmanager
async def control_of(url: str, token: str = TOKEN) -> AsyncIterator[SandboxControl]:
    """A client of this control port."""
    made = SandboxControl(url, token)
    try:
        yield made
    finally:
        await made.aclose()


async def test_outcomes_are_set_seen_and_cleared(sandbox: Running) -> None:
    async with control_of(sandbox.control_url) as control:
        await control.next("in_review", seconds=20)
        assert (await control.send("/state"))["queued"] == ["in_review"]
        await control.send("/clear")
        assert (await control.send("/state"))["queued"] == []


async def test_somebody_at_home_buys(sandbox: Running) -> None:
    async with control_of(sandbox.control_url) as control:
        order_id = await control.order("MUG-WHT x 3", "TOWEL-LIN x 1")
        assert order_id.isdigit()


async def test_a_command_that_makes_no_sense_is_told_apart(sandbox: Running) -> None:
    async with control_of(sandbox.control_url) as control:
        with pytest.raises(TrainingControlFailed) as failed:
            await control.next("rain")
    assert failed.value.status == 400


async def test_a_wrong_token_is_refused(sandbox: Running) -> None:
    async with control_of(sandbox.control_url, "guess") as control:
        with pytest.raises(TrainingControlFailed) as failed:
            await control.send("/clear")
    assert failed.value.status == 401


async def test_nobody_listens() -> None:
    async with control_of("http://127.0.0.1:9") as control:
        with pytest.raises(TrainingControlFailed) as failed:
            await control.send("/clear")
    assert (failed.value.status, failed.value.reason) == (0, "ConnectError")


def test_it_never_leaves_this_computer() -> None:
    with pytest.raises(ValueError, match="on this computer"):
        SandboxControl("https://api.digitalriver.com", TOKEN)
