"""What the gateway's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from posapp.gateway.river import DigitalRiver
from tests.unit.gateway.service import PaperService


@pytest.fixture
def service() -> PaperService:
    """A service on paper."""
    return PaperService()


@pytest.fixture
def river(service: PaperService) -> Iterator[DigitalRiver]:
    """The gateway in front of it; nothing to close, since no connection is ever opened."""
    yield service.river()


@pytest.fixture
def noise_is_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Amounts with too many digits are said in the log; here they come by the hundred."""
    monkeypatch.setattr("posapp.gateway.wire.log.disabled", True)
    monkeypatch.setattr("posapp.gateway.events.log.disabled", True)
