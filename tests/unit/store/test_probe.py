"""The doctor's look at a store: says what is wrong and changes nothing."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from posapp.store import schema
from posapp.store.probe import audit_broken_at, why_not
from tests.helpers.builders import NOON
from tests.unit.store.conftest import database_at


def test_a_server_that_answers_has_nothing_wrong(postgres_url: str) -> None:
    assert why_not(postgres_url) == ""


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "connection" in why_not(f"postgresql://nobody@/x?host={tmp_path}")
    assert "sqlite" in why_not("sqlite:///shop.db")
    assert "read" in why_not("::")


async def test_a_tampered_audit_names_its_link(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    database = database_at(path)
    await database.with_connection(schema.prepare)
    await database.write(lambda tx: tx.audit.append("sign in", "abe", NOON, {}))
    assert audit_broken_at(path) is None
    await database.write(lambda tx: tx.connection.execute(text("UPDATE audit SET who = 'x'")))
    await database.close()
    assert audit_broken_at(path) == 1
