"""Searches everything for a person: for `/find`, `/erase` and `undersign forget`, without blocking writers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.conversation.screen import View
from core.organizer.erase import ERASE_SCREENS, note_erased
from core.organizer.erase_order import NAME as ERASE
from core.organizer.erase_order import SearchOrder
from core.organizer.find import FIND_SCREENS
from core.organizer.find_order import NAME as FIND
from core.organizer.kept_search import FoundScreens, answer_result
from core.organizer.service import OrganizerService
from core.queries import Queries
from core.signatures.holding import Holding
from core.signatures.search import Matcher, SearchPage, SearchResult, Wanted, parse_wanted
from core.signatures.signature import Signer

_SCREENS: Mapping[str, FoundScreens] = {ERASE: ERASE_SCREENS, FIND: FIND_SCREENS}


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


def answer_search(
    organizing: OrganizerService, platform: str, order: SearchOrder, result: SearchResult
) -> tuple[Signer, View] | None:
    """The organizer, and what to show them of a finished search; None if they are no longer an organizer."""
    signer, wanted = Signer(platform, order.user_id), parse_wanted(order.words)
    with organizing.signing.work() as work:
        if wanted is None or not organizing.organizes_in(work, signer):
            return None
        context = organizing.context(work, signer, order.locale)
        screen = answer_result(context, wanted, result, order.command, _SCREENS[order.command])
        work.commit()
    return signer, View(screen, order.locale, is_order_answer=True)
