"""The funnel: the steps of signing that conversations reach, by link, and what was opened before signing.

A conversation counts once for each step, however often the signer goes back and forth. It counts for all earlier steps
too, so a form that is sent at once has begun. A question counts only if it was asked: answers known from the profile
or an earlier signature are not. Everything that a conversation counts for follows from its state (`contribution`), so a
turn changes the stored counts by the difference. Organizers' own conversations count for nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from core.conversation.machine import advance, fields_to_ask
from core.conversation.state import PERSONAL, SIGNING, Answer, Begin, Conversation, Event, Overlay, Stage
from core.copying import replace
from core.petition.petition import Petition
from core.signatures.breakdowns import Step, shared_label
from core.signatures.signature import Outcome, SignerContext

OPENED, BEGAN, REVIEW, SIGNED = "opened", "began", "review", "signed"
STEPS = (OPENED, BEGAN, REVIEW, SIGNED)
"""The steps that everyone takes, in order."""
PENDING = "pending"
"""The number of people who have started and not finished; not a step."""
TEXT = "read:text"
_ASKED, _SOURCE = "asked:", "read:source:"


def question_step(field: str) -> str:
    """The name under which the people who were asked for a field are counted."""
    return f"{_ASKED}{field}"


def source_step(key: str) -> str:
    """The name under which opening a source (`Source.key`) before signing is counted."""
    return f"{_SOURCE}{key}"


def follow(
    before: Conversation, after: Conversation, petition: Petition, asked: Iterable[str], is_counted: Callable[[], bool]
) -> tuple[Conversation, Mapping[Step, int]]:
    """The conversation after a turn, with what it counts for, and the changes to the stored counts.

    `asked` are the fields that the turn asked for. `is_counted` is called only if it would count for something new.
    """
    place = max(_place(before.furthest), _place(_position(after)))
    after = replace(after, furthest=STEPS[place] if place >= 0 else "", asked=_with(before.asked, asked))
    if before.furthest != SIGNED:
        seen, link = _with(after.seen, _opened(after, petition)), shared_label(after.label)
        after = replace(after, seen=seen, counted_by=link)
    was, changes = contribution(before), contribution(after)
    if changes.keys() - was.keys() and not is_counted():
        after = uncounted(after)
        changes = contribution(after)
    changes.subtract(was)
    return after, {step: change for step, change in changes.items() if change}


def questions(
    before: Conversation, event: Event, after: Conversation, petition: Petition, now: dt.datetime, known: SignerContext
) -> Iterator[str]:
    """The fields that a turn asks for, unless the signer chose to edit them; and those that a form has asked for."""
    if isinstance(event, Answer):
        begun = before if before.stage in SIGNING else advance(before, Begin(), petition, now, known).conversation
        if begun.stage in SIGNING:
            yield from (field.name for field in fields_to_ask(begun, petition) if field.name in event.values)
    if after.stage is Stage.ANSWERING and after.overlay is Overlay.STAGE and not after.asking:
        yield from (field.name for field in fields_to_ask(after, petition)[:1])


def contribution(conversation: Conversation) -> Counter[Step]:
    """Everything that a conversation counts for."""
    link, reached = conversation.counted_by, _place(conversation.furthest) + 1
    steps = [*STEPS[:reached], *map(question_step, conversation.asked)]
    counts = Counter[Step]((link, step) for step in steps)
    if reached == len(STEPS):
        counts.update(("", part) for part in conversation.seen)
    if reached and conversation.stage in SIGNING:
        counts["", PENDING] += 1
    return counts


def uncounted(conversation: Conversation) -> Conversation:
    """The same conversation, counting for nothing."""
    return replace(conversation, furthest="", asked=(), seen=())


def leave(conversation: Conversation) -> Mapping[Step, int]:
    """The changes to the stored counts when a conversation is erased: the steps stay, as figures."""
    return {step: -count for step, count in contribution(conversation).items() if step == ("", PENDING)}


def _place(step: str) -> int:
    """The place of a step, or -1 for none; in older conversations, each question is a step of its own."""
    known = BEGAN if step.startswith(_ASKED) else step
    return STEPS.index(known) if known in STEPS else -1


def _position(now: Conversation) -> str:
    """The step that the conversation is at, or none if it is not about a petition."""
    if now.stage is Stage.FINISHED and now.outcome is Outcome.SIGNED:
        return SIGNED
    if now.stage in SIGNING:
        return REVIEW if now.stage is Stage.REVIEWING else BEGAN
    return "" if now.overlay in PERSONAL else OPENED


def _with(names: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, *more)))


def _opened(now: Conversation, petition: Petition) -> tuple[str, ...]:
    """The part of the petition on the screen."""
    if now.overlay in (Overlay.PAGE, Overlay.WHOLE):
        return (TEXT,)
    shown = petition.text(now.locale).source(now.source) if now.overlay is Overlay.SOURCE else None
    return (source_step(shown.key),) if shown else ()
