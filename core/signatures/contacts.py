"""The signers that organizers can write to: those who want updates, and the addresses that can be used for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from core.petition import mail_domain
from core.petition.form import FieldKind
from core.petition.petition import Petition
from core.signatures.consent import UpdatesChoice
from core.signatures.disposable import is_disposable


def usable_contacts(petition: Petition, answers: Mapping[str, str]) -> str:
    """The kinds of contact data among the answers that can be used, separated by spaces.

    An email address is doubtful if its domain is one slip away from a large provider's, which the signer was asked
    about, or if it is disposable. Phone numbers are checked when they are typed.
    """
    address = petition.answered(FieldKind.EMAIL, answers)
    domain = address.rpartition("@")[2].lower()
    is_doubtful = mail_domain.meant(domain) is not None or is_disposable(address)
    given = {
        FieldKind.EMAIL: bool(address) and not is_doubtful,
        FieldKind.PHONE: bool(petition.answered(FieldKind.PHONE, answers)),
    }
    return " ".join(kind.value for kind, is_usable in given.items() if is_usable)


def opt_in(*, updates: bool, by_email: bool, contacts: str) -> str:
    """The channel for updates (`UpdatesChoice`); for email, followed by the kinds of contact data that can be used."""
    if by_email:
        return f"{UpdatesChoice.EMAIL.value} {contacts}".strip()
    return (UpdatesChoice.HERE if updates else UpdatesChoice.NO).value


@dataclass(frozen=True, slots=True)
class OptIns:
    """Numbers of counted signatures: those that want updates, by channel, and their usable contact data."""

    here: int = 0
    by_email: int = 0
    addresses: int = 0
    phones: int = 0

    @classmethod
    def of(cls, counts: Iterable[tuple[str, int]]) -> Self:
        """Add up the counts of the values of `opt_in`."""
        channels, usable = Counter[str](), Counter[str]()
        for value, count in counts:
            channel, *kinds = value.split()
            channels[channel] += count
            usable.update(dict.fromkeys(kinds, count))
        return cls(
            channels[UpdatesChoice.HERE],
            channels[UpdatesChoice.EMAIL],
            usable[FieldKind.EMAIL],
            usable[FieldKind.PHONE],
        )

    @property
    def total(self) -> int:
        """All that want updates, on either channel."""
        return self.here + self.by_email
