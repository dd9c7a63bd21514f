"""Which legal company sells: one selling entity for each basket (contract section 18)."""

from __future__ import annotations

from collections.abc import Iterable

from posapp.sandbox.wire import Json, problem

NAMES = {
    "DR_INC-ENTITY": "Digital River, Inc.",
    "C5_INC-ENTITY": "DR globalTech Inc.",
    "DR_IRELAND-ENTITY": "Digital River Ireland Ltd.",
    "DR_UK-ENTITY": "Digital River UK",
    "DR_JAPAN-ENTITY": "DR Japan",
    "DR_TAIWAN-ENTITY": "Digital River Taiwan",
    "DR_KOREA-ENTITY": "DR Korea",
    "DR_BRAZIL-ENTITY": "Digital River Brazil",
}
HOME = {
    "US": "C5_INC-ENTITY",
    "CA": "C5_INC-ENTITY",
    "PR": "C5_INC-ENTITY",
    "GB": "DR_UK-ENTITY",
    "JP": "DR_JAPAN-ENTITY",
    "TW": "DR_TAIWAN-ENTITY",
    "KR": "DR_KOREA-ENTITY",
    "BR": "DR_BRAZIL-ENTITY",
}
ELSEWHERE = "DR_IRELAND-ENTITY"
# these import nothing: goods that come from another country are sold by the Irish company, which
# is why the schemes jp_offshore, kr_offshore and tw_offshore exist
DOMESTIC_ONLY = frozenset({"JP", "TW", "KR", "BR"})


def of_line(*, physical: bool, ship_from: str | None, country: str | None) -> str | None:
    """The entity of one line; `country` is ship-to for goods, bill-to for downloads."""
    if country is None:
        return None
    if physical and country in DOMESTIC_ONLY and ship_from not in (None, country):
        return ELSEWHERE
    return HOME.get(country, ELSEWHERE)


def of_basket(entities: Iterable[str | None]) -> Json:
    """The one entity of all lines; empty until enough is known. Raises Problem 400."""
    known = {entity for entity in entities if entity is not None}
    if len(known) > 1:
        raise problem(
            400, "selling_entity_not_found", "No single selling entity fits all lines.", None
        )
    if not known:
        return {}
    entity = known.pop()
    return {"id": entity, "name": NAMES[entity]}
