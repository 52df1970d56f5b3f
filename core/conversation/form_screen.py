"""A question's screen in words that suit a form, which asks for everything at once and is answered at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.conversation import state as ev
from core.conversation.notices import notice_line
from core.conversation.screen import Button, Facts, Line, Part, Prompt, Screen, Style
from core.messages import Message


def in_form_words(screen: Screen) -> Screen:
    """The screen with what is wrong, field by field, and what is missing; unchanged if it asks for nothing.

    What comes above the question stays, and so does what it says about the answer and about updates. Where several
    questions are shown, nothing stays that is about the first of them alone.
    """
    if not screen.prompts:
        return screen
    first, *others = screen.prompts
    heading = Line(first.caption, Style.HEADING)
    place = screen.parts.index(heading)
    error = notice_line(first.error) if first.error else None
    above = [part for part in screen.parts[:place] if part != error]
    below = [part for part in screen.parts[place + 1 :] if isinstance(part, Line) and part.style is Style.PLAIN]
    if others:
        below = [line for line in below if not _shows_answer(line)]
    buttons = _for_several(screen.buttons, first) if others else screen.buttons
    return replace(screen, parts=(*above, *_parts(screen.prompts), *below), buttons=buttons)


def _shows_answer(line: Line) -> bool:
    return isinstance(line.words, Message) and line.words.key == "question.present"


def _for_several(rows: tuple[tuple[Button, ...], ...], first: Prompt) -> tuple[tuple[Button, ...], ...]:
    """The rows of buttons without those that answer, keep, or leave out the first question, which isn't alone."""
    answers = [ev.Answer({first.field.name: key}) for key, _ in first.options]
    alone = (ev.Skip(), ev.Remove(first.field.name), *answers)
    left = (tuple(button for button in row if button.event not in alone) for row in rows)
    return tuple(filter(None, left))


def _parts(prompts: tuple[Prompt, ...]) -> Iterator[Part]:
    wrong = [prompt for prompt in prompts if prompt.error]
    missing = tuple(prompt.caption for prompt in prompts if not prompt.error)
    if wrong:
        yield notice_line(Message("form.wrong", {"count": len(wrong)}))
        yield Facts(tuple((prompt.caption, prompt.error) for prompt in wrong if prompt.error))
        if len(prompts) == 1:
            yield Line(wrong[0].form_hint or wrong[0].hint, Style.NOTE)
    elif len(prompts) == 1:
        yield Line(prompts[0].caption, Style.HEADING)
        yield Line(prompts[0].form_hint or prompts[0].hint, Style.NOTE)
        return
    else:
        yield Line(Message("form.fill"), Style.HEADING)
    if missing:
        yield Line(Message("form.missing" if wrong else "form.asks", {"captions": missing}), Style.NOTE)
