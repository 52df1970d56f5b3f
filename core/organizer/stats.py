"""`/stats [7d|30d|all] [part]`: when, where, and how people signed, with a screen for each part."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from babel import Locale

from core.conversation.scene import version
from core.conversation.screen import Button, Facts, Line, Part, Screen, Style
from core.conversation.signed_text import current_text
from core.messages import Command, Message, Words
from core.organizer.command import (
    LABEL,
    PETITION,
    OrganizerCommand,
    OrganizerContext,
    Parameter,
    PetitionOrder,
    Petitions,
    about_petition,
    number,
    split_petition,
)
from core.organizer.figures import (
    PERIODS,
    Figures,
    as_of_line,
    contact_rows,
    day_note,
    heading,
    listed,
    period_buttons,
    split,
    split_words,
    standing,
    total,
)
from core.organizer.links import label_rows, link_name
from core.organizer.reading import reading
from core.organizer.steps import Funnel, steps
from core.outreach.communities import community_titles
from core.petition.label import valid_label
from core.petition.petition import Petition
from core.petition.region import region_name
from core.petition.versions import PetitionVersion
from core.signatures.breakdowns import EARLIER, OWN_LINKS, Facet, by_day
from core.signatures.signature import Tally

MOST_ROWS = 31  # lines in a chat; more days are shown by week, and more weeks by month
MOST_REGIONS = MOST_KINDS = 10  # lines; the others share one
_HOURS_A_LINE = 6
OVERVIEW, STEPS = "overview", "steps"
MOST_LINKS = 6  # with buttons
_LONGEST_LINK = 13  # characters of a label that fit on a button: those of all communities do


@dataclass(frozen=True, slots=True)
class Stats(PetitionOrder):
    """Show a part of the statistics for a period; the steps also of a single link, by its label."""

    name = "stats"
    example = "30d links"
    period: str = "7d"
    part: str = OVERVIEW
    link: str = ""

    @property
    def known(self) -> tuple[str, ...]:
        """Periods and parts."""
        return *PERIODS, *PARTS

    @property
    def rest(self) -> str:
        """The period and the part; the overview is the default. A link's steps have no period."""
        if self.link:
            return f"{self.part} {self.link}"
        return f"{self.period} {self.part}".removesuffix(f" {OVERVIEW}")


def _parse(argument: str, petitions: Petitions) -> Stats:
    slug, rest = split_petition(argument, petitions)
    period, (part,), unknown = split_words(rest, PARTS)
    link = unknown if part == STEPS and (valid_label(unknown) or unknown == OWN_LINKS) else ""
    return Stats(slug, period or "7d", part or OVERVIEW, link, unknown="" if link else unknown)


def _stats(context: OrganizerContext, order: Stats) -> Screen:
    figures = Figures(context, order.petition, order.period)
    parts = steps(figures, order.link) if order.link else PARTS[order.part][1](figures)
    return Screen((*parts, *as_of_line(context, order.petition)), (*_link_buttons(figures, order), *_buttons(order)))


