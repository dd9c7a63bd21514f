"""Method and path to the function that answers, from the contract's own table of operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from posapp.sandbox import (
    checkouts,
    countries,
    customers,
    documents,
    events,
    fulfilments,
    orders,
    refunds,
    returns,
    skus,
    sources,
    tax_identifiers,
    webhooks,
)
from posapp.sandbox.core import Call, Core
from posapp.sandbox.queries import Reader, compile_query
from posapp.sandbox.shapes import Checker, compile_schema
from posapp.sandbox.tables import operations
from posapp.sandbox.wire import Response, not_found, problem

Work = Callable[[Core, Call], Response]

WORK: Mapping[str, Work] = {
    "createCustomers": customers.create,
    "listCustomers": customers.list_,
    "retrieveCustomers": customers.get,
    "updateCustomers": customers.update,
    "deleteCustomers": customers.delete,
    "createCustomerSource": customers.attach_source,
    "deleteCustomerSource": customers.detach_source,
    "createCustomerTaxIdentifier": tax_identifiers.attach,
    "createSkus": skus.create,
    "listSkus": skus.list_,
    "retrieveSkus": skus.get,
    "upsertSkus": skus.upsert,
    "updateSkus": skus.update,
    "deleteSkus": skus.delete,
    "createTaxIdentifiers": tax_identifiers.create,
    "listTaxIdentifiers": tax_identifiers.list_,
    "retrieveTaxIdentifiers": tax_identifiers.get,
    "deleteTaxIdentifiers": tax_identifiers.delete,
    "createCheckouts": checkouts.create,
    "listCheckouts": checkouts.list_,
    "retrieveCheckouts": checkouts.get,
    "updateCheckouts": checkouts.update,
    "deleteCheckouts": checkouts.delete,
    "attachSourceToCheckout": checkouts.attach,
    "detachSourceToCheckout": checkouts.detach,
    "createSources": sources.create,
    "retrieveSources": sources.get,
    "createOrders": orders.create,
    "listOrders": orders.list_,
    "retrieveOrders": orders.get,
    "updateOrders": orders.update,
    "refreshOrders": orders.refresh,
    "retrieveCharges": orders.get_charge,
    "createFulfillments": fulfilments.create,
    "listFulfillments": fulfilments.list_,
    "retrieveFulfillments": fulfilments.get,
    "updateFulfillments": fulfilments.update,
    "createRefunds": refunds.create,
    "listRefunds": refunds.list_,
    "retrieveRefunds": refunds.get,
    "updateRefunds": refunds.update,
    "createReturns": returns.create,
    "listReturns": returns.list_,
    "retrieveReturns": returns.get,
    "updateReturns": returns.update,
    "listEvents": events.list_,
    "retrieveEvents": events.get,
    "createWebhooks": webhooks.create,
    "listWebhooks": webhooks.list_,
    "retrieveWebhooks": webhooks.get,
    "updateWebhooks": webhooks.update,
    "deleteWebhooks": webhooks.delete,
    "createFileLinks": documents.create_link,
    "listFileLinks": documents.list_links,
    "retrieveFileLinks": documents.get_link,
    "updateFileLinks": documents.update_link,
    "deleteFileLinks": documents.delete_link,
    "retrieveFiles": documents.get_file,
    "downloadFiles": documents.content,
    "listCountrySpecifications": countries.list_,
}


@dataclass(frozen=True, slots=True)
class Route:
    """One operation, ready to check and answer a call."""

    id: str
    names: tuple[str, ...]  # path parts; "{x}" is a parameter
    work: Work
    read_query: Reader
    read_body: Checker | None


class Routes:
    """Finds the operation of a call."""

    def __init__(self) -> None:
        self._by_shape: dict[tuple[int, str], list[tuple[tuple[str, ...], dict[str, Route]]]] = {}
        for row in operations():
            names = tuple(row["path"].strip("/").split("/"))
            body = compile_schema(row["body"]) if row["body"] else None
            route = Route(row["id"], names, WORK[row["id"]], compile_query(row["query"]), body)
            group = self._by_shape.setdefault((len(names), names[0]), [])
            methods = next((found for shape, found in group if shape == names), None)
            if methods is None:
                methods = {}
                group.append((names, methods))
            methods[row["method"]] = route

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and its path parameters; raises Problem 404 or 405."""
        parts = path.removeprefix("/").split("/")
        for names, methods in self._by_shape.get((len(parts), parts[0]), ()):
            filled: dict[str, str] = {}
            for name, part in zip(names, parts, strict=True):
                if name.startswith("{"):
                    filled[name[1:-1]] = part
                elif name != part:
                    break
            else:
                if method not in methods:
                    refused = problem(405, "method_not_allowed", "Method not offered here.")
                    refused.headers["Allow"] = ", ".join(sorted(methods))
                    raise refused
                return methods[method], filled
        raise not_found("path")


@cache
def routes() -> Routes:
    """The one table; it holds no state."""
    return Routes()


def is_api(path: str) -> bool:
    """Whether an address belongs to the API (or to the public file links)."""
    return path.strip("/").split("/", 1)[0] in _ROOTS


_ROOTS = frozenset(row["path"].strip("/").split("/")[0] for row in operations()) | {"shared"}
