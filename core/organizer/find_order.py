"""Typed orders of `/find`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

from core.organizer.command import Petitions
from core.organizer.erase_order import SearchPerson
from core.organizer.review_words import ReviewAction

NAME = "find"
_FOUND = re.compile(r"(list|show|stop) ([0-9A-Z]{12}) ([0-9]{1,2})")
_DECIDE = re.compile(r"(accept|invalidate|restore) ([0-9A-Z]{12}) ([0-9]{1,2}) ([0-9]{1,18})")


class FindStep(StrEnum):
    """The steps after a search: list what it found, show one account, and stop updates to it."""

    LIST = "list"
    SHOW = "show"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """Go on with what a search found, by its code.

    `number` is that of an account in the list, from 1, and of the list's first account for LIST.
    """

    name: ClassVar[str] = NAME
    step: FindStep
    code: str
    number: int = 1

    @property
    def argument(self) -> str:
        """The step, the code and the number."""
        return f"{self.step} {self.code} {self.number}"


@dataclass(frozen=True, slots=True)
class DecideFound:
    """Decide about a signature of an account that a search found; `signature` is its id."""

    name: ClassVar[str] = NAME
    action: ReviewAction
    code: str
    number: int
    signature: int

    @property
    def argument(self) -> str:
        """The action, the code, the number and the id."""
        return f"{self.action} {self.code} {self.number} {self.signature}"


FindOrder: TypeAlias = SearchPerson | FoundAccount | DecideFound


def parse_find(argument: str, _: Petitions) -> FindOrder:
    """Parse an argument: what a button carries, or else words to search for."""
    if match := _FOUND.fullmatch(argument):
        return FoundAccount(FindStep(match[1]), match[2], int(match[3]))
    if match := _DECIDE.fullmatch(argument):
        return DecideFound(ReviewAction(match[1]), match[2], int(match[3]), int(match[4]))
    return SearchPerson(argument, NAME)
