"""The first schema. Frozen: later changes are steps of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from posapp.store.migrations.parts import (
    big,
    count,
    flag,
    given,
    maybe,
    moment,
    number,
    only,
    own_number,
    row_id,
    word,
)

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table of the first schema."""
    _store()
    _journal()
    _intents()
    _mirror()
    _feed()
    _catalogue()
    _shop()
    _audit()
    for table, row in (("orders", "place"), ("customers", "num"), ("products", "num")):
        _words(table, row)


def downgrade() -> None:
    """Leave nothing."""
    if op.get_context().dialect.name == "sqlite":
        for table in ("orders", "customers", "products"):
            op.execute(f"DROP TABLE {table}_words")
    for table in (
        "audit_heads audit_facts audit disclosures handover decisions claims notes shop "
        "staff products customers feed inbox fulfilments order_documents orders outbox "
        "intents sale_ledger sale_orders sales counters facts "
    ).split():
        op.drop_table(table)


def _store() -> None:
    op.create_table(
        "facts", given("name"), word("value"), sa.PrimaryKeyConstraint("name", name="pk_facts")
    )
    op.create_table(
        "counters", given("name"), big("value"), sa.PrimaryKeyConstraint("name", name="pk_counters")
    )


def _journal() -> None:
    op.create_table(
        "sales",
        given("id"),
        word("till"),
        number("number"),
        word("state"),
        big("started_at"),
        count("version"),
        count("copied_version"),
        given("doc"),
        sa.PrimaryKeyConstraint("id", name="pk_sales"),
    )
    op.create_index(
        "ix_sales_alive", "sales", ["state", "till"], **only("state NOT IN ('done', 'discarded')")
    )
    op.create_index("ix_sales_started_at", "sales", ["started_at"])
    op.create_index(
        "ix_sales_uncopied", "sales", ["started_at"], **only("version <> copied_version")
    )
    op.create_table(
        "sale_orders",
        given("order_id"),
        word("sale_id"),
        flag("live"),
        sa.PrimaryKeyConstraint("order_id", name="pk_sale_orders"),
    )
    op.create_index("ix_sale_orders_superseded", "sale_orders", ["order_id"], **only("NOT live"))
    op.create_table(
        "sale_ledger",
        row_id("num"),
        word("sale_id"),
        word("step"),
        number("attempt"),
        big("sent_at"),
        moment("answered_at"),
        word("outcome"),
        word("remote_id"),
        sa.PrimaryKeyConstraint("num", name="pk_sale_ledger"),
        sa.UniqueConstraint(
            "sale_id", "step", "attempt", name="uq_sale_ledger_sale_id_step_attempt"
        ),
    )


def _intents() -> None:
    op.create_table(
        "intents",
        given("id"),
        word("kind"),
        word("resource"),
        word("key"),
        given("body"),
        big("written_at"),
        word("state"),
        word("sale_id"),
        word("order_id"),
        sa.Column("limit_s", sa.Float(), nullable=False),
        moment("sent_at"),
        moment("settled_at"),
        count("missed_lookups"),
        moment("first_missed_at"),
        moment("last_lookup_at"),
        word("remote_id"),
        word("reason"),
        word("holder"),
        moment("claim_until"),
        sa.PrimaryKeyConstraint("id", name="pk_intents"),
    )
    op.create_index(
        "ix_intents_open",
        "intents",
        ["written_at"],
        **only("state IN ('written', 'sending', 'unknown')"),
    )
    op.create_index("ix_intents_refused", "intents", ["written_at"], **only("state = 'refused'"))
    op.create_index("ix_intents_sale_id", "intents", ["sale_id"])
    op.create_index(
        "uq_intents_in_flight",
        "intents",
        ["resource"],
        unique=True,
        **only("state IN ('sending', 'unknown') AND resource <> ''"),
    )
    op.create_table(
        "outbox",
        given("request"),
        word("order_id"),
        word("intent_id"),
        big("added_at"),
        given("doc"),
        sa.PrimaryKeyConstraint("request", name="pk_outbox"),
        sa.UniqueConstraint("intent_id", name="uq_outbox_intent_id"),
    )
    op.create_index("ix_outbox_order_id", "outbox", ["order_id"])


def _mirror() -> None:
    op.create_table(
        "orders",
        row_id("place", own=True),
        given("order_id"),
        maybe("view"),
        word("state"),
        word("raw_state"),
        word("outlook"),
        word("sale_number"),
        word("buyer"),
        word("email"),
        count("line_count"),
        count("units"),
        count("open_units"),
        count("sending"),
        big("total_minor"),
        word("currency"),
        big("created_at"),
        moment("updated_at"),
        big("since"),
        big("seen_at"),
        flag("to_hand_over"),
        word("claimed_by"),
        moment("claim_until"),
        count("notes"),
        maybe("checkout_id"),
        word("search"),
        sa.PrimaryKeyConstraint("place", name="pk_orders"),
        sa.UniqueConstraint("order_id", name="uq_orders_order_id"),
    )
    op.create_index(
        "ix_orders_checkout_id", "orders", ["checkout_id"], **only("checkout_id IS NOT NULL")
    )
    op.create_index("ix_orders_outlook", "orders", ["outlook", "since"])
    op.create_index(
        "ix_orders_stale",
        "orders",
        ["seen_at"],
        **only("state NOT IN ('complete', 'cancelled', 'blocked', 'returned')"),
    )
    op.create_index("ix_orders_view", "orders", ["view", "place"], **only("view IS NOT NULL"))
    op.create_table(
        "order_documents",
        given("order_id"),
        given("doc"),
        sa.PrimaryKeyConstraint("order_id", name="pk_order_documents"),
    )
    op.create_table(
        "fulfilments",
        given("id"),
        word("order_id"),
        moment("created_at"),
        given("doc"),
        sa.PrimaryKeyConstraint("id", name="pk_fulfilments"),
    )
    op.create_index("ix_fulfilments_order_id", "fulfilments", ["order_id"])


