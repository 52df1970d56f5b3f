"""Everything stored about an account."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from core.petition.form import FieldKind
from core.petition.petition import Petition
from core.signatures.search import Wanted
from core.signatures.signature import Signature, SignatureStatus, Signer


@dataclass(frozen=True, slots=True)
class Holding:
    """Everything stored about an account.

    `key` is the account's fingerprint, which is not personal. `signer` is None if the account can't be opened.
    `signatures` include withdrawn ones, and have their answers if these could be opened. `drafts` are the petitions
    that the person began to sign, `opened` the others that they opened, and `waiting` the number of messages to be
    sent to them. `unopened` rows lack a key that may come back, so nothing can be erased yet; those whose key was
    destroyed don't count.
    """

    key: str
    platform: str
    met_at: dt.datetime
    signer: Signer | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    drafts: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    waiting: int = 0
    unopened: int = 0

    @property
    def version(self) -> str:
        """Eight letters that change with what is stored, so a confirmation only erases what was shown."""
        signatures = [(each.id, each.status.value) for each in self.signatures]
        stored = (self.key, self.met_at.timestamp(), signatures, self.drafts)
        return hashlib.sha256(repr(stored).encode()).hexdigest()[:8]

    @property
    def standing(self) -> tuple[Signature, ...]:
        """The signatures that were not withdrawn."""
        return tuple(each for each in self.signatures if each.status is not SignatureStatus.WITHDRAWN)

    @property
    def only_opened(self) -> tuple[str, ...]:
        """The petitions that the person opened, but neither signed nor began to sign."""
        signed = {each.petition for each in self.signatures}
        return tuple(petition for petition in self.opened if petition not in signed)

    def names(self, petitions: Mapping[str, Petition]) -> tuple[str, ...]:
        """The names that the person signed with, or otherwise the one kept for prefilling."""
        signed = (self._name(each, petitions[each.petition]) for each in self.standing if each.petition in petitions)
        return tuple(dict.fromkeys(filter(None, signed))) or tuple(filter(None, [self.details.get("name", "")]))

    def _name(self, signature: Signature, petition: Petition) -> str:
        names = (each.name for each in petition.fields if each.kind is FieldKind.NAME)
        return " ".join(filter(None, (signature.answers.get(name, "") for name in names)))


class Holdings(Protocol):
    """Everything stored about accounts, for organizers who erase them."""

    def find(self, wanted: Wanted) -> tuple[str, ...]:
        """The keys of the accounts that a fingerprint or a receipt leads to, without a search."""

    def get(self, key: str) -> Holding | None:
        """Everything stored about the account with a key."""