def _link_buttons(figures: Figures, order: Stats) -> Iterator[tuple[Button, ...]]:
    """Buttons from the steps to those of the links that the most people opened, and from a link's back to all."""
    if order.link:
        yield (Button(PARTS[STEPS][0], order=replace(order, link="")),)
    elif order.part == STEPS:
        links = Funnel(figures.context.work.breakdowns.steps_by_link(figures.slug)).links
        carried = [link for link in links if 0 < len(link) <= _LONGEST_LINK and link != EARLIER][:MOST_LINKS]
        titles = community_titles(figures.context.work.cards.communities())
        buttons = [Button(link_name(link, titles), order=replace(order, link=link)) for link in carried]
        yield from (tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _buttons(order: Stats) -> Iterator[tuple[Button, ...]]:
    """Buttons for the other periods, and for all other parts in this period."""
    if order.part not in _OF_ALL_TIME:
        yield period_buttons(lambda period: replace(order, period=period), order.period)
    others = [
        Button(words, order=replace(order, part=part)) for part, (words, _) in PARTS.items() if part != order.part
    ]
    yield from (tuple(others[at : at + 2]) for at in range(0, len(others), 2))


def _overview(figures: Figures) -> Iterator[Part]:
    """The totals, and the signatures of each day, week, or month."""
    yield from standing(figures.context, figures.slug)
    hours = figures.hours
    if not hours:
        yield Line(Message("stats.nothing"), Style.NOTE)
        return
    key, rows = _spans(by_day(hours, figures.context.petitions[figures.slug].zone))
    everything = total(tally for _, tally in hours)
    yield Line(Message(key, {"period": figures.words, "zone": figures.zone}), Style.HEADING)
    yield Facts(
        (
            (Message("stats.in_all"), split(everything)),
            (Message("stats.counted_now"), number(everything.counted)),
            *((name, split(tally)) for name, tally in rows),
        )
    )
    yield day_note(figures)


def _spans(days: Mapping[dt.date, Tally]) -> tuple[str, list[tuple[Message, Tally]]]:
    """The heading, and a row for each day; if those are too many for a chat, for each week or month. Newest first."""
    fits = (span for span in _SPANS if len(set(map(span[2], days))) <= MOST_ROWS)
    key, name, begin = next(fits, _SPANS[-1])
    spans: dict[dt.date, Tally] = {}
    for day, tally in days.items():
        spans[begin(day)] = spans.get(begin(day), Tally()) + tally
    return key, [(Message(name, {"date": day}), spans[day]) for day in sorted(spans, reverse=True)]


_SPANS: tuple[tuple[str, str, Callable[[dt.date], dt.date]], ...] = (
    ("stats.days", "fact.day", lambda day: day),
    ("stats.weeks", "stats.week", lambda day: day - dt.timedelta(days=day.weekday())),
    ("stats.months", "stats.month", lambda day: day.replace(day=1)),
)


def _hours(figures: Figures) -> Iterator[Part]:
    """Signatures by the hour of the day, with one line per quarter of a day."""
    counts, zone = Counter[int](), figures.context.petitions[figures.slug].zone
    for hour, tally in figures.hours:
        counts[hour.astimezone(zone).hour] += tally.counted
    yield from heading(figures, Message("stats.hours", {"period": figures.words, "zone": figures.zone}))
    yield Facts(
        tuple(
            (
                Message("stats.hours_from", {"first": first, "last": first + _HOURS_A_LINE - 1}),
                " · ".join(str(counts[hour]) for hour in range(first, first + _HOURS_A_LINE)),
            )
            for first in range(0, 24, _HOURS_A_LINE)
        )
    )
    yield day_note(figures)


def _links(figures: Figures) -> Iterator[Part]:
    yield from heading(figures, Message("stats.links", {"period": figures.words}))
    yield _facts(label_rows(figures.context, figures.slug, figures.first_day))
    yield day_note(figures)


def _regions(figures: Figures) -> Iterator[Part]:
    """The ten regions with the most signatures; signatures without a known region share one line."""
    counts = figures.context.work.breakdowns.by_value(figures.slug, Facet.REGION, figures.first_day)
    locale = figures.context.locale
    rows = [(region_name(region, locale), count) for region, count in counts if region]
    unknown = [(Message("stats.no_region"), number(count)) for region, count in counts if not region]
    yield from heading(figures, Message("stats.regions", {"period": figures.words}))
    yield _facts((*listed(rows, MOST_REGIONS, Message("stats.other_regions")), *unknown))
    yield day_note(figures)


def _updates(figures: Figures) -> Iterator[Part]:
    """The signers who want updates, and those whose address or phone number can be used for them."""
    yield from heading(figures, Message("stats.updates", {"period": figures.words}))
    yield Facts(tuple(contact_rows(figures.context, figures.slug, figures.first_day)))
    commands = {"export": Command("export"), "announce": Command("announce")}
    yield Line(Message("stats.updates_note", {**commands}), Style.NOTE)
    yield day_note(figures)


def _kinds(figures: Figures) -> Iterator[Part]:
    """Signatures by platform, by language, and by version of the text."""
    platforms, languages = Counter[str](), Counter[str]()
    for platform, language, change in figures.context.work.tallies.kinds(figures.slug, figures.since):
        platforms[platform] += change
        languages[language] += change
    versions = figures.context.work.breakdowns.by_value(figures.slug, Facet.VERSION, figures.first_day)
    petition, locale = figures.context.petition(figures.slug), figures.context.locale
    yield from heading(figures, Message("stats.platforms", {"period": figures.words}))
    yield _facts((name.capitalize(), number(count)) for name, count in platforms.most_common())
    yield Line(Message("stats.languages"), Style.HEADING)
    spoken = [(_language(code, locale), count) for code, count in languages.most_common()]
    yield _facts(listed(spoken, MOST_KINDS, Message("stats.other_languages")))
    yield Line(Message("stats.versions"), Style.HEADING)
    known = {each.digest: each for each in figures.context.work.versions.all(figures.slug)}
    signed = [(_version(petition, known, digest, locale), count) for digest, count in versions]
    yield _facts(listed(signed, MOST_KINDS, Message("stats.other_versions")))
    yield day_note(figures)


def _facts(rows: Iterable[tuple[Words, Words]]) -> Part:
    """The rows, or a note that there are none."""
    listed_rows = tuple(rows)
    return Facts(listed_rows) if listed_rows else Line(Message("stats.nothing"), Style.NOTE)


def _version(petition: Petition, known: Mapping[str, PetitionVersion], digest: str, locale: str) -> Words:
    """A version of the text, with its language if it is known and there are several."""
    words = version(petition, digest, lambda _, digest: known.get(digest))
    found = current_text(petition, digest) or known.get(digest)
    language = found.language if found else ""
    if len(petition.texts) < 2 or not language:
        return words
    return Message("stats.version_in", {"version": words, "language": _language(language, locale)})


def _language(code: str, locale: str) -> str:
    return Locale.parse(code).get_display_name(locale) or code


_OF_ALL_TIME = ("reading", STEPS)  # parts without counts by day
PARTS: Mapping[str, tuple[Message, Callable[[Figures], Iterator[Part]]]] = {
    OVERVIEW: (Message("stats.button_overview"), _overview),
    "hours": (Message("stats.button_hours"), _hours),
    "links": (Message("stats.button_links"), _links),
    "regions": (Message("stats.button_regions"), _regions),
    "kinds": (Message("stats.button_kinds"), _kinds),
    "updates": (Message("stats.button_updates"), _updates),
    "reading": (Message("stats.button_reading"), reading),
    STEPS: (Message("stats.button_steps"), steps),
}
"""The parts by the name to type."""

STATS = OrganizerCommand(
    "stats", Message("command.stats"), _parse, about_petition(_stats), noted=False, only_reads=True,
    has_figures=True,
    parameters=(PETITION, Parameter("period", PERIODS), Parameter("part", tuple(PARTS)), LABEL),
)  # fmt: skip
