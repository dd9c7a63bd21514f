"""Values made in a hurry are the same values: equal, hashed alike, frozen, of their own class."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, astuple, dataclass, fields, replace

import pytest

from posapp.domain.making import maker
from posapp.domain.money import Money
from posapp.domain.order import Order, OrderLine
from tests.helpers.builders import a_line, an_order


@pytest.mark.parametrize("one", [Money(1999, "EUR"), a_line(quantity=2), an_order()])
def test_what_is_made_is_what_the_class_would_have_made(one: Money | OrderLine | Order) -> None:
    values = [getattr(one, field.name) for field in fields(one)]

    made = maker(type(one))(*values)

    assert type(made) is type(one)
    assert made == one
    assert hash(made) == hash(one)
    assert repr(made) == repr(one)
    assert replace(made) == copy.copy(made) == pickle.loads(pickle.dumps(made)) == one
    assert astuple(made) == astuple(one)
    name = fields(one)[0].name
    with pytest.raises((FrozenInstanceError, TypeError)):
        setattr(made, name, "another")


def test_a_value_lacking_a_field_is_not_made() -> None:
    with pytest.raises(TypeError):
        maker(Money)(1999)


@dataclass(frozen=True)
class WithoutSlots:
    """Has a dictionary."""

    one: int


@dataclass(slots=True)
class Open:
    """Can be changed."""

    one: int


@dataclass(frozen=True, slots=True)
class Checked:
    """Looks at what it is given."""

    one: int

    def __post_init__(self) -> None:
        assert self.one


@pytest.mark.parametrize("kind", [WithoutSlots, Open, Checked, int])
def test_classes_that_do_more_than_hold_values_are_refused(kind: type) -> None:
    with pytest.raises(TypeError):
        maker(kind)
