"""The rules for what people type or send: answers, the rest of a long one, corrections, and what isn't text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TypeAlias

from core.conversation.state import SIGNING, Cancel, Conversation, Correct, Event, NotMe, Remove, Reply, Stage
from core.conversation.typed import LongText, Media, MediaKind, PointAt
from core.copying import replace
from core.messages import Message, Words
from core.petition.form import Field, FieldKind

Take: TypeAlias = Callable[[Conversation, Mapping[str, str]], Conversation]
"""Keep the valid ones among some answers, and say what is wrong with the others."""

APART = dt.timedelta(seconds=3)  # at most, between two parts of a text that an app split
LONGEST_JOINED = 50_000  # characters; what follows is counted as a new text


def goes_on(state: Conversation, reply: Reply) -> bool:
    """True if the reply is the rest of the text before it, which the app split."""
    begun = state.unfinished
    if begun is None or reply.sent_at is None or len(begun.text) > LONGEST_JOINED:
        return False
    return dt.timedelta() <= reply.sent_at - begun.sent_at <= APART


def said(state: Conversation, event: Event, asked: Field | None, take: Take, *, greets: bool) -> Conversation | None:
    """The conversation after something was typed or sent; None for every other event.

    `asked` is the field of the open question, if one is open. If it `greets`, the first words get a welcome.
    """
    match event:
        case Reply():
            return _answered(state, event, asked, take, greets=greets)
        case Correct(text):
            if asked and asked.name in state.errors and text.strip():
                return take(state, {asked.name: text})
            return replace(state, notice=state.notice or Message("notice.edited"))
        case Media(phone=phone) if phone and asked and asked.kind is FieldKind.PHONE:
            return take(state, {asked.name: phone})
        case Media(kind):
            return replace(state, notice=state.notice or _media_notice(kind, asked=asked is not None))
        case PointAt(button):
            return replace(state, notice=state.notice or Message("notice.tap", {"button": button}))
    return None


def without_harm(event: Event, words: Words, conversation: Conversation) -> Event:
    """The event of a button whose words were typed; one that would erase answers only points at the button."""
    match event:
        case Cancel() if conversation.stage in SIGNING:
            return Cancel(kept=True)
        case Cancel() | Remove() | NotMe():
            return PointAt(words)
    return event


def _answered(state: Conversation, reply: Reply, asked: Field | None, take: Take, *, greets: bool) -> Conversation:
    begun = state.unfinished
    if begun and goes_on(state, reply):
        state, text, name = _before(state, begun), begun.text + begun.joint + reply.text, begun.field
    elif asked:
        text, name = reply.text, asked.name
    else:
        welcome = greets and state.is_untouched and reply.text
        notice = Message("notice.welcome" if welcome else "notice.use_buttons")
        return replace(state, notice=state.notice or notice, unfinished=None)
    if not text.strip():
        return replace(state, notice=state.notice or Message("refused.empty"), unfinished=None)
    return replace(take(state, {name: text}), unfinished=_long_text(state, reply, text, name))


def _media_notice(kind: MediaKind, *, asked: bool) -> Message:
    """The advice for something without text."""
    match kind:
        case MediaKind.CONTACT:
            return Message("notice.contact")
        case MediaKind.VOICE:
            return Message("notice.voice" if asked else "notice.voice_buttons")
    return Message("notice.media" if asked else "notice.media_buttons")


def _long_text(state: Conversation, reply: Reply, text: str, field: str) -> LongText | None:
    """The memory of an answer that the app may have split."""
    if reply.joint is None or reply.sent_at is None:
        return None
    answer = state.answers.get(field, "")
    return LongText(
        text, reply.joint, reply.sent_at, field, answer, state.asking, state.probes, state.answered_at
    )  # fmt: skip


def _before(state: Conversation, begun: LongText) -> Conversation:
    """The conversation as it was before the first part of a long text."""
    answers = {name: answer for name, answer in state.answers.items() if name != begun.field}
    if begun.answer:
        answers[begun.field] = begun.answer
    errors = {name: error for name, error in state.errors.items() if name != begun.field}
    return replace(
        state, stage=Stage.ANSWERING, answers=answers, errors=errors, asking=begun.asking, probes=begun.probes,
        answered_at=begun.answered_at, notice=None,
    )  # fmt: skip
