"""Two parts of `/stats`: the pages people opened before they signed, and the steps they reached."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from core.conversation import funnel
from core.conversation.scene import field_caption
from core.conversation.screen import Facts, Line, Part, Style
from core.messages import Message, Words
from core.organizer.command import number
from core.organizer.figures import Figures, heading
from core.petition.petition import Petition


def reading(figures: Figures) -> Iterator[Part]:
    """The share of signers who opened the text, and each source that it currently cites."""
    text = figures.context.petition(figures.slug).text(figures.context.locale)
    reached = figures.context.work.breakdowns.steps(figures.slug)
    signed = reached.get(funnel.SIGNED, 0)
    yield from heading(figures, Message("stats.reading"))
    if not signed:
        yield Line(Message("stats.nobody_signed"), Style.NOTE)
        return
    opened: list[tuple[Words, str]] = [(Message("stats.the_text"), funnel.TEXT)]
    for source in text.sources:
        words = Message("button.source", {"number": source.number, "publication": source.publication})
        opened.append((words, funnel.source_step(source.key)))
    yield Facts(tuple((words, _share(reached.get(step, 0), signed)) for words, step in opened))
    yield Line(Message("stats.of_signers", {"count": signed}), Style.NOTE)


def steps(figures: Figures) -> Iterator[Part]:
    """The number of people who reached each step, and how many of them stopped there."""
    petition = figures.context.petition(figures.slug)
    reached, known = figures.context.work.breakdowns.steps(figures.slug), funnel.steps(petition)
    rows = [(words, reached.get(step, 0)) for words, step in zip(_steps(figures, petition), known, strict=True)]
    yield from heading(figures, Message("stats.steps"))
    lost = (*(max(here - then, 0) for (_, here), (_, then) in pairwise(rows)), 0)
    yield Facts(tuple((words, _reached(here, stopped)) for (words, here), stopped in zip(rows, lost, strict=True)))
    yield Line(Message("stats.steps_note"), Style.NOTE)


def _steps(figures: Figures, petition: Petition) -> Iterator[Words]:
    """The names of the steps, in order."""
    text = petition.text(figures.context.locale)
    yield Message("stats.opened")
    yield from (
        Message("stats.asked", {"caption": field_caption(text, field)}) for field in petition.fields if field.required
    )
    yield Message("stats.review")
    yield Message("stats.signed")


def _reached(here: int, stopped: int) -> Message:
    """The number of people who reached a step, and how many stopped there."""
    return Message("stats.step", {"number": here, "count": stopped}) if stopped else number(here)


def _share(part: int, whole: int) -> Message:
    return Message("stats.percent", {"percent": round(100 * part / whole)})
