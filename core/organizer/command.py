"""What an organizer's command is, and what it works with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.conversation.screen import Button, Line, Order, Screen, Style
from core.messages import Message
from core.outreach.announcement import Preview
from core.petition.petition import LONGEST_SLUG, Petition
from core.ports import NewCode, UnitOfWork
from core.signatures.signature import Signer

LONGEST_CARRIED = LONGEST_SLUG + 20  # bytes of an argument that a button carries beside a command


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, in which language, and the transaction in which it is done."""

    signer: Signer
    work: UnitOfWork
    petitions: Mapping[str, Petition]
    locale: str
    now: dt.datetime
    new_code: NewCode
    previews: Mapping[str, Preview] = field(default_factory=dict)

    def petition(self, slug: str) -> Petition:
        """A petition under what was decided about it."""
        return self.petitions[slug].decided(self.work.decisions.of(slug))

    def title(self, slug: str) -> str:
        """What a petition is called."""
        return self.petitions[slug].text(self.locale).title


@dataclass(frozen=True, slots=True)
class OrganizerCommand:
    """A command: its name, what menus say of it, and what it answers to an argument (empty: none given).

    `noted` commands stand in the audit log with their argument.
    """

    name: str
    description: Message
    run: Callable[[Context, str], Screen]
    noted: bool = True


def about_petition(name: str, run: Callable[[Context, str, str], Screen]) -> Callable[[Context, str], Screen]:
    """A command about one petition: `run` gets its slug and the rest of the argument; without a slug one is chosen."""

    def chosen(context: Context, argument: str) -> Screen:
        first, _, rest = argument.partition(" ")
        if first.lower() in context.petitions:
            return run(context, first.lower(), rest.strip())
        if len(context.petitions) == 1:
            return run(context, next(iter(context.petitions)), argument)
        rows = tuple(
            (Button(context.title(slug), order=Order(name, carried(f"{slug} {argument}".strip()) or slug)),)
            for slug in context.petitions
        )
        return Screen((Line(Message("organizer.which"), Style.HEADING),), rows)

    return chosen


def carried(argument: str) -> str:
    """The argument if a button has room for it; otherwise nothing."""
    return argument if len(argument.encode()) <= LONGEST_CARRIED else ""


def number(count: int) -> Message:
    """A number as the reader's language writes it."""
    return Message("organizer.number", {"number": count})


def said(key: str, **arguments: str | int | dt.date) -> Screen:
    """A screen that is one sentence."""
    return Screen((Line(Message(key, arguments)),))
