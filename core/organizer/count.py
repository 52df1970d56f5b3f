"""`/count`: each petition's totals, including signatures that do not count; signers get the public count instead."""

from __future__ import annotations

from dataclasses import dataclass

from core.conversation.paging import page_line, page_of, turning_by_order
from core.conversation.screen import Screen
from core.messages import Command, Message
from core.organizer.command import (
    PETITION,
    OrganizerCommand,
    OrganizerContext,
    PetitionOrder,
    Petitions,
    misunderstood,
    name_page,
    parse_page,
    sentence,
)
from core.organizer.figures import standing
from core.petition.collection import find_slug

MOST_LISTED = 10  # petitions on a page


@dataclass(frozen=True, slots=True)
class Count(PetitionOrder):
    """Show the totals of one petition, or a page (from 0) of those of all."""

    name = "count"
    page: int = 0

    @property
    def rest(self) -> str:
        """The page as people count, except for the first."""
        return name_page(self.page)


def _parse(argument: str, petitions: Petitions) -> Count:
    slug, page = argument.lower(), parse_page(argument)
    if slug in petitions:
        return Count(find_slug(petitions, slug))
    return Count(page=page) if page else Count(unknown=argument)


def _count(context: OrganizerContext, order: Count) -> Screen:
    if not context.petitions:
        return sentence("organizer.unpublished", command=Command("drafts"))
    every = (order.petition,) if order.petition else tuple(context.petitions)
    slugs, page, pages = page_of(every, order.page, MOST_LISTED)
    shown = (part for slug in slugs for part in standing(context, slug))
    turns = tuple(turning_by_order(page, pages, lambda to: Count(page=to)))
    return Screen((*misunderstood(context, order), *page_line(page, pages), *shown), turns)


COUNT = OrganizerCommand(
    "count", Message("command.count"), _parse, _count, noted=False, only_reads=True, parameters=(PETITION,)
)
