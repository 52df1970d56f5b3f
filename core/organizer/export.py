"""`/export`: the signers' file or the hand-in, made later and sent to the organizer's own chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from core.conversation.screen import Button, Line, Screen, Style
from core.export.request import PDF, FileRequest
from core.messages import Message
from core.organizer.command import (
    OrganizerCommand,
    OrganizerContext,
    PetitionOrder,
    Petitions,
    about_petition,
    sentence,
    split_petition,
)
from core.outbox import NewEntry, Topic

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
    """A file that an organizer asked for, as its outbox entry stores it. `form` is one of FORMATS."""

    user_id: str
    petition: str
    form: str
    locale: str

    @property
    def request(self) -> FileRequest:
        """The file that they asked for."""
        return FileRequest(self.petition, self.form, self.locale)


def file_topic(platform: str) -> Topic:
    """The topic for organizers' files on a platform; sending one twice does no harm."""
    return Topic(f"files.{platform}", repeat=True)


@dataclass(frozen=True, slots=True)
class Export(PetitionOrder):
    """Make a file in one of FORMATS, or ask which if `form` is empty."""

    name = "export"
    form: str = ""

    @property
    def rest(self) -> str:
        """The format."""
        return self.form


def _parse(argument: str, petitions: Petitions) -> Export:
    slug, form = split_petition(argument, petitions)
    return Export(slug, form.lower() if form.lower() in FORMATS else "")


def _export(context: OrganizerContext, order: Export) -> Screen:
    slug, form = order.petition, order.form
    if not form:
        rows = tuple((Button(words, order=replace(order, form=name)),) for name, words in FORMATS.items())
        return Screen((Line(Message("export.which", {"title": context.title(slug)}), Style.HEADING),), rows)
    signer, now = context.signer, context.now
    file = FileOrder(signer.user_id, slug, form, context.locale)
    # Once a minute: a command that arrives twice, or a button tapped twice, is still one request.
    key = f"{signer.user_id} {slug} {form} {now:%Y-%m-%dT%H:%M}"
    person = context.work.signers.lock_or_create(signer, now).id
    new = context.work.outbox.put([NewEntry(file_topic(signer.platform), key, now, asdict(file), person=person)])
    return sentence("export.begun" if new else "export.again")


EXPORT = OrganizerCommand("export", Message("command.export"), _parse, about_petition(_export))
