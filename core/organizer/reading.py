"""Two parts of `/stats`: what people opened before they signed, and how far they came."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from core.conversation import funnel
from core.conversation.scene import label
from core.conversation.screen import Facts, Line, Part, Style
from core.messages import Message, Words
from core.organizer.command import number
from core.organizer.figures import Figures, heading
from core.petition.petition import Petition


def reading(figures: Figures) -> Iterator[Part]:
    """How many of a hundred who signed had opened the text, and each source that it cites now."""
    text = figures.context.petition(figures.slug).text(figures.context.locale)
    reached = figures.context.work.breakdowns.steps(figures.slug)
    signed = reached.get(funnel.SIGNED, 0)
    yield from heading(figures, Message("stats.reading"))
    if not signed:
        yield Line(Message("stats.nobody_signed"), Style.NOTE)
        return
    opened: list[tuple[Words, str]] = [(Message("stats.the_text"), funnel.TEXT)]
    opened += [
        (Message("button.source", {"number": one.number, "publication": one.publication}), funnel.source(one.key))
        for one in text.sources
    ]
    yield Facts(tuple((words, _share(reached.get(step, 0), signed)) for words, step in opened))
    yield Line(Message("stats.of_signers", {"count": signed}), Style.NOTE)


def steps(figures: Figures) -> Iterator[Part]:
    """How many came to each step, and how many of them did not come to the next."""
    petition = figures.context.petition(figures.slug)
    reached, known = figures.context.work.breakdowns.steps(figures.slug), funnel.steps(petition)
    rows = [(words, reached.get(step, 0)) for words, step in zip(_steps(figures, petition), known, strict=True)]
    yield from heading(figures, Message("stats.steps"))
    lost = [max(here - then, 0) for (_, here), (_, then) in pairwise(rows)]
    yield Facts(tuple((words, _came(here, gone)) for (words, here), gone in zip(rows, (*lost, 0), strict=True)))
    yield Line(Message("stats.steps_note"), Style.NOTE)


def _steps(figures: Figures, petition: Petition) -> Iterator[Words]:
    """What the steps are called, in order."""
    text = petition.text(figures.context.locale)
    yield Message("stats.opened")
    yield from (Message("stats.asked", {"label": label(text, one)}) for one in petition.fields if one.required)
    yield Message("stats.review")
    yield Message("stats.signed")


def _came(here: int, gone: int) -> Message:
    """How many came to a step, and how many of them stopped there."""
    return Message("stats.step", {"number": here, "count": gone}) if gone else number(here)


def _share(part: int, whole: int) -> Message:
    return Message("stats.percent", {"percent": round(100 * part / whole)})
