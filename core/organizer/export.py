"""`/export`: the signers' file or the hand-in, made later and sent to the organizer's own chat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from core.conversation.screen import Button, Line, Screen, Style
from core.export.request import ALL_COUNTED, ANY, PDF, FileRequest, SignatureFilter
from core.messages import Command, Message
from core.organizer.command import (
    FILTERS,
    PETITION,
    OrganizerCommand,
    OrganizerContext,
    Parameter,
    PetitionOrder,
    Petitions,
    about_petition,
    carried,
    sentence,
    split_petition,
)
from core.organizer.export_matches import ExportMatches
from core.organizer.filter_words import beginning, parse_when, split_filters
from core.outbox import NewEntry, Topic
from core.outreach.communities import written_titles
from core.petition.petition import Petition
from core.signatures.signature import SignatureStatus

FORMATS: Mapping[str, Message] = {
    "xlsx": Message("export.xlsx"),
    "csv": Message("export.csv"),
    "jsonl": Message("export.jsonl"),
    PDF: Message("export.pdf"),
    "actionkit": Message("export.actionkit"),
    "action_network": Message("export.action_network"),
}
"""The available formats, and the words on their buttons."""


@dataclass(frozen=True, slots=True)
class FileOrder:
    """A file that an organizer asked for, as its outbox entry stores it: see core.export.request.

    `since` is a time in ISO 8601, or empty.
    """

    user_id: str
    petition: str
    form: str
    locale: str
    since: str = ""
    label: str = ""
    language: str = ""
    status: str = ALL_COUNTED.status

    @property
    def request(self) -> FileRequest:
        """The file that they asked for."""
        since = dt.datetime.fromisoformat(self.since) if self.since else None
        only = SignatureFilter(since, self.label, self.language, self.status)
        return FileRequest(self.petition, self.form, self.language or self.locale, only)


def file_topic(platform: str) -> Topic:
    """The topic for organizers' files on a platform; sending one twice does no harm."""
    return Topic(f"files.{platform}", repeat=True)


@dataclass(frozen=True, slots=True)
class Export(PetitionOrder):
    """Make a file in one of FORMATS, or ask which if `form` is empty; `filters` are as they were typed."""

    name = "export"
    example = "csv since=7d"
    form: str = ""
    filters: str = ""

    @property
    def known(self) -> tuple[str, ...]:
        """The formats."""
        return tuple(FORMATS)

    @property
    def rest(self) -> str:
        """The format and the filters."""
        return f"{self.form} {self.filters}".strip()


def _parse(argument: str, petitions: Petitions) -> Export:
    slug, words = split_petition(argument, petitions)
    form, _, filters = words.partition(" ")
    if form.lower() in FORMATS:
        return Export(slug, form.lower(), filters.strip())
    return Export(slug, "", words) if "=" in words else Export(slug, unknown=words)


def _export(context: OrganizerContext, order: Export) -> Screen:
    slug, form, petition = order.petition, order.form, context.petition(order.petition)
    only = _filters(order.filters, petition, context.now)
    if isinstance(only, Message):
        return Screen((Line(only),))
    if not form:
        orders = ((words, carried(replace(order, form=name))) for name, words in FORMATS.items())
        rows = tuple((Button(words, order=one),) for words, one in orders if one)
        if not rows:  # no button has room for these filters
            return Screen((Line(_how()),))
        return Screen((Line(Message("export.which", {"title": context.title(slug)}), Style.HEADING),), rows)
    if refused := only.refused_by(form):
        return sentence("export.unfiltered", filters=refused)
    titles = written_titles(context.work.cards.communities(), context.catalog)
    pairs, _ = split_filters(order.filters)
    if nothing := ExportMatches(context.work.reviews, petition, titles).nothing(form, only, dict(pairs)):
        return Screen(nothing)
    return _order(context, order, only)


def _order(context: OrganizerContext, order: Export, only: SignatureFilter) -> Screen:
    """Put the order into the outbox."""
    signer, now = context.signer, context.now
    since = only.since.isoformat() if only.since else ""
    file = FileOrder(
        signer.user_id, order.petition, order.form, context.locale, since, only.label, only.language, only.status
    )
    # Once a minute: a command that arrives twice, or a button tapped twice, is still one request.
    key = " ".join(filter(None, (signer.user_id, order.petition, order.rest, f"{now:%Y-%m-%dT%H:%M}")))
    person = context.work.signers.lock_or_create(signer, now).id
    new = context.work.outbox.put([NewEntry(file_topic(signer.platform), key, now, asdict(file), person=person)])
    return sentence("export.begun" if new else "export.again")


def _how() -> Message:
    """The message on how to write the filters, after a format."""
    return Message("export.how", {"command": Command(Export.name), "statuses": _STATUSES})


def _filters(words: str, petition: Petition, now: dt.datetime) -> SignatureFilter | Message:
    """The filters in these words, each given at most once; or a message on how to write them."""
    pairs, rest = split_filters(words)
    given = dict(pairs)
    since = parse_when(given["since"]) if "since" in given else None
    language, status = given.get("language", "").lower(), given.get("status", ALL_COUNTED.status).lower()
    is_understood = (
        not rest and len(given) == len(pairs) and given.keys() <= _FILTERS
        and (since is not None) == ("since" in given)
        and status in _STATUSES
    )  # fmt: skip
    if not is_understood:
        return _how()
    if language and language not in petition.languages:
        return Message("export.no_language", {"language": language, "languages": petition.languages})
    begun = beginning(since, now, petition) if since else None
    return SignatureFilter(begun, given.get("label", "").lower(), language, status)


_STATUSES = (*(status.value for status in SignatureStatus), ANY)
_FILTERS = frozenset({"since", "label", "language", "status"})

EXPORT = OrganizerCommand(
    "export", Message("command.export"), _parse, about_petition(_export),
    parameters=(PETITION, Parameter("format", tuple(FORMATS)), FILTERS),
)  # fmt: skip
