"""`/link` and `/sources`: tracked links, and what each of them brought."""

from __future__ import annotations

from collections.abc import Iterator

from core.messages import Message, Words
from core.organizer.command import Context, OrganizerCommand, about_petition, number, said
from core.petition import is_community, is_personal, valid_label
from core.picture import LinkCode
from core.screen import Facts, Line, Screen, ShareLink, Style

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
    return Screen((heading, Facts(tuple(_rows(context, slug)))))


def _rows(context: Context, slug: str) -> Iterator[tuple[Words, Words]]:
    brought = context.work.tallies.credits(slug)
    personal = sum(count for label, count in brought if is_personal(label))
    named = [(label, count) for label, count in brought if count > 0 and not is_personal(label)]
    for label, count in named[:SHOWN]:
        called = Message("organizer.community", {"label": label}) if is_community(label) else label
        yield called, number(count)
    if len(named) > SHOWN:
        yield Message("organizer.other_links"), number(sum(count for _, count in named[SHOWN:]))
    yield Message("organizer.personal_links"), number(personal)
    without = context.work.tallies.of(slug).counted - sum(count for _, count in brought)
    yield Message("organizer.no_link"), number(without)


LINK = OrganizerCommand("link", Message("command.link"), about_petition("link", _link))
SOURCES = OrganizerCommand("sources", Message("command.sources_brought"), about_petition("sources", _sources))