def _feed() -> None:
    op.create_table(
        "inbox",
        given("event_id"),
        given("type"),
        big("created_at"),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        flag("applied"),
        maybe("order_id"),
        word("outcome"),
        sa.PrimaryKeyConstraint("event_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_created_at", "inbox", ["created_at"])
    op.create_index("ix_inbox_next", "inbox", ["created_at", "event_id"], **only("NOT applied"))
    op.create_index("ix_inbox_order_id", "inbox", ["order_id"], **only("order_id IS NOT NULL"))
    op.create_table(
        "feed",
        own_number("num"),
        word("cursor"),
        moment("cursor_at"),
        moment("healthy_at"),
        word("lease_holder"),
        moment("lease_until"),
        sa.PrimaryKeyConstraint("num", name="pk_feed"),
    )


def _catalogue() -> None:
    op.create_table(
        "customers",
        row_id("num"),
        given("id"),
        word("search"),
        given("doc"),
        sa.PrimaryKeyConstraint("num", name="pk_customers"),
        sa.UniqueConstraint("id", name="uq_customers_id"),
    )
    op.create_table(
        "products",
        row_id("num"),
        given("sku"),
        maybe("barcode"),
        word("pushed"),
        word("search"),
        given("doc"),
        sa.PrimaryKeyConstraint("num", name="pk_products"),
        sa.UniqueConstraint("sku", name="uq_products_sku"),
    )
    op.create_index("ix_products_barcode", "products", ["barcode"], **only("barcode IS NOT NULL"))
    op.create_index("ix_products_unpushed", "products", ["num"], **only("pushed = ''"))


def _shop() -> None:
    op.create_table(
        "staff",
        given("id"),
        word("name"),
        word("role"),
        flag("active"),
        word("pin_hash"),
        count("failures"),
        moment("locked_until"),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
    )
    op.create_table(
        "shop", own_number("num"), given("doc"), sa.PrimaryKeyConstraint("num", name="pk_shop")
    )
    op.create_table(
        "notes",
        row_id("num"),
        word("order_id"),
        word("text"),
        word("author"),
        big("written_at"),
        sa.PrimaryKeyConstraint("num", name="pk_notes"),
    )
    op.create_index("ix_notes_order_id", "notes", ["order_id"])
    op.create_table(
        "claims",
        given("order_id"),
        word("holder"),
        word("till"),
        big("until"),
        sa.PrimaryKeyConstraint("order_id", name="pk_claims"),
    )
    op.create_table(
        "decisions",
        row_id("num"),
        word("subject"),
        word("concern"),
        word("outcome"),
        word("reason"),
        word("who"),
        big("at"),
        sa.PrimaryKeyConstraint("num", name="pk_decisions"),
    )
    op.create_index("ix_decisions_subject", "decisions", ["subject"])
    op.create_table(
        "handover",
        given("order_id"),
        word("sale_id"),
        sa.PrimaryKeyConstraint("order_id", name="pk_handover"),
    )
    op.create_table(
        "disclosures",
        given("entity_id"),
        given("language"),
        given("country"),
        big("at"),
        given("doc"),
        sa.PrimaryKeyConstraint("entity_id", "language", "country", name="pk_disclosures"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        given("till"),
        own_number("seq"),
        word("kind"),
        word("who"),
        big("at"),
        word("facts_hash"),
        word("hash"),
        sa.PrimaryKeyConstraint("till", "seq", name="pk_audit"),
    )
    op.create_table(
        "audit_facts",
        given("till"),
        own_number("seq"),
        word("salt"),
        given("doc"),
        sa.PrimaryKeyConstraint("till", "seq", name="pk_audit_facts"),
    )
    op.create_table(
        "audit_heads",
        given("till"),
        number("seq"),
        word("hash"),
        sa.PrimaryKeyConstraint("till", name="pk_audit_heads"),
    )


def _words(table: str, row: str) -> None:
    words = f"{table}_words"
    if op.get_context().dialect.name != "sqlite":
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN words tsvector "
            "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(search, ' '))) STORED"
        )
        op.execute(f"CREATE INDEX ix_{words} ON {table} USING gin (words)")
        return
    insert = f"INSERT INTO {words}(rowid, search) VALUES (new.{row}, new.search)"
    delete = f"INSERT INTO {words}({words}, rowid, search) VALUES ('delete', old.{row}, old.search)"
    op.execute(
        f"CREATE VIRTUAL TABLE {words} USING fts5(search, content='{table}', "
        f"content_rowid='{row}', prefix='2 3', detail=none, tokenize='ascii')"
    )
    op.execute(f"CREATE TRIGGER {words}_added AFTER INSERT ON {table} BEGIN {insert}; END")
    op.execute(
        f"CREATE TRIGGER {words}_changed AFTER UPDATE OF search, {row} ON {table} "
        f"WHEN old.search <> new.search OR old.{row} <> new.{row} BEGIN {delete}; {insert}; END"
    )
    op.execute(f"CREATE TRIGGER {words}_gone AFTER DELETE ON {table} BEGIN {delete}; END")
