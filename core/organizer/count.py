"""`/count`: each petition's totals, including signatures that do not count; signers get the public count instead."""

from __future__ import annotations

from core.conversation.screen import Screen
from core.messages import Command, Message
from core.organizer.command import (
    PETITION,
    OrganizerCommand,
    OrganizerContext,
    PetitionOrder,
    Petitions,
    misunderstood,
    sentence,
)
from core.organizer.figures import standing
from core.petition.collection import find_slug

MOST_LISTED = 10  # petitions on one screen


class Count(PetitionOrder):
    """Show the totals of one petition, or of all."""

    name = "count"


def _parse(argument: str, petitions: Petitions) -> Count:
    slug = argument.lower()
    return Count(find_slug(petitions, slug)) if slug in petitions else Count(unknown=argument)


def _count(context: OrganizerContext, order: Count) -> Screen:
    if not context.petitions:
        return sentence("organizer.unpublished", command=Command("drafts"))
    slugs = [order.petition] if order.petition else list(context.petitions)[:MOST_LISTED]
    return Screen((*misunderstood(context, order), *(part for slug in slugs for part in standing(context, slug))))


COUNT = OrganizerCommand(
    "count", Message("command.count"), _parse, _count, noted=False, only_reads=True, parameters=(PETITION,)
)
