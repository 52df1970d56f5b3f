"""Organizers' commands: their typed orders, and what they work with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, runtime_checkable
from zoneinfo import ZoneInfo

from core.conversation.paging import page_line, page_of, turning_by_order
from core.conversation.screen import Button, Line, Order, Screen, Style
from core.messages import Argument, Catalog, Command, Message
from core.outreach.announcement import Preview
from core.petition.collection import distinct_titles, find_slug
from core.petition.petition import LONGEST_SLUG, Petition
from core.petition.wording import nearest
from core.petition.zone import shared_zone
from core.platforms import Platform
from core.ports import NewCode, Person, UnitOfWork
from core.signatures.signature import Signer
from core.standby import AsOf

LONGEST_CARRIED = LONGEST_SLUG + 20  # bytes of an argument that fit on a button with a command
LISTED = 20  # petitions and other entries on a page; a menu on Discord has room for 25
LONGEST_PAGE = 4  # digits
LONGEST_QUOTED = 40  # characters of an organizer's words in a sentence
Petitions = Mapping[str, Petition]


@dataclass(frozen=True, slots=True)
class OrganizerContext:
    """The organizer who asks, their language, and the transaction to do it in.

    `platforms` have a bot to write to. `forget` erases a locked person in this transaction; `stop_updates` turns off
    all updates to one, and returns the petitions. `focus` is the petition that the organizer last talked about, or
    empty. `drafts` are by preview name. With `as_of`, the transaction only reads, and from a standby.
    """

    signer: Signer
    work: UnitOfWork
    petitions: Petitions
    locale: str
    now: dt.datetime
    new_code: NewCode
    forget: Callable[[Person], None]
    stop_updates: Callable[[Person], tuple[str, ...]]
    catalog: Catalog
    previews: Mapping[str, Preview] = field(default_factory=dict)
    platforms: tuple[Platform, ...] = ()
    focus: str = ""
    drafts: Petitions = field(default_factory=dict)
    as_of: AsOf | None = None

    def petition(self, slug: str) -> Petition:
        """A petition with its organizers' decisions applied."""
        return self.petitions[slug].with_decision(self.work.decisions.of(slug))

    @property
    def open_petition(self) -> str:
        """The petition in `focus` if it still exists, otherwise empty."""
        return find_slug(self.petitions, self.focus) if self.focus in self.petitions else ""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone for what belongs to no petition: that of all of them if they share one, otherwise UTC."""
        return shared_zone(self.petitions.values())

    def day(self, moment: dt.datetime) -> dt.date:
        """The day of a moment that belongs to no petition."""
        return moment.astimezone(self.zone).date()

    def title(self, slug: str) -> str:
        """The title of a petition."""
        return self.petitions[slug].text(self.locale).title


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command as it was typed or as a button carries it, with its argument still unparsed."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class PetitionOrder:
    """An order about one petition; `petition` is empty until the organizer chooses it.

    The petition comes first in the argument, then `rest`. `unknown` are the words that were not understood; they never
    go on a button. `example` is an argument to show, without the petition.
    """

    name: ClassVar[str]
    example: ClassVar[str] = ""
    petition: str = ""
    unknown: str = field(default="", kw_only=True)

    @property
    def known(self) -> tuple[str, ...]:
        """The words that this order takes."""
        return ()

    @property
    def rest(self) -> str:
        """The argument after the petition."""
        return ""

    @property
    def argument(self) -> str:
        """The whole argument."""
        return f"{self.petition} {self.rest}".strip()

    def about(self, petition: str) -> Self:
        """The same order for this petition."""
        return replace(self, petition=petition)


@dataclass(frozen=True, slots=True)
class ChoosePetition:
    """Show a page (from 0) of the petitions to choose from, for the order that a line becomes with one of them."""

    name: ClassVar[str] = "which"
    page: int
    line: CommandLine

    @property
    def argument(self) -> str:
        """The page as people count, and the line."""
        return f"{self.page + 1} {self.line.name} {self.line.argument}".strip()


OrderT = TypeVar("OrderT", bound=Order)
PetitionOrderT = TypeVar("PetitionOrderT", bound=PetitionOrder)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A part of a command's argument, for surfaces that ask for each part by its name.

    `words` are values to choose from, in lower case; without any, it may be every text.
    """

    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """The text that ends a command's argument: its name and an example for a form, and its most characters."""

    caption: Message
    longest: int
    example: Message


PETITION = Parameter("petition")
"""The petition's slug, which comes first."""
LABEL, FILTERS, TEXT, PERSON = Parameter("label"), Parameter("filters"), Parameter("text"), Parameter("person")


@dataclass(frozen=True, slots=True)
class OrganizerCommand(Generic[OrderT]):
    """A command: its name, its line in menus, how its argument is parsed, and how the order is carried out.

    `parse` never fails: an argument it does not understand becomes an order that asks again. The audit log records
    `noted` commands with their argument. A command that `only_reads` answers again when its update is delivered again.
    One that `has_figures` may read them from a standby, and changes nothing.
    The argument consists of the `parameters`, in their order; each may be missing. A command for a longer text has a
    `writing`.
    """

    name: str
    description: Message
    parse: Callable[[str, Petitions], OrderT]
    run: Callable[[OrganizerContext, OrderT], Screen]
    noted: bool = True
    only_reads: bool = False
    has_figures: bool = False
    parameters: tuple[Parameter, ...] = ()
    writing: Writing | None = None

    def answer(self, context: OrganizerContext, argument: str) -> Screen:
        """Parse an argument (which may be empty), and carry out the order."""
        return self.run(context, self.parse(argument.strip(), context.petitions))


