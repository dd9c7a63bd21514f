"""An open training shop for each test, with the manager at the till."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.helpers.shop import Shop, open_shop

OpenShop = Callable[[], AbstractAsyncContextManager[Shop]]


@pytest.fixture
def shop_at(tmp_path: Path) -> OpenShop:
    """Open the shop: `async with shop_at() as shop`."""
    return lambda: open_shop(tmp_path)
