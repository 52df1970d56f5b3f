"""Typed orders of `/erase`, and the search that it may put into the outbox."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

from core.organizer.command import Petitions
from core.outbox import Topic

NAME = "erase"
_FOUND = re.compile(r"(list|show|do|keep) ([0-9A-Z]{12}) ([0-9]{1,2})(?: ([0-9a-f]{8}))?")


class SearchStep(StrEnum):
    """The steps after a search: list what it found, show what would go, and erase it or keep it."""

    LIST = "list"
    SHOW = "show"
    DO = "do"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class SearchPerson:
    """Search for a person; `words` are personal, so no button may carry this. `name` is the command that asks."""

    words: str
    name: str = NAME

    @property
    def argument(self) -> str:
        """The words."""
        return self.words


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Go on with what a search found, by its code.

    `number` is that of an account in the list, from 1, and of the list's first account for LIST. `version` is that of
    the holding that was shown.
    """

    name: ClassVar[str] = NAME
    step: SearchStep
    code: str
    number: int = 1
    version: str = ""

    @property
    def argument(self) -> str:
        """The step, the code, the number and the version."""
        return f"{self.step} {self.code} {self.number} {self.version}".strip()


EraseOrder: TypeAlias = SearchPerson | FoundPerson


def parse_erase(argument: str, _: Petitions) -> EraseOrder:
    """Parse an argument: what a button carries, or else words to search for."""
    match = _FOUND.fullmatch(argument)
    if match is None:
        return SearchPerson(argument)
    return FoundPerson(SearchStep(match[1]), match[2], int(match[3]), match[4] or "")


@dataclass(frozen=True, slots=True)
class SearchOrder:
    """A search that an organizer asked for, as its outbox entry stores it; `command` is the one that asks."""

    user_id: str
    words: str
    locale: str
    command: str = NAME


def search_topic(platform: str) -> Topic:
    """The topic for organizers' searches on a platform; searching twice does no harm."""
    return Topic(f"searches.{platform}", repeat=True)
