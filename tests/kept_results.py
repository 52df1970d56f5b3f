"""A search for a person that is already done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.conversation.screen import Screen, View
from core.organizer.command import OrganizerContext
from core.organizer.erase_order import SearchOrder
from core.organizer.kept_search import answer_result
from core.organizer.running_search import SCREENS, answer_search
from core.organizer.service import OrganizerService
from core.signatures.search import SearchResult
from core.signatures.signature import Signer


def answered(
    organizing: OrganizerService, platform: str, order: SearchOrder, result: SearchResult
) -> tuple[Signer, View] | None:
    """The answer to an order with a result."""
    return answer_search(organizing, platform, order, Finished(order, result))


@dataclass
class Finished:
    """core.organizer.running_search.RunningSearch with a given result."""

    order: SearchOrder
    result: SearchResult

    def steps(self) -> Iterator[tuple[int, int]]:
        return iter(())

    def screen(self, context: OrganizerContext) -> Screen:
        wanted = SCREENS[self.order.command].parse(self.order.words)
        assert wanted
        return answer_result(context, wanted, self.result, self.order.command, SCREENS[self.order.command])
