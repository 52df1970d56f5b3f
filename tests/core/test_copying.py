"""Fast copies are those of the standard library."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest

from core.conversation.screen import Line, Screen, View
from core.conversation.state import Conversation, Stage
from core.copying import replace
from core.messages import Message
from core.ports import Person
from core.signatures.signature import Signer
from tests.world import SALESFORCE, petitions

SIGNER = Signer("telegram", "1")


@dataclass(frozen=True)
class Square:
    """A value with a property that is kept."""

    side: int
    color: str = "white"

    @cached_property
    def area(self) -> int:
        """The area, worked out once."""
        return self.side**2


@dataclass(frozen=True)
class Checked:
    """A value that its constructor checks."""

    side: int

    def __post_init__(self) -> None:
        assert self.side


@dataclass(frozen=True)
class Counted:
    """A value with a field that is not given."""

    side: int
    area: int = field(init=False, default=0)


CASES: tuple[tuple[Any, Mapping[str, Any]], ...] = (
    (Conversation(SALESFORCE, "en"), {"stage": Stage.REVIEWING, "revision": 7, "answers": {"name": "Ada"}}),
    (Conversation(SALESFORCE, "en"), {}),
    (Person(1, SIGNER), {"locale": "es", "seen": ("1",)}),
    (SIGNER, {"name": "Ada"}),
    (View(Screen((Line("x"),)), "en"), {"revision": 3}),
    (Line("x"), {"words": Message("cover.victory")}),
    (petitions()[SALESFORCE], {"organizer": "Ada"}),
    (Square(2), {"side": 3}),
)


@pytest.mark.parametrize(("value", "changes"), CASES)
def test_a_copy_is_that_of_the_standard_library(value: Any, changes: Mapping[str, Any]) -> None:
    before = dataclasses.replace(value)
    copied = replace(value, **changes)
    assert copied == dataclasses.replace(value, **changes)
    assert type(copied) is type(value)
    assert copied is not value
    assert value == before


def test_what_was_worked_out_before_is_not_copied() -> None:
    square = Square(2)
    assert (square.area, replace(square, side=3).area) == (4, 9)


def test_a_field_that_is_unknown_is_refused() -> None:
    with pytest.raises(TypeError, match="Square has no colour"):
        replace(Square(2), colour="red")


@pytest.mark.parametrize("value", [Checked(2), Counted(2)])
def test_a_class_that_needs_its_constructor_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="only by its constructor"):
        replace(value)
