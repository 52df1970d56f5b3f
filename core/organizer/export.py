"""`/export`: the signers' file or the hand-in, made later, and sent to whoever asked in their own chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from core.conversation.screen import Button, Line, Order, Screen, Style
from core.messages import Message
from core.organizer.command import Context, OrganizerCommand, about_petition, said
from core.outbox import NewEntry, Topic

FORMATS: Mapping[str, Message] = {
    "csv": Message("export.csv"),
    "jsonl": Message("export.jsonl"),
    "pdf": Message("export.pdf"),
    "actionkit": Message("export.actionkit"),
    "action_network": Message("export.action_network"),
}
"""What can be asked for, and what the buttons say of it."""


@dataclass(frozen=True, slots=True)
class FileOrder:
    """A file that an organizer asked for: what its outbox entry holds. `form` is one of FORMATS."""

    user_id: str
    petition: str
    form: str
    locale: str


def file_topic(platform: str) -> Topic:
    """The files for organizers on a platform; one that comes twice does no harm."""
    return Topic(f"files.{platform}", repeat=True)


def _export(context: Context, slug: str, argument: str) -> Screen:
    form = argument.lower()
    if form not in FORMATS:
        rows = tuple((Button(words, order=Order("export", f"{slug} {name}")),) for name, words in FORMATS.items())
        return Screen((Line(Message("export.which", {"title": context.title(slug)}), Style.HEADING),), rows)
    signer, now = context.signer, context.now
    order = FileOrder(signer.user_id, slug, form, context.locale)
    # Once a minute: a command that is delivered twice, or a button tapped twice, is still one wish.
    key = f"{signer.user_id} {slug} {form} {now:%Y-%m-%dT%H:%M}"
    person = context.work.signers.lock_or_create(signer, now).id
    new = context.work.outbox.put([NewEntry(file_topic(signer.platform), key, now, asdict(order), person=person)])
    return said("export.begun" if new else "export.again")


EXPORT = OrganizerCommand("export", Message("command.export"), about_petition("export", _export))
