"""Tables of signatures: columns that say what they hold, and one row per signature, the same for every format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Protocol, TypeAlias

from core.export.days import SigningDay
from core.petition.label import is_community, is_personal
from core.petition.petition import UTC, Petition
from core.signatures.signature import Signature

Value: TypeAlias = str | int | dt.datetime | None
SHARED = "shared by a signer"
Row: TypeAlias = Mapping[str, Value]


class ColumnKind(StrEnum):
    """The kinds of columns. Numbers and times are typed where a format has types; everything else is text."""

    TEXT = "text"
    REFERENCE = "reference"  # text to look up rather than to read, such as a digest: one line in a spreadsheet
    ADDRESS = "address"  # an email address
    NUMBER = "number"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; its name is the heading and the key of its values in a row."""

    name: str
    kind: ColumnKind = ColumnKind.TEXT


@dataclass(frozen=True)
class Table:
    """The columns of a file, the row of a signature, and the signatures that it includes.

    `days` have a sheet of their own, where a format has several; `zone` is the name of their time zone.
    """

    columns: tuple[Column, ...]
    row: Callable[[Signature], Row]
    includes: Callable[[Signature], bool] = lambda _: True
    days: tuple[SigningDay, ...] = ()
    zone: str = UTC


@dataclass(frozen=True)
class TableContext:
    """A petition and all that a table needs beside its signatures.

    `words_of` gives the words with a digest, which signers were shown when they chose (core.signatures.consent).
    `communities` are the titles of communities by label, and `unknown_community` names any other. With `all_contacts`,
    the signers' table has the contact data of those who don't want updates by email, too. `days` are all days of
    signing, and `zone` is the name of their time zone.
    """

    petition: Petition
    words_of: Callable[[str], str] = lambda _: ""
    communities: Mapping[str, str] = field(default_factory=dict)
    unknown_community: str = ""
    all_contacts: bool = False
    days: tuple[SigningDay, ...] = ()
    zone: str = UTC

    def source(self, label: str) -> str:
        """The link that a signature came through, as people read it: nobody learns which signer shared it."""
        if is_personal(label):
            return SHARED
        return self.communities.get(label, self.unknown_community) if is_community(label) else label


class RowFile(Protocol):
    """A file that is being written, row by row."""

    @property
    def size(self) -> int:
        """The bytes that the file has by now, or slightly more if only the end will tell."""

    def add(self, row: Row) -> None:
        """Write a row."""

    def close(self) -> None:
        """Write what is still missing. The stream stays open."""


@lru_cache(maxsize=16)  # a signer's choices are mostly as old as the signature
def in_utc(moment: dt.datetime) -> str:
    """The moment in UTC, as ISO 8601 has it."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
