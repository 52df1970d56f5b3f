"""Searches everything for a person, and erases what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.organizer.erase import note_erased
from core.organizer.service import OrganizerService
from core.queries import Queries
from core.signatures.holding import Holding
from core.signatures.search import Matcher, SearchPage, SearchResult, Wanted
from core.signatures.signature import Signer


class Erased(StrEnum):
    """Results of a confirmed erasure."""

    DONE = "done"
    CHANGED = "changed"
    """Nothing was erased, since something else is stored than what was shown."""


@dataclass(frozen=True)
class PersonSearch:
    """Finds people; `pages` reads without blocking writers, all other methods take one transaction each."""

    organizing: OrganizerService
    queries: Queries

    def direct(self, wanted: Wanted) -> tuple[str, ...]:
        """The keys of the accounts that a fingerprint or a receipt leads to."""
        with self.organizing.signing.work() as work:
            return work.holdings.find(wanted)

    def pages(self, wanted: Wanted) -> Iterator[SearchPage]:
        """Search everything, page by page."""
        signing = self.organizing.signing
        return self.queries.search(Matcher(wanted, signing.petitions, signing.mailboxes))

    def into(self, result: SearchResult, wanted: Wanted) -> Iterator[tuple[int, int]]:
        """Search everything and add it to a result; yields the number of rows searched, and of all, after each page."""
        for page in self.pages(wanted):
            result.add(page)
            yield result.rows, result.total
            if result.is_too_much:
                return

    def holding(self, key: str) -> Holding | None:
        """Everything stored about the account with a key."""
        with self.organizing.signing.work() as work:
            return work.holdings.get(key)

    def erase(self, shown: Holding, by: Signer) -> Erased:
        """Erase an account if exactly what was shown is still stored, and no row of it lacks a key."""
        signing = self.organizing.signing
        with signing.work() as work:
            person, current = work.signers.lock(shown.key), work.holdings.get(shown.key)
            if person is None or current is None or current.version != shown.version or current.unopened:
                return Erased.CHANGED
            signing.forget_person_in(work, person)
            note_erased(work, current, by, signing.clock())
            work.commit()
        return Erased.DONE
