"""Every table of journal and shared store.

Rows never leave this package: repositories turn them into domain values.

A change here needs a step in `migrations/versions` and a line in `schema.REVISIONS`; a test holds
both to the same result.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from posapp.store.columns import (
    Moment,
    RowId,
    at,
    count,
    doc,
    flag,
    maybe,
    metadata,
    searchable,
    word,
)

# ------------------------------------------------------------------ the store itself
facts = Table("facts", metadata, word("name", key=True), word("value"))
counters = Table(
    "counters", metadata, word("name", key=True), Column("value", BigInteger, nullable=False)
)

# ------------------------------------------------------------------ journal: sales of a till
sales = Table(
    "sales",
    metadata,
    word("id", key=True),
    word("till"),
    Column("number", Integer, nullable=False),
    word("state"),
    at("started_at"),
    count("version"),
    count("copied_version"),
    doc(),
)
Index("ix_sales_started_at", sales.c.started_at)
Index(
    "ix_sales_alive",
    sales.c.state,
    sales.c.till,
    sqlite_where=text("state NOT IN ('done', 'discarded')"),
    postgresql_where=text("state NOT IN ('done', 'discarded')"),
)
Index(
    "ix_sales_uncopied",
    sales.c.started_at,
    sqlite_where=text("version <> copied_version"),
    postgresql_where=text("version <> copied_version"),
)
sale_orders = Table(
    "sale_orders",
    metadata,
    word("order_id", key=True),
    word("sale_id"),
    flag("live"),
)
Index(
    "ix_sale_orders_superseded",
    sale_orders.c.order_id,
    sqlite_where=text("NOT live"),
    postgresql_where=text("NOT live"),
)

# ------------------------------------------------------------------ intents: what people decided
intents = Table(
    "intents",
    metadata,
    word("id", key=True),
    word("kind"),
    word("resource"),
    word("key"),
    Column("body", Text, nullable=False),
    at("written_at"),
    word("state"),
    word("sale_id"),
    word("order_id"),
    Column("limit_s", Float, nullable=False),
    at("sent_at", optional=True),
    at("settled_at", optional=True),
    count("missed_lookups"),
    at("first_missed_at", optional=True),
    at("last_lookup_at", optional=True),
    word("remote_id"),
    word("reason"),
    word("holder"),
    at("claim_until", optional=True),
)
_OPEN = text("state IN ('written', 'sending', 'unknown')")
_IN_FLIGHT = text("state IN ('sending', 'unknown') AND resource <> ''")
Index("ix_intents_open", intents.c.written_at, sqlite_where=_OPEN, postgresql_where=_OPEN)
# One write in flight per remote thing, across tills (design 6).
Index(
    "uq_intents_in_flight",
    intents.c.resource,
    unique=True,
    sqlite_where=_IN_FLIGHT,
    postgresql_where=_IN_FLIGHT,
)
_REFUSED = text("state = 'refused'")
Index("ix_intents_refused", intents.c.written_at, sqlite_where=_REFUSED, postgresql_where=_REFUSED)
Index("ix_intents_sale_id", intents.c.sale_id)
outbox = Table(
    "outbox",
    metadata,
    word("request", key=True),
    word("order_id"),
    word("intent_id"),
    at("added_at"),
    doc(),
    UniqueConstraint("intent_id"),
)
Index("ix_outbox_order_id", outbox.c.order_id)

# ------------------------------------------------------------------ mirror: what the service said
# `place` is the order's place in time, unique, newest highest: paging, the views and the search
# all walk it.
orders = Table(
    "orders",
    metadata,
    Column("place", RowId, primary_key=True, autoincrement=False),
    Column("order_id", Text, nullable=False, unique=True),
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
    Column("total_minor", BigInteger, nullable=False),
    word("currency"),
    at("created_at"),
    at("updated_at", optional=True),
    at("since"),
    at("seen_at"),
    flag("to_hand_over"),
    word("claimed_by"),
    at("claim_until", optional=True),
    count("notes"),
    maybe("checkout_id"),
    word("search"),
)
_IN_VIEW = text("view IS NOT NULL")
Index(
    "ix_orders_view",
    orders.c.view,
    orders.c.place,
    sqlite_where=_IN_VIEW,
    postgresql_where=_IN_VIEW,
)
Index("ix_orders_outlook", orders.c.outlook, orders.c.since)
_HAS_CHECKOUT = text("checkout_id IS NOT NULL")
Index(
    "ix_orders_checkout_id",
    orders.c.checkout_id,
    sqlite_where=_HAS_CHECKOUT,
    postgresql_where=_HAS_CHECKOUT,
)
_ALIVE = text("state NOT IN ('complete', 'cancelled', 'blocked', 'returned')")
Index("ix_orders_stale", orders.c.seen_at, sqlite_where=_ALIVE, postgresql_where=_ALIVE)
# Apart from the rows of the queue, so that a page of those stays small.
order_documents = Table("order_documents", metadata, word("order_id", key=True), doc())
fulfilments = Table(
    "fulfilments",
    metadata,
    word("id", key=True),
    word("order_id"),
    at("created_at", optional=True),
    doc(),
)
Index("ix_fulfilments_order_id", fulfilments.c.order_id)

# ------------------------------------------------------------------ the feed
inbox = Table(
    "inbox",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=True),
    Column(
        "applied", Boolean(create_constraint=False), nullable=False, server_default=text("false")
    ),
    maybe("order_id"),
    word("outcome"),
)
_UNAPPLIED = text("NOT applied")
Index(
    "ix_inbox_next",
    inbox.c.created_at,
    inbox.c.event_id,
    sqlite_where=_UNAPPLIED,
    postgresql_where=_UNAPPLIED,
)
_OF_ORDER = text("order_id IS NOT NULL")
Index("ix_inbox_order_id", inbox.c.order_id, sqlite_where=_OF_ORDER, postgresql_where=_OF_ORDER)
Index("ix_inbox_created_at", inbox.c.created_at)
# Orders of which an event told less than a read does: kept until somebody has read them.
to_read = Table("to_read", metadata, word("order_id", key=True), count("asked"))
feed = Table(
    "feed",
    metadata,
    Column("num", Integer, primary_key=True, autoincrement=False),
    word("cursor"),
    at("cursor_at", optional=True),
    at("healthy_at", optional=True),
    word("lease_holder"),
    at("lease_until", optional=True),
)

# ------------------------------------------------------------------ customers and catalogue
customers = Table(
    "customers",
    metadata,
    Column("num", RowId, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    word("search"),
    doc(),
)
products = Table(
    "products",
    metadata,
    Column("num", RowId, primary_key=True),
    Column("sku", Text, nullable=False, unique=True),
    maybe("barcode"),
    word("pushed"),
    word("search"),
    doc(),
)
_HAS_BARCODE = text("barcode IS NOT NULL")
Index(
    "ix_products_barcode",
    products.c.barcode,
    sqlite_where=_HAS_BARCODE,
    postgresql_where=_HAS_BARCODE,
)
_UNPUSHED = text("pushed = ''")
Index("ix_products_unpushed", products.c.num, sqlite_where=_UNPUSHED, postgresql_where=_UNPUSHED)

# ------------------------------------------------------------------ shop: what is ours alone
staff = Table(
    "staff",
    metadata,
    word("id", key=True),
    word("name"),
    word("role"),
    flag("active"),
    word("pin_hash"),
    count("failures"),
    at("locked_until", optional=True),
)
shop = Table("shop", metadata, Column("num", Integer, primary_key=True, autoincrement=False), doc())
notes = Table(
    "notes",
    metadata,
    Column("num", RowId, primary_key=True),
    word("order_id"),
    word("text"),
    word("author"),
    at("written_at"),
)
Index("ix_notes_order_id", notes.c.order_id)
claims = Table(
    "claims",
    metadata,
    word("order_id", key=True),
    word("holder"),
    word("till"),
    at("until"),
)
decisions = Table(
    "decisions",
    metadata,
    Column("num", RowId, primary_key=True),
    word("subject"),
    word("concern"),
    word("outcome"),
    word("reason"),
    word("who"),
    at("at"),
)
Index("ix_decisions_subject", decisions.c.subject)
# Training only: what somebody's best run of a lesson cost.
lesson_best = Table(
    "lesson_best",
    metadata,
    word("staff_id", key=True),
    word("lesson", key=True),
    count("millis"),
    count("keys"),
    count("mistakes"),
    count("runs"),
    at("at"),
)
handover = Table("handover", metadata, word("order_id", key=True), word("sale_id"))
disclosures = Table(
    "disclosures",
    metadata,
    word("entity_id", key=True),
    word("language", key=True),
    word("country", key=True),
    at("at"),
    doc(),
)
# The chain holds ids and keyed hashes; what a person could be known by lies in `audit_facts`
# and can be erased (design 8).
audit = Table(
    "audit",
    metadata,
    word("till", key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    word("kind"),
    word("who"),
    at("at"),
    word("facts_hash"),
    word("hash"),
)
audit_facts = Table(
    "audit_facts",
    metadata,
    word("till", key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    word("salt"),
    doc(),
)
audit_heads = Table(
    "audit_heads",
    metadata,
    word("till", key=True),
    Column("seq", Integer, nullable=False),
    word("hash"),
)

searchable(orders, "place")
searchable(customers, "num")
searchable(products, "num")
