"""Parts of a petition's counts: each signer changes one of them, so signers don't queue for one row.

A count is the sum of its parts. A signer holds the lock of their own part, everyone else holds all of them.
docs/design/storage.md has the order of locks and the proof that a milestone is crossed exactly once.
"""

from __future__ import annotations

PARTS = 16
ALL_PARTS = range(PARTS)
FIRST_PART = 0
"""The part for changes that aren't one signer's, such as a review's; nobody else holds a part at that time."""
MARGIN = 10 * PARTS
"""The signatures before a milestone that lock all parts at once; more than PARTS, as some may come meanwhile."""


def part_of(person: int) -> int:
    """The part that a person's signatures change, by the id of their row."""
    return person % PARTS
