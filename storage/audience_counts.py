"""Counts the people announcements can reach, in the same transaction as each change.

The share of a signer or a signature in the counts is read before and after a change, and the difference is added. So no
change has to know its own effect on the counts. Counts are always changed in the same order, so that two transactions
never wait for each other. Each change is in a part (core.signatures.parts), so signers don't queue for a count.
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


def count_new(connection: Connection, signature: Signature, part: int) -> None:
    """Count a new signature whose signer agreed to updates and can be reached."""
    segment = (signature.petition, signature.platform, signature.locale, signature.label)
    _add(connection, Counter({_without_own_link(segment): 1}), part)


def count_groups(connection: Connection, petition: str, groups: Iterable[tuple[str, str, str, int]]) -> None:
    """Add a number of people to each group, given as platform, language, label and number."""
    changes = Counter[_Segment]()
    for *group, people in groups:
        changes[_without_own_link((petition, *group))] += people
    _add(connection, changes, FIRST_PART)


@contextmanager
def recounted(connection: Connection, signer: int, signature: int | None = None) -> Iterator[None]:
    """Update the counts after changes to all signatures of a signer, or to one signature of theirs."""
    before = _share(connection, signer, signature)
    yield
    after = _share(connection, signer, signature)
    after.subtract(before)
    _add(connection, after, part_of(signer))


def _share(connection: Connection, signer: int, signature: int | None) -> Counter[_Segment]:
    if signature is None:
        rows = connection.run(sql.SEGMENTS_OF_SIGNER, signer=signer)
    else:
        rows = connection.run(sql.SEGMENT_OF_SIGNATURE, signature=signature)
    share = Counter[_Segment]()
    for *segment, weight in rows:
        share[_without_own_link(tuple(segment))] += weight
    return share


def _without_own_link(segment: tuple[Any, ...]) -> _Segment:
    petition, platform, locale, label = segment
    return petition, platform, locale, "" if is_personal(label) else label


def _add(connection: Connection, changes: Counter[_Segment], part: int) -> None:
    for (petition, platform, locale, label), change in sorted(changes.items()):
        connection.run(
            sql.COUNT_AUDIENCE, petition=petition, platform=platform, locale=locale, label=label,
            part=part, people=change,
        )  # fmt: skip
