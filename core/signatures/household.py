"""Two people in one household who share a mailbox: both count, as in the UK Parliament's e-petitions.

There, two people may sign with one address if their names differ and their postal codes are the same. So a mailbox has
two places. Each counts once, and a duplicate waits for the place of the signature that it repeats.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from core.petition.person_name import name_words
from core.petition.petition import Petition
from core.signatures.signature import Signature

MayShare: TypeAlias = Callable[[Signature, Signature], bool]
"""The rule for when two signatures may both count although they have the same mailbox."""


def places_of(mailbox: str) -> tuple[str, str]:
    """The two places of a mailbox; no canonical address has a blank."""
    return mailbox, f"{mailbox} 2"


def place_for(signature: Signature, holders: Sequence[Signature | None], may_share: MayShare) -> int:
    """The index of the place for a new signature: a free one if it may count there, otherwise one that it waits for.

    `holders` are the counted signatures of the two places.
    """
    twins = [index for index, holder in enumerate(holders) if holder and not may_share(signature, holder)]
    free = [index for index, holder in enumerate(holders) if holder is None]
    return next(iter(twins or free), 0)


def never(_: Signature, __: Signature) -> bool:
    """Let no two signatures share a mailbox."""
    return False


def sharing(petition: Petition) -> MayShare:
    """The rule for a petition: another name, and the same postal code; without a postal code nobody shares."""

    def may_share(one: Signature, other: Signature) -> bool:
        codes = [petition.place(signature.answers) for signature in (one, other)]
        names = [sorted(name_words(petition.signer_name(signature.answers))) for signature in (one, other)]
        return bool(codes[0][0]) and codes[0] == codes[1] and names[0] != names[1]

    return may_share
