"""The parts that signing needs, put together once when the process starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.errors import PetitionUnreadableError
from core.messages import Catalog, Message, negotiate
from core.petition.collection import published
from core.petition.mailbox import MailboxRules
from core.petition.petition import Petition
from core.ports import Clock, NewCode, UnitOfWork
from core.services.known_checks import NO_CHECKS, KnownChecks
from core.signatures.quarantine import STANDARD, Thresholds
from core.signatures.signature import Signer

_AROUND = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True)
class SigningSetup:
    """Everything that signing needs.

    `petitions` may hide some, as a PetitionCollection does. `thresholds` apply unless organizers changed them. `broken`
    are petitions whose folders can't be read at the moment. `organizers` are accounts as (platform, id), beside those
    that joined: their visits aren't counted. `checks` are those of the sources.
    """

    petitions: Mapping[str, Petition]
    catalog: Catalog
    mailboxes: MailboxRules
    work: Callable[[], UnitOfWork]
    clock: Clock
    new_code: NewCode
    thresholds: Thresholds = STANDARD
    broken: frozenset[str] = frozenset()
    organizers: frozenset[tuple[str, str]] = frozenset()
    checks: KnownChecks = NO_CHECKS

    def organizes(self, work: UnitOfWork, signer: Signer) -> bool:
        """True if an account is an organizer's."""
        return (signer.platform, signer.user_id) in self.organizers or work.organizers.has(signer)

    def find(self, slug: str) -> Petition | None:
        """The petition; None if there is none. Raises PetitionUnreadableError while its folder has errors."""
        if slug in self.broken:
            raise PetitionUnreadableError(slug)
        return self.published.get(slug)

    def has(self, slug: str) -> bool:
        """True if a petition that is there, listed or not, is stored under this slug."""
        return slug in self.petitions and self.petitions[slug].slug == slug

    @cached_property
    def published(self) -> Mapping[str, Petition]:
        """The petitions whose signatures count."""
        return published(self.petitions)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Every available language: the product's own, then those with only a translation of a petition."""
        written = (language for petition in self.petitions.values() for language in petition.languages)
        return tuple(dict.fromkeys([*self.catalog.locales, *written]))

    def negotiate(self, *wanted: str) -> str:
        """The first requested language that is available, otherwise the product's default."""
        return negotiate(self.languages, *wanted)

    def means_stop(self, text: str) -> bool:
        """True for one of the words that turn off all updates, in any of the product's languages."""
        return _AROUND.sub("", text).casefold() in self._stop_words

    @cached_property
    def _stop_words(self) -> frozenset[str]:
        lists = (self.catalog.text(Message("updates.words"), locale) for locale in self.catalog.locales)
        return frozenset(word.strip().casefold() for words in lists for word in words.split(","))
