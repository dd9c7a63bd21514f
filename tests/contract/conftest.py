"""A shop before an in-process sandbox; its books must agree when the test ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.sandbox.shop import Shop


@pytest.fixture
def shop() -> Iterator[Shop]:
    """A shop with an empty world, checked at the end."""
    opened = Shop()
    yield opened
    assert opened.world.check() == []
    opened.world.close()