AnyCommand = OrganizerCommand[Any]


def plain(
    name: str, description: Message, run: Callable[[OrganizerContext], Screen], *,
    noted: bool = True, only_reads: bool = False,
) -> OrganizerCommand[CommandLine]:  # fmt: skip
    """A command that takes no argument."""
    return OrganizerCommand(
        name, description, lambda _, __: CommandLine(name), lambda context, _: run(context), noted, only_reads
    )


def split_petition(argument: str, petitions: Petitions) -> tuple[str, str]:
    """The petition that the first word names, otherwise the only one or ""; and the rest of the argument."""
    first, _, rest = argument.partition(" ")
    if first.lower() in petitions:
        return find_slug(petitions, first.lower()), rest.strip()
    return (next(iter(petitions)) if len(petitions) == 1 else ""), argument


def about_petition(
    run: Callable[[OrganizerContext, PetitionOrderT], Screen],
) -> Callable[[OrganizerContext, PetitionOrderT], Screen]:
    """Let the organizer choose the petition first if the order names none and they have none open.

    The screen begins with what was not understood in the order.
    """

    def choose(context: OrganizerContext, order: PetitionOrderT) -> Screen:
        slug = order.petition or context.open_petition
        if not context.petitions:
            return sentence("organizer.unpublished", command=Command("drafts"))
        screen = run(context, order.about(slug)) if slug else choose_petition(context, order)
        return replace(screen, parts=(*misunderstood(context, order), *screen.parts))

    return choose


def misunderstood(context: OrganizerContext, order: PetitionOrder) -> Iterator[Line]:
    """A line that quotes the words of an order that were not understood, with the word that was probably meant."""
    if not order.unknown:
        return
    about: dict[str, Argument] = {"words": quoted(order.unknown), "command": example_of(context, order, order.example)}
    near = nearest(order.unknown, (*order.known, *context.petitions))
    about |= {"near": near} if near else {}
    yield Line(Message("organizer.unknown_near" if near else "organizer.unknown", about), Style.ALERT)


def example_of(
    context: OrganizerContext, order: PetitionOrder, argument: str = "", text: Message | None = None
) -> Command:
    """An order as an organizer may type it, with an argument or a text; of several petitions, it names one."""
    petition = context.petitions.get(order.petition) or next(iter(context.petitions.values()), None)
    slug = petition.public_slug if petition and len(context.petitions) > 1 else ""
    return Command(" ".join(filter(None, (order.name, slug, argument))), text=text)


def quoted(words: str) -> str:
    """Words short enough to repeat in a sentence."""
    return words if len(words) <= LONGEST_QUOTED else words[:LONGEST_QUOTED].rstrip() + "…"


@runtime_checkable
class AboutOne(Order, Protocol):
    """An order for which a petition has to be chosen."""

    def about(self, petition: str) -> Order:
        """The same order for this petition."""


def choose_petition(context: OrganizerContext, order: AboutOne, page: int = 0) -> Screen:
    """A page (from 0) of buttons, one for each petition, with the order for it; or only its name if it is too long."""
    slugs, page, pages = page_of(tuple(context.petitions), page, LISTED)
    titles = distinct_titles(context.petitions, context.locale)
    rows = (
        (Button(titles[slug], order=carried(order.about(slug)) or CommandLine(order.name, slug)),) for slug in slugs
    )
    line = CommandLine(order.name, order.argument)
    line = line if carried(ChoosePetition(pages, line)) else CommandLine(order.name)
    turns = turning_by_order(page, pages, lambda to: ChoosePetition(to, line))
    return Screen((Line(Message("organizer.which"), Style.HEADING), *page_line(page, pages)), (*rows, *turns))


def carried(order: OrderT) -> OrderT | None:
    """The order if it fits on a button, else None."""
    return order if len(order.argument.encode()) <= LONGEST_CARRIED else None


def parse_page(argument: str) -> int:
    """The page that an argument names, from 0; the first one for any other words."""
    fits = argument.isascii() and argument.isdecimal() and len(argument) <= LONGEST_PAGE
    return max(int(argument) - 1, 0) if fits else 0


def name_page(page: int) -> str:
    """The argument that names a page (from 0), as people count; empty for the first."""
    return str(page + 1) if page else ""


def number(count: int) -> Message:
    """A number as the reader's language writes it."""
    return Message("organizer.number", {"number": count})


def difference(count: int) -> Message:
    """A change in a number, with its sign unless it is zero."""
    return Message("organizer.increase", {"number": count}) if count > 0 else number(count)


def sentence(key: str, **arguments: Argument) -> Screen:
    """A screen with one sentence."""
    return Screen((Line(Message(key, arguments)),))
