"""Searches that an organizer at the terminal asked for, with a progress bar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from bots.common.progress_bar import progress_bar
from bots.terminal.own_entries import handle_own
from core.conversation.screen import View
from core.organizer.erase_order import SearchOrder, search_topic
from core.organizer.person_search import PersonSearch
from core.organizer.running_search import answer_search, start
from core.signatures.signature import Signer


def watch(steps: Iterator[tuple[int, int]], console: Console) -> None:
    """Search, and show a bar meanwhile if the console is a terminal; each step gives the rows done, and all."""
    with progress_bar(console) as progress:
        for done, total in steps:
            progress(done, total)


@dataclass(frozen=True)
class TerminalSearches:
    """Searches immediately, since no outbox worker runs here."""

    search: PersonSearch
    console: Console

    def work_off(self, signer: Signer) -> list[View]:
        """The answers to this person's searches."""

        def answer(payload: Mapping[str, Any]) -> View | None:
            order = SearchOrder(**payload)
            search = start(self.search, order)
            if search is None:
                return None
            watch(search.steps(), self.console)
            answered = answer_search(self.search.organizing, signer.platform, order, search)
            return answered[1] if answered else None

        signing = self.search.organizing.signing
        views = handle_own(signing.work, signing.clock, search_topic(signer.platform), signer, answer)
        return [view for view in views if view]
