"""A part of `/stats`: the pages and sources that people opened before they signed."""

from __future__ import annotations

from collections.abc import Iterator

from core.conversation import funnel
from core.conversation.scene import FEWEST_SHOWN
from core.conversation.screen import Facts, Line, Part, Style
from core.messages import Message, Words
from core.organizer.figures import Figures, heading, percent


def reading(figures: Figures) -> Iterator[Part]:
    """The share of signers who opened the text, and each source that it currently cites; not of too few people."""
    text = figures.context.petition(figures.slug).text(figures.context.locale)
    reached = figures.context.work.breakdowns.steps(figures.slug)
    signed = reached.get(funnel.SIGNED, 0)
    yield from heading(figures, Message("stats.reading"))
    if signed < FEWEST_SHOWN:
        yield Line(Message("stats.few_signed", {"fewest": FEWEST_SHOWN}), Style.NOTE)
        return
    opened: list[tuple[Words, str]] = [(Message("stats.the_text"), funnel.TEXT)]
    for source in text.sources:
        words = Message("button.source", {"number": source.number, "publication": source.origin})
        opened.append((words, funnel.source_step(source.key)))
    yield Facts(tuple((words, percent(reached.get(step, 0), signed)) for words, step in opened))
    yield Line(Message("stats.of_signers", {"count": signed}), Style.NOTE)
