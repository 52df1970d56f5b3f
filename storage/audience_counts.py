"""Counts the people announcements can reach, in the same transaction as each change.

The share of a signer or a signature in the counts is read before and after a change, and the difference is added. So no
change has to know its own effect on the counts. Each change is in a part (core.signatures.parts), so signers don't
queue for a count.

A person who comes back, or can't be reached any more, changes these counts without the lock of any petition. So a
transaction collects its changes, and stores them last and always in the same order: then none waits for another one
that waits for it (docs/design/storage.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from core.petition.label import is_personal
from core.signatures.parts import FIRST_PART, part_of
from core.signatures.signature import Signature
from storage.connection import Connection
from storage.statements import outreach as sql

_Segment: TypeAlias = tuple[str, str, str, str]
"""Petition, platform, language and label."""


class AudienceCounts:
    """The changes to the counts of one transaction, which calls `store` before it commits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._changes = Counter[tuple[*_Segment, int]]()

    def add_new(self, signature: Signature, part: int) -> None:
        """Count a new signature whose signer agreed to updates and can be reached."""
        segment = (signature.petition, signature.platform, signature.locale, signature.label)
        self._add(Counter({_without_own_link(segment): 1}), part)

    def add_groups(self, petition: str, groups: Iterable[tuple[str, str, str, int]]) -> None:
        """Add a number of people to each group, given as platform, language, label and number."""
        for *group, people in groups:
            self._add(Counter({_without_own_link((petition, *group)): people}), FIRST_PART)

    @contextmanager
    def recounted(self, signer: int, signature: int | None = None) -> Iterator[None]:
        """Update the counts after changes to all signatures of a signer, or to one signature of theirs."""
        before = self._share(signer, signature)
        yield
        after = self._share(signer, signature)
        after.subtract(before)
        self._add(after, part_of(signer))

    def store(self) -> None:
        """Store the changes; also those that add up to nothing, which look like any other."""
        for (petition, platform, locale, label, part), people in sorted(self._changes.items()):
            self._connection.run(
                sql.COUNT_AUDIENCE, petition=petition, platform=platform, locale=locale, label=label,
                part=part, people=people,
            )  # fmt: skip
        self._changes.clear()

    def _share(self, signer: int, signature: int | None) -> Counter[_Segment]:
        if signature is None:
            rows = self._connection.run(sql.SEGMENTS_OF_SIGNER, signer=signer)
        else:
            rows = self._connection.run(sql.SEGMENT_OF_SIGNATURE, signature=signature)
        share = Counter[_Segment]()
        for *segment, weight in rows:
            share[_without_own_link(tuple(segment))] += weight
        return share

    def _add(self, changes: Counter[_Segment], part: int) -> None:
        for segment, change in changes.items():
            self._changes[*segment, part] += change


def _without_own_link(segment: tuple[Any, ...]) -> _Segment:
    petition, platform, locale, label = segment
    return petition, platform, locale, "" if is_personal(label) else label
