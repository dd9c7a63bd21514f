"""Where a push payment is to be made: bank account, store, biller. Invented; moves no money."""

from __future__ import annotations

from typing import Any

from posapp.sandbox.core import Core
from posapp.sandbox.wire import Json

STORES = {
    "010": ("7-Eleven", "セブン-イレブン"),
    "030": ("FamilyMart", "ファミリーマート"),
    "060": ("Lawson", "ローソン"),
    "080": ("Seicomart", "セイコーマート"),
}
_ACCOUNT: Json = {
    "accountHolder": "Digital River Sandbox",
    "bankName": "Sandbox Bank",
    "city": "Shannon",
    "country": "IE",
    "accountNumber": "00000000",
    "swiftCode": "SANDIE00",
}


def for_source(core: Core, kind: str, order: Json) -> Json:
    """The object named after the type; `order` is what the form sent (openapi WireTransfer …)."""
    match kind:
        case "konbini":
            return _store(core, order.get("konbini"))
        case "bPay":
            biller = {
                "billId": core.ids.digits(6),
                "customerPaymentReference": core.ids.digits(12),
            }
            return _ACCOUNT | {"referenceId": f"SBX{core.ids.digits(10)}"} | biller
        case _:
            reference = f"SBX{core.ids.digits(10)}"
            return _ACCOUNT | {"referenceId": reference, "iban": "IE00SAND00000000000000"}


def _store(core: Core, wish: Any) -> Json:
    store = wish.get("storeId") if isinstance(wish, dict) else None
    store = store if store in STORES else "010"
    return {
        "storeId": store,
        "receiptNumber": core.ids.digits(11),
        "storeName": STORES[store][0],
        "localizedStoreName": STORES[store][1],
        "storeLogoUrl": f"{core.base_url}/v1/images/konbini.svg",
    }
