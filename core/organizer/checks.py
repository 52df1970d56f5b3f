"""`/checks`: the state of every source on the day of its last check, and how often it was opened before signing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.conversation import funnel
from core.conversation.paging import page_line, page_of, turning_by_order
from core.conversation.scene import FEWEST_SHOWN, source_entry
from core.conversation.screen import Line, Part, Screen, Style
from core.conversation.source_state import brief_state
from core.messages import Message, Words
from core.organizer.command import (
    PETITION,
    OrganizerCommand,
    OrganizerContext,
    PetitionOrder,
    Petitions,
    about_petition,
    name_page,
    parse_page,
    split_petition,
)
from core.organizer.figures import percent
from core.petition.petition import Petition
from core.petition.source import Source
from core.sources.checks import check_of
from core.sources.search_words import search_words

NAME = "checks"
ON_A_PAGE = 8  # sources, each in up to three lines
_UNCHECKED = Message("checks.not_yet")


@dataclass(frozen=True, slots=True)
class ShowChecks(PetitionOrder):
    """Show a page (from 0) of the sources."""

    name = NAME
    page: int = 0

    @property
    def rest(self) -> str:
        """The page as people count; nothing for the first."""
        return name_page(self.page)


def _parse(argument: str, petitions: Petitions) -> ShowChecks:
    slug, rest = split_petition(argument, petitions)
    page = parse_page(rest)
    return ShowChecks(slug, page, unknown="" if rest in ("", str(page + 1)) else rest)


def _checks(context: OrganizerContext, order: ShowChecks) -> Screen:
    petition = context.petition(order.petition)
    text = petition.text(context.locale)
    shown, page, pages = page_of(text.sources, order.page, ON_A_PAGE)
    parts: list[Part] = [Line(Message("checks.heading", {"title": text.title}), Style.HEADING), *page_line(page, pages)]
    parts += _switches(petition)
    checks = context.work.source_checks.of(petition.slug)
    opened = _Opened(context, petition.slug)
    for source in shown:
        state = brief_state(check_of(checks, source), source, petition.day) or _UNCHECKED
        parts.append(Line(source_entry(source), Style.HEADING))
        parts.append(Line(state))
        parts += _search(source)
        parts += (Line(words, Style.NOTE) for words in opened.of(source))
    parts += opened.note()
    return Screen(tuple(parts), tuple(turning_by_order(page, pages, lambda to: ShowChecks(order.petition, to))))


def _switches(petition: Petition) -> Iterator[Line]:
    """The line that explains how to switch the checks on."""
    if not petition.check_sources:
        yield Line(Message("checks.off", {"line": "check_sources = true"}), Style.NOTE)


def _search(source: Source) -> Iterator[Line]:
    """The words to search for, if a source has no link."""
    if not source.link:
        yield Line(search_words(source))


class _Opened:
    """The share of signers who opened each source before they signed; of too few people, nothing."""

    def __init__(self, context: OrganizerContext, petition: str) -> None:
        self._reached = context.work.breakdowns.steps(petition)
        self._signed = self._reached.get(funnel.SIGNED, 0)

    def of(self, source: Source) -> Iterator[Words]:
        """The share that opened this one."""
        if self._signed >= FEWEST_SHOWN:
            opened = self._reached.get(funnel.source_step(source.key), 0)
            yield Message("checks.opened", {"percent": percent(opened, self._signed)})

    def note(self) -> Iterator[Line]:
        """The line about the number of signers behind the shares, or about why there are none."""
        if self._signed >= FEWEST_SHOWN:
            yield Line(Message("stats.of_signers", {"count": self._signed}), Style.NOTE)
        else:
            yield Line(Message("stats.few_signed", {"fewest": FEWEST_SHOWN}), Style.NOTE)


CHECKS = OrganizerCommand(
    NAME, Message("command.checks"), _parse, about_petition(_checks), noted=False, only_reads=True,
    parameters=(PETITION,),
)  # fmt: skip
