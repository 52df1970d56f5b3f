"""A part of `/stats`: the steps from opening to signing, in all and by link, with percentages of those who opened.

Nothing shows about fewer than FEWEST_SHOWN people: the organizer who gave a link to one person would otherwise learn
that this person opened it and didn't sign. Links that fewer opened share a line, and if these are still fewer people
together, smaller ones of the other links join them: otherwise, subtracting would tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.conversation import funnel
from core.conversation.scene import FEWEST_SHOWN
from core.conversation.screen import Facts, Line, Part, Style
from core.messages import Message, Words
from core.organizer.command import number
from core.organizer.figures import Figures, heading, percent
from core.organizer.links import SHOWN, link_name
from core.outreach.communities import Titles, community_titles
from core.petition.captions import field_caption
from core.petition.petition import Petition
from core.signatures.breakdowns import EARLIER

_ALONE = (funnel.OPENED, funnel.BEGAN, funnel.SIGNED)
"""The steps in the line of a link."""
_TOO_FEW = Line(Message("stats.too_few", {"fewest": FEWEST_SHOWN}), Style.NOTE)


@dataclass(frozen=True)
class Funnel:
    """The steps that people reached by each link."""

    reached: Mapping[str, Mapping[str, int]]

    def opened(self, label: str) -> int:
        """The number of people who opened the petition by a link."""
        return self.reached[label].get(funnel.OPENED, 0)

    @cached_property
    def links(self) -> tuple[str, ...]:
        """The links with a line of their own: those that the most people opened first."""
        opened = sorted(filter(self.opened, self.reached), key=lambda label: (-self.opened(label), label))
        shown = [label for label in opened if self.opened(label) >= FEWEST_SHOWN][:SHOWN]
        rest = sum(map(self.opened, opened[len(shown) :]))
        while shown and 0 < rest < FEWEST_SHOWN:
            rest += self.opened(shown.pop())
        return tuple(shown)

    @cached_property
    def others(self) -> Mapping[str, int]:
        """The steps of everyone who came by another link."""
        return self._total(label for label in self.reached if label not in self.links)

    @cached_property
    def total(self) -> Mapping[str, int]:
        """The steps of everyone."""
        return self._total(iter(self.reached))

    def _total(self, labels: Iterator[str]) -> Mapping[str, int]:
        total = Counter[str]()
        for label in labels:
            total.update(self.reached[label])
        return total


def steps(figures: Figures, link: str = "") -> Iterator[Part]:
    """The number of people who reached each step, and what share of those who opened the petition they are.

    With the label of a `link`, only of those who came by it.
    """
    context, found = figures.context, Funnel(figures.context.work.breakdowns.steps_by_link(figures.slug))
    titles = community_titles(context.work.cards.communities())
    shown = {label: found.reached[label] for label in found.links}
    reached = shown.get(link, {}) if link else found.total
    words = Message("stats.steps_of", {"link": link_name(link, titles)}) if link else Message("stats.steps")
    yield from heading(figures, words)
    if reached.get(funnel.OPENED, 0) < FEWEST_SHOWN:
        yield _TOO_FEW
        return
    yield Facts(tuple(_steps(figures, context.petition(figures.slug), reached)))
    yield Line(Message("stats.steps_note"), Style.NOTE)
    if not link and found.links:
        yield Line(Message("stats.steps_by_link"), Style.HEADING)
        yield Facts(tuple(_by_link(found, titles)))
        yield Line(Message("stats.few_note", {"fewest": FEWEST_SHOWN}), Style.NOTE)


def _steps(figures: Figures, petition: Petition, reached: Mapping[str, int]) -> Iterator[tuple[Words, Words]]:
    """The steps in order: the questions that can be asked, and any other that was."""
    text, opened = petition.text(figures.context.locale), reached[funnel.OPENED]
    yield Message("stats.opened"), number(opened)
    yield Message("stats.began"), _of(reached.get(funnel.BEGAN, 0), opened)
    for field in petition.fields:
        asked = reached.get(funnel.question_step(field.name), 0)
        if asked or field.required:
            yield Message("stats.asked", {"caption": field_caption(text, field)}), _of(asked, opened)
    yield Message("stats.review"), _of(reached.get(funnel.REVIEW, 0), opened)
    yield Message("stats.signed"), _of(reached.get(funnel.SIGNED, 0), opened)


def _by_link(found: Funnel, titles: Titles) -> Iterator[tuple[Words, Words]]:
    """A line for each link, and one for all that too few people opened."""
    for label in found.links:
        yield _name(label, titles), _alone(found.reached[label])
    if found.others.get(funnel.OPENED, 0):
        yield Message("organizer.other_links"), _alone(found.others)


def _name(label: str, titles: Titles) -> Words:
    return Message("stats.earlier_links") if label == EARLIER else link_name(label, titles)


def _alone(reached: Mapping[str, int]) -> Message:
    opened, began, signed = (reached.get(step, 0) for step in _ALONE)
    return Message("stats.of_link", {"opened": opened, "began": _of(began, opened), "signed": _of(signed, opened)})


def _of(part: int, whole: int) -> Message:
    """A number of people, and what share of those who opened the petition they are."""
    return Message("stats.share", {"number": part, "percent": percent(part, whole)})
