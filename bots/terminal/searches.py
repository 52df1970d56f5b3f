"""Searches that an organizer at the terminal asked for, with a progress bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from bots.common.progress_bar import progress_bar
from bots.terminal.own_entries import handle_own
from core.conversation.screen import View
from core.organizer.erase_order import SearchOrder, search_topic
from core.organizer.person_search import PersonSearch, answer_search
from core.signatures.search import SearchResult, Wanted, parse_wanted
from core.signatures.signature import Signer


def search_now(search: PersonSearch, wanted: Wanted, console: Console) -> SearchResult:
    """Search everything, and show a bar meanwhile if the console is a terminal."""
    result = SearchResult()
    with progress_bar(console) as progress:
        for page in search.pages(wanted):
            result.add(page)
            progress(result.rows, result.total)
            if result.is_too_much:
                break
    return result


@dataclass(frozen=True)
class TerminalSearches:
    """Searches immediately, since no outbox worker runs here."""

    search: PersonSearch
    console: Console

    def work_off(self, signer: Signer) -> list[View]:
        """The answers to this person's searches."""

        def answer(payload: Mapping[str, Any]) -> View | None:
            order = SearchOrder(**payload)
            wanted = parse_wanted(order.words)
            result = search_now(self.search, wanted, self.console) if wanted else SearchResult()
            answered = answer_search(self.search.organizing, signer.platform, order, result)
            return answered[1] if answered else None

        signing = self.search.organizing.signing
        views = handle_own(signing.work, signing.clock, search_topic(signer.platform), signer, answer)
        return [view for view in views if view]
