"""One transaction: the repositories, and what to announce once it is committed.

Never kept beyond its work.
"""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection

from posapp.domain.changes import Change, OrdersChanged, OutboxChanged, SalesChanged
from posapp.store.audit import Audit
from posapp.store.claims import Claims
from posapp.store.customers import Customers
from posapp.store.decisions import Decisions
from posapp.store.disclosures import Disclosures
from posapp.store.feed import Feed
from posapp.store.fulfilments import Fulfilments
from posapp.store.handover import Handover
from posapp.store.home import Home
from posapp.store.inbox import Inbox
from posapp.store.intents import Intents
from posapp.store.lessons import LessonBests
from posapp.store.listener import notify
from posapp.store.notes import Notes
from posapp.store.orders import Orders
from posapp.store.outbox import Outbox
from posapp.store.products import Products
from posapp.store.review import Review
from posapp.store.sales import Sales
from posapp.store.shop import ShopFacts
from posapp.store.staff import StaffList
from posapp.store.timeline import Timeline


class Tx:
    """One transaction on one database. All of it is committed, or nothing."""

    def __init__(self, connection: Connection, home: Home) -> None:
        self.connection = connection
        self.home = home
        self._changes: dict[type[Change], set[str]] = {}

    def announce(self, *changes: Change) -> None:
        """Tell these after the commit; several of a kind become one."""
        for change in changes:
            ids = self._changes.setdefault(type(change), set())
            match change:
                case OrdersChanged() | OutboxChanged():
                    ids |= change.order_ids
                case SalesChanged():
                    ids |= change.sale_ids
                case _:
                    pass

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is to be announced so far, in the order of the kinds' first mention."""
        told: list[Change] = []
        for kind, ids in self._changes.items():
            if issubclass(kind, OrdersChanged | OutboxChanged | SalesChanged):
                told.append(kind(frozenset(ids)))
            else:
                told.append(kind())
        return tuple(told)

    def finish(self) -> None:
        """Write what was put off to the end of the transaction; the engine calls it before the
        commit.
        """
        if "orders" in self.__dict__:
            self.orders.flush()
        if self._changes:
            notify(self.connection, self.home.origin, self.changes)

    # A repository is made when it is first asked for: most work touches two or three.
    @cached_property
    def sales(self) -> Sales:
        """Sales of the till."""
        return Sales(self)

    @cached_property
    def intents(self) -> Intents:
        """Writes that were decided."""
        return Intents(self)

    @cached_property
    def orders(self) -> Orders:
        """The mirror of orders and the rows of the queue."""
        return Orders(self)

    @cached_property
    def fulfilments(self) -> Fulfilments:
        """Fulfilments as the service keeps them."""
        return Fulfilments(self)

    @cached_property
    def outbox(self) -> Outbox:
        """Fulfilments and cancellations that people decided."""
        return Outbox(self)

    @cached_property
    def inbox(self) -> Inbox:
        """Events as they came."""
        return Inbox(self)

    @cached_property
    def feed(self) -> Feed:
        """How far the feed has read, and who reads it."""
        return Feed(self)

    @cached_property
    def customers(self) -> Customers:
        """Registered buyers."""
        return Customers(self)

    @cached_property
    def products(self) -> Products:
        """What the shop sells."""
        return Products(self)

    @cached_property
    def staff(self) -> StaffList:
        """Who works here."""
        return StaffList(self)

    @cached_property
    def notes(self) -> Notes:
        """What people wrote about orders."""
        return Notes(self)

    @cached_property
    def claims(self) -> Claims:
        """Who works on which order right now."""
        return Claims(self)

    @cached_property
    def decisions(self) -> Decisions:
        """What managers decided about what stood on the Review screen."""
        return Decisions(self)

    @cached_property
    def audit(self) -> Audit:
        """What was done by whom, chained."""
        return Audit(self)

    @cached_property
    def review(self) -> Review:
        """What a manager must look at."""
        return Review(self)

    @cached_property
    def shop(self) -> ShopFacts:
        """The shop's own facts."""
        return ShopFacts(self)

    @cached_property
    def disclosures(self) -> Disclosures:
        """Legal texts by selling entity, language and country."""
        return Disclosures(self)

    @cached_property
    def lessons(self) -> LessonBests:
        """Best runs of lessons, in training."""
        return LessonBests(self)

    @cached_property
    def handover(self) -> Handover:
        """Orders whose goods the customer comes back for."""
        return Handover(self)

    @cached_property
    def timeline(self) -> Timeline:
        """What happened to an order."""
        return Timeline(self)
