"""The parts that signing works with, put together once at the start of a process."""

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
    """Everything that signing works with. `thresholds` apply unless organizers changed them."""

    petitions: Mapping[str, Petition]
    catalog: Catalog
    mailboxes: MailboxRules
    work: Callable[[], UnitOfWork]
    clock: Clock
    new_code: NewCode
    thresholds: Thresholds = STANDARD

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language on offer: the product's own, then those that only a petition is written in."""
        written = (language for petition in self.petitions.values() for language in petition.languages)
        return tuple(dict.fromkeys([*self.catalog.locales, *written]))

    def negotiate(self, *wanted: str) -> str:
        """The language that fits the first fitting wish, else the product's first."""
        return negotiate(self.languages, *wanted)
