"""`/link` and `/sources`: tracked links, and what each of them brought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from core.conversation.picture import LinkCode
from core.conversation.screen import Facts, Line, Screen, ShareLink, Style
from core.messages import Message, Words
from core.organizer.command import Context, OrganizerCommand, about_petition, number, said
from core.organizer.figures import listed
from core.petition.petition import is_community, is_personal, valid_label
from core.signatures.breakdowns import OWN_LINKS, Facet

SHOWN = 20


def _link(context: Context, slug: str, name: str) -> Screen:
    """A link, and its QR code, whose signatures are counted under a label.

    One that looks like a signer's own would be taken for it.
    """
    label = valid_label(name)
    if label is None or is_personal(label) or is_community(label):
        return said("organizer.link_how")
    words = Message("organizer.link", {"label": label})
    return Screen((ShareLink(slug, label, context.title(slug), words),), pictures=(LinkCode(slug, label),))


def _sources(context: Context, slug: str, _: str) -> Screen:
    """How many counted signatures each label brought; signers' own links as one number, so that nobody is exposed."""
    heading = Line(Message("organizer.sources", {"title": context.title(slug)}), Style.HEADING)
    return Screen((heading, Facts(tuple(label_rows(context, slug)))))


def label_rows(context: Context, slug: str, since: dt.date | None = None) -> Iterator[tuple[Words, Words]]:
    """What each link and community brought, the most first, then signers' own links, then no link at all."""
    brought = dict(context.work.breakdowns.by_value(slug, Facet.LABEL, since))
    own, without = brought.pop(OWN_LINKS, 0), brought.pop("", 0)
    yield from listed(
        [(called(label), count) for label, count in brought.items()], SHOWN, Message("organizer.other_links")
    )
    yield called(OWN_LINKS), number(own)
    yield called(""), number(without)


def called(label: str) -> Words:
    """What a link is called by which somebody came."""
    if label == OWN_LINKS:
        return Message("organizer.personal_links")
    if not label:
        return Message("organizer.no_link")
    return Message("organizer.community", {"label": label}) if is_community(label) else label


LINK = OrganizerCommand("link", Message("command.link"), about_petition("link", _link))
SOURCES = OrganizerCommand("sources", Message("command.sources_brought"), about_petition("sources", _sources))
