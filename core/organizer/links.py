"""`/link` and `/sources`: tracked links, and the signatures that came through each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from core.conversation.picture import LinkCode
from core.conversation.screen import Facts, Line, Outlets, Screen, ShareLink, Style
from core.messages import Message, Words
from core.organizer.command import (
    LABEL,
    PETITION,
    OrganizerCommand,
    OrganizerContext,
    PetitionOrder,
    Petitions,
    about_petition,
    example_of,
    number,
    sentence,
    split_petition,
)
from core.organizer.figures import as_of_line, listed
from core.outreach.communities import Titles, community_titles, named_community
from core.petition.label import is_community, is_personal, valid_label
from core.signatures.breakdowns import OWN_LINKS, Facet

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Link(PetitionOrder):
    """Make a tracked link; `label` is empty if none was given, or if it is not allowed in a link."""

    name = "link"
    example = "newsletter"
    label: str = ""

    @property
    def rest(self) -> str:
        """The label."""
        return self.label


class Sources(PetitionOrder):
    """Show the signatures by link."""

    name = "sources"


def _parse_link(argument: str, petitions: Petitions) -> Link:
    """Parse the label; refuse one that looks like a signer's own or a community's."""
    slug, name = split_petition(argument, petitions)
    label = valid_label(name) or ""
    label = "" if is_personal(label) or is_community(label) else label
    return Link(slug, label, unknown="" if label else name)


def _parse_sources(argument: str, petitions: Petitions) -> Sources:
    slug, rest = split_petition(argument, petitions)
    return Sources(slug, unknown=rest)


def _link(context: OrganizerContext, order: Link) -> Screen:
    """A link that counts signatures under a label, and its QR code."""
    slug, label = context.petitions[order.petition].public_slug, order.label
    if not label:
        return sentence("organizer.link_how", example=example_of(context, order, order.example))
    words = Message("organizer.link", {"label": label})
    link = ShareLink(slug, label, context.title(order.petition), words)
    return Screen((link,), pictures=(LinkCode(slug, label),), outlets=Outlets(order.petition))


def _sources(context: OrganizerContext, order: Sources) -> Screen:
    """Counted signatures by label; signers' own links share one number, which exposes nobody."""
    heading = Line(Message("organizer.sources", {"title": context.title(order.petition)}), Style.HEADING)
    facts = Facts(tuple(label_rows(context, order.petition)))
    return Screen((heading, facts, *as_of_line(context, order.petition)))


def label_rows(context: OrganizerContext, slug: str, since: dt.date | None = None) -> Iterator[tuple[Words, Words]]:
    """Signatures by link and community, largest first, then by signers' own links, then without a link."""
    brought = dict(context.work.breakdowns.by_value(slug, Facet.LABEL, since))
    own, without = brought.pop(OWN_LINKS, 0), brought.pop("", 0)
    titles = community_titles(context.work.cards.communities())
    rows = [(link_name(label, titles), count) for label, count in brought.items()]
    yield from listed(rows, SHOWN, Message("organizer.other_links"))
    yield link_name(OWN_LINKS, titles), number(own)
    yield link_name("", titles), number(without)


def link_name(label: str, titles: Titles) -> Words:
    """The name of a link that brought signatures; `titles` are those of communities, by label."""
    if label == OWN_LINKS:
        return Message("organizer.personal_links")
    if not label:
        return Message("organizer.no_link")
    return named_community(label, titles) or label


LINK = OrganizerCommand(
    "link", Message("command.link"), _parse_link, about_petition(_link), parameters=(PETITION, LABEL)
)
SOURCES = OrganizerCommand(
    "sources",
    Message("command.sources_brought"),
    _parse_sources,
    about_petition(_sources),
    has_figures=True,
    parameters=(PETITION,),
)
