"""Values to suggest while an organizer types a part of a command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from core.messages import Message, Words
from core.organizer.announce import recent_announcements
from core.organizer.command import FILTERS, LABEL, PETITION, AnyCommand, OrganizerContext, number
from core.organizer.filter_words import write_filter
from core.organizer.goal import OFFERED
from core.organizer.links import LINK, link_name
from core.organizer.review_words import STATUSES
from core.outreach.communities import community_titles
from core.petition.collection import distinct_titles
from core.petition.label import is_community
from core.signatures.breakdowns import OWN_LINKS, Facet
from core.signatures.quarantine import Signal

Suggestion: TypeAlias = tuple[Words, str]
"""A value, and the words for it."""
_AGES = ("2h", "24h", "7d", "30d")


def suggest_values(
    context: OrganizerContext, command: AnyCommand, parameter: str, given: Mapping[str, str]
) -> Iterator[Suggestion]:
    """Values for a parameter of a command; `given` has the parts typed so far, by parameter."""
    found = next((each for each in command.parameters if each.name == parameter), None)
    if found is None:
        return
    yield from ((word, word) for word in found.words)
    suggest = _SUGGESTED.get(parameter)
    if suggest:
        yield from suggest(context, command, given)


def _petitions(context: OrganizerContext, _: AnyCommand, __: Mapping[str, str]) -> Iterator[Suggestion]:
    titles = distinct_titles(context.petitions, context.locale)
    yield from ((titles[slug], petition.public_slug) for slug, petition in context.petitions.items())


def _labels(context: OrganizerContext, command: AnyCommand, given: Mapping[str, str]) -> Iterator[Suggestion]:
    """The links that brought signatures to the petition, or to any; a new link can't have a community's label."""
    chosen = context.petitions.get(given.get(PETITION.name, "").lower())
    slugs = [chosen.slug] if chosen else list(context.petitions)
    brought = (label for slug in slugs for label, _ in context.work.breakdowns.by_value(slug, Facet.LABEL, None))
    titles = community_titles(context.work.cards.communities())
    for label in dict.fromkeys(brought):
        if label not in ("", OWN_LINKS) and not (command is LINK and is_community(label)):
            yield link_name(label, titles), label


def _filters(context: OrganizerContext, command: AnyCommand, given: Mapping[str, str]) -> Iterator[Suggestion]:
    """The typed filters, with one more in place of the last word."""
    typed = given.get(FILTERS.name, "")
    before = typed[: len(typed) - len(typed.split(" ")[-1])]
    yield from ((before + one, before + one) for one in _each_filter(context, command, given))


def _each_filter(context: OrganizerContext, command: AnyCommand, given: Mapping[str, str]) -> Iterator[str]:
    if command.name == "review":
        yield from (write_filter("reason", signal) for signal in Signal)
    yield from (write_filter("status", status) for status in STATUSES)
    yield from (write_filter("since", age) for age in _AGES)
    yield from (write_filter("label", label) for _, label in _labels(context, command, given))


def _origins(context: OrganizerContext, command: AnyCommand, given: Mapping[str, str]) -> Iterator[Suggestion]:
    """The origins on the lists, then the links."""
    yield from ((str(listed.origin), str(listed.origin)) for listed in context.work.lists.all())
    if command.name != "unlist":
        yield from ((words, f"label={label}") for words, label in _labels(context, command, given))


def _goals(_: OrganizerContext, __: AnyCommand, ___: Mapping[str, str]) -> Iterator[Suggestion]:
    yield from ((number(goal), str(goal)) for goal in OFFERED)


def _announcements(context: OrganizerContext, _: AnyCommand, __: Mapping[str, str]) -> Iterator[Suggestion]:
    yield from ((words, str(announcement.id)) for announcement, words in recent_announcements(context))


def _audiences(context: OrganizerContext, command: AnyCommand, given: Mapping[str, str]) -> Iterator[Suggestion]:
    yield Message("announcement.everybody"), "all"
    languages = sorted({language for petition in context.petitions.values() for language in petition.languages})
    yield from ((f"in {language}", f"in {language}") for language in languages)
    yield from ((words, f"by {label}") for words, label in _labels(context, command, given))


_SUGGESTED: Mapping[str, Callable[[OrganizerContext, AnyCommand, Mapping[str, str]], Iterator[Suggestion]]] = {
    PETITION.name: _petitions,
    LABEL.name: _labels,
    FILTERS.name: _filters,
    "origin": _origins,
    "goal": _goals,
    "number": _announcements,
    "audience": _audiences,
}
