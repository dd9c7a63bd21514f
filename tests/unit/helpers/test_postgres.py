"""The throw-away PostgreSQL: a database of its own for each test, copies alike the template."""

from __future__ import annotations

from sqlalchemy import create_engine, text

from tests.helpers.postgres import PostgresServer


def _run(url: str, statement: str) -> list[object]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return list(result.scalars()) if result.returns_rows else []
    finally:
        engine.dispose()


def test_a_fresh_database_is_empty_and_takes_tables(postgres_url: str) -> None:
    _run(postgres_url, "CREATE TABLE sale (id bigint PRIMARY KEY)")

    assert _run(postgres_url, "SELECT count(*) FROM sale") == [0]


def test_what_one_test_wrote_no_other_sees(postgres_url: str) -> None:
    assert _run(postgres_url, "SELECT to_regclass('sale')::text") == [None]


def test_copies_of_a_template_start_alike_and_then_differ(postgres_server: PostgresServer) -> None:
    built: list[str] = []

    def build(url: str) -> None:
        built.append(url)
        _run(url, "CREATE TABLE staff AS SELECT 'Ada' AS name")

    shop = postgres_server.template("shop_of_this_test", build)
    for _ in range(2):
        assert postgres_server.template("shop_of_this_test", build) == shop
        with postgres_server.fresh(shop) as url:
            assert _run(url, "SELECT name FROM staff") == ["Ada"]
            _run(url, "INSERT INTO staff VALUES ('Bo')")

    assert len(built) == 1
    postgres_server.drop(shop)


def test_the_server_sorts_and_stores_text_as_unicode(postgres_url: str) -> None:
    assert _run(postgres_url, "SELECT length('Größe ✓')") == [7]
