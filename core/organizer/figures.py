"""Shared by `/count`, `/stats`, and `/chart`: periods, counts, and lists cut to fit a screen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.conversation.funnel import PENDING
from core.conversation.screen import Button, Facts, Line, Order, Style
from core.messages import Argument, Message, Words
from core.organizer.command import OrganizerContext, number
from core.petition.form import FieldKind
from core.petition.zone import zone_words
from core.signatures.breakdowns import Facet
from core.signatures.contacts import OptIns
from core.signatures.signature import SignatureStatus, Tally

ALL = "all"
PERIODS = ("7d", "30d", "90d", ALL)
"""The periods on buttons, by the name to type."""
LONGEST_PERIOD = 9999  # days
_PERIOD = re.compile(r"([1-9]\d{0,3})(d|w)")
_SPELLED = re.compile(r"\b(\d+)\s*(d|w)(?:ays?|eeks?)?\b")

_NOT_COUNTED: Mapping[SignatureStatus, Message] = {
    SignatureStatus.DUPLICATE: Message("stats.duplicate"),
    SignatureStatus.QUARANTINED: Message("stats.quarantined"),
    SignatureStatus.INVALID: Message("stats.invalid"),
    SignatureStatus.WITHDRAWN: Message("stats.withdrawn"),
}
_USABLE: Mapping[FieldKind, Message] = {
    FieldKind.EMAIL: Message("stats.addresses"),
    FieldKind.PHONE: Message("stats.phones"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a petition in a period."""

    context: OrganizerContext
    slug: str
    period: str

    @property
    def since(self) -> dt.datetime | None:
        """The moment at which the period's first day begins; None if the period has no beginning."""
        first = self.first_day
        return self.context.petitions[self.slug].midnight(first).astimezone(dt.UTC) if first else None

    @property
    def hours(self) -> tuple[tuple[dt.datetime, Tally], ...]:
        """The signatures of each hour of signing in the period, oldest first."""
        return self.context.work.tallies.hours(self.slug, self.since)

    @property
    def first_day(self) -> dt.date | None:
        """The period's first day, in the petition's time zone."""
        days, today = _days(self.period), self.context.petitions[self.slug].day(self.context.now)
        return today - dt.timedelta(days=days - 1) if days else None

    @property
    def zone(self) -> Words:
        """The name of the petition's time zone."""
        return zone_words(self.context.petitions[self.slug].zone)

    @property
    def words(self) -> Message:
        """The name of the period."""
        return period_words(self.period)


def split_words(argument: str, *among: Iterable[str]) -> tuple[str, list[str], str]:
    """The period that an argument names, the first word that each collection has, and the words not understood.

    A period is the number of days including today: `90d`, `90 days` and `12w` are understood. Whatever isn't
    named is empty.
    """
    words = _SPELLED.sub(r"\1\2", argument.lower()).split()
    period = next((name for name in map(period_of, words) if name), "")
    collections = [set(names) for names in among]
    found = [next((word for word in words if word in names), "") for names in collections]
    unknown = (word for word in words if not period_of(word) and not any(word in names for names in collections))
    return period, found, " ".join(unknown)


def period_of(word: str) -> str:
    """The period that a word names, in days, or `all`; empty if it names none."""
    period = _PERIOD.fullmatch(word)
    days = int(period[1]) * (7 if period[2] == "w" else 1) if period else 0
    return word if word == ALL else f"{days}d" if 0 < days <= LONGEST_PERIOD else ""


def period_words(period: str) -> Message:
    """The name of a period."""
    days = _days(period)
    return Message("stats.last_days", {"count": days}) if days else Message("stats.all_time")


def _days(period: str) -> int | None:
    return None if period == ALL else int(period.removesuffix("d"))


def period_buttons(order: Callable[[str], Order], present: str) -> tuple[Button, ...]:
    """Buttons for the other periods."""
    return tuple(Button(period_words(name), order=order(name)) for name in PERIODS if name != present)


def standing(context: OrganizerContext, slug: str) -> tuple[Line, Facts]:
    """A petition's current counts: signatures by status, those of today, unfinished ones, and who can be written to."""
    tallies, petition = context.work.tallies, context.petition(slug)
    tally = tallies.of(slug)
    today = total(tally for _, tally in tallies.hours(slug, petition.last_midnight(context.now)))
    rows: list[tuple[Words, Words]] = [
        (Message("stats.counted"), number(tally.counted)),
        (Message("stats.signed_ever"), number(tally.signed)),
        (Message("stats.today", {"zone": zone_words(petition.zone)}), split(today)),
        (Message("stats.goal"), number(petition.next_goal(tally.counted))),
        (Message("stats.pending"), number(context.work.breakdowns.steps(slug).get(PENDING, 0))),
    ]
    rows += [(words, number(tally.totals.get(status, 0))) for status, words in _NOT_COUNTED.items()]
    rows += contact_rows(context, slug)
    return Line(context.title(slug), Style.HEADING), Facts(tuple(rows))


def contact_rows(context: OrganizerContext, slug: str, since: dt.date | None = None) -> list[tuple[Words, Words]]:
    """The counted signers who want updates, and the addresses and phone numbers that can be used for them.

    After an erasure, nobody can be written to.
    """
    agreed = OptIns.of(context.work.breakdowns.by_value(slug, Facet.UPDATES, since))
    about: dict[str, Argument] = {"number": agreed.total, "here": agreed.here, "email": agreed.by_email}
    rows: list[tuple[Words, Words]] = [
        (Message("stats.opt_ins"), Message("stats.by_channel", about) if agreed.total else "0")
    ]
    petition, usable = context.petition(slug), {FieldKind.EMAIL: agreed.addresses, FieldKind.PHONE: agreed.phones}
    if context.work.decisions.of(slug).erased_at:
        return rows
    return rows + [(_USABLE[kind], number(count)) for kind, count in usable.items() if petition.first_field(kind)]


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies."""
    return sum(tallies, start=Tally())


def split(tally: Tally) -> Message:
    """The number that signed; and how many of those were withdrawn or don't count for another reason, if any."""
    words = [Message("stats.part_signed", {"count": tally.signed})]
    if tally.withdrawn:
        words.append(Message("stats.part_withdrawn", {"count": tally.withdrawn}))
    if tally.set_aside:
        words.append(Message("stats.part_set_aside", {"count": tally.set_aside}))
    return Message("stats.parts", {"words": tuple(words)})


def percent(part: int, whole: int) -> Message:
    """The share that a part has of a whole, in percent."""
    return Message("stats.percent", {"percent": round(100 * part / whole)})


def day_note(figures: Figures) -> Line:
    """A line that says which signatures the counts of a period are about."""
    return Line(Message("stats.day_note", {"zone": figures.zone}), Style.NOTE)


def as_of_line(context: OrganizerContext, petition: str) -> tuple[Line, ...]:
    """A line that says how old figures are that come from a standby."""
    if context.as_of is None:
        return ()
    return (Line(context.as_of.words(context.petitions[petition].zone), Style.NOTE),)


def heading(figures: Figures, words: Message) -> tuple[Line, Line]:
    """The petition's title, and the heading of a part."""
    return Line(figures.context.title(figures.slug), Style.NOTE), Line(words, Style.HEADING)


def listed(rows: Sequence[tuple[Words, int]], most: int, others: Message) -> Iterator[tuple[Words, Words]]:
    """The first rows, and the sum of all others."""
    yield from ((name, number(count)) for name, count in rows[:most])
    if len(rows) > most:
        yield others, number(sum(count for _, count in rows[most:]))
