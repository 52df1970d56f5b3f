"""Searches that organizers ordered with `/find`, `/erase` and `/review`, as they run later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from core.conversation.screen import Screen, View
from core.organizer.command import OrganizerContext
from core.organizer.erase import ERASE_SCREENS
from core.organizer.erase_order import NAME as ERASE
from core.organizer.erase_order import SearchOrder
from core.organizer.find import FIND_SCREENS
from core.organizer.find_order import NAME as FIND
from core.organizer.kept_search import FoundScreens, answer_result
from core.organizer.person_search import PersonSearch
from core.organizer.review import answer_matches, usual_status
from core.organizer.review_order import ListSignatures, ReviewMany, parse_review
from core.organizer.service import OrganizerService
from core.queries import Queries
from core.signatures.sealed_filter import SealedSearch
from core.signatures.search import SearchResult, Wanted
from core.signatures.signature import Signer

SCREENS: Mapping[str, FoundScreens] = {ERASE: ERASE_SCREENS, FIND: FIND_SCREENS}


class RunningSearch(Protocol):
    """A search that reads page by page, without blocking writers."""

    def steps(self) -> Iterator[tuple[int, int]]:
        """Search; yields the number of rows searched so far, and the number of all, after each page."""

    def screen(self, context: OrganizerContext) -> Screen:
        """The answer, once all steps are done."""


@dataclass
class PeopleSearch:
    """A search for a person."""

    search: PersonSearch
    wanted: Wanted
    command: str
    result: SearchResult = field(default_factory=SearchResult)

    def steps(self) -> Iterator[tuple[int, int]]:
        """See RunningSearch."""
        return self.search.into(self.result, self.wanted)

    def screen(self, context: OrganizerContext) -> Screen:
        """See RunningSearch."""
        return answer_result(context, self.wanted, self.result, self.command, SCREENS[self.command])


@dataclass
class MatchSearch:
    """A search for the signatures of a petition that match filters for what is sealed."""

    organizing: OrganizerService
    queries: Queries
    order: ListSignatures | ReviewMany
    search: SealedSearch

    def steps(self) -> Iterator[tuple[int, int]]:
        """See RunningSearch."""
        order, signing = self.order, self.organizing.signing
        query = order.filters.query(signing.published[order.petition], signing.clock(), usual_status(order))
        for page in self.queries.matching(query):
            self.search.add(page)
            yield self.search.rows, self.search.total
            if self.search.is_too_much:
                return

    def screen(self, context: OrganizerContext) -> Screen:
        """See RunningSearch."""
        return answer_matches(context, self.order, self.search)


def start(search: PersonSearch, order: SearchOrder) -> RunningSearch | None:
    """The search that was ordered; None if this version finds nothing to search for in it."""
    if order.command in SCREENS:
        wanted = SCREENS[order.command].parse(order.words)
        return PeopleSearch(search, wanted, order.command) if wanted else None
    organizing = search.organizing
    parsed = parse_review(order.words, organizing.signing.published)
    if not isinstance(parsed, ListSignatures | ReviewMany) or parsed.petition not in organizing.signing.published:
        return None
    petition = organizing.signing.published[parsed.petition]
    matching = SealedSearch(petition, parsed.filters.sealed, organizing.signing.mailboxes)
    return MatchSearch(organizing, search.queries, parsed, matching)


def answer_search(
    organizing: OrganizerService, platform: str, order: SearchOrder, done: RunningSearch
) -> tuple[Signer, View] | None:
    """The organizer, and what to show them of a finished search; None if they are no longer an organizer."""
    signer = Signer(platform, order.user_id)
    with organizing.signing.work() as work:
        if not organizing.organizes_in(work, signer):
            return None
        screen = done.screen(organizing.context(work, signer, order.locale))
        work.commit()
    return signer, View(screen, order.locale, is_order_answer=True)
