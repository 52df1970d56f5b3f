"""The parts that signing needs, put together once when the process starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.messages import Catalog, negotiate
from core.petition.mailbox import MailboxRules
from core.petition.petition import Petition
from core.ports import Clock, NewCode, UnitOfWork
from core.signatures.quarantine import STANDARD, Thresholds


@dataclass(frozen=True)
class SigningSetup:
    """Everything that signing needs. `thresholds` apply unless organizers changed them."""

    petitions: Mapping[str, Petition]
    catalog: Catalog
    mailboxes: MailboxRules
    work: Callable[[], UnitOfWork]
    clock: Clock
    new_code: NewCode
    thresholds: Thresholds = STANDARD

    @property
    def languages(self) -> tuple[str, ...]:
        """Every available language: the product's own, then those with only a translation of a petition."""
        written = (language for petition in self.petitions.values() for language in petition.languages)
        return tuple(dict.fromkeys([*self.catalog.locales, *written]))

    def negotiate(self, *wanted: str) -> str:
        """The first requested language that is available, otherwise the product's default."""
        return negotiate(self.languages, *wanted)
