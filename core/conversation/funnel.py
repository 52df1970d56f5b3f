"""The funnel: the steps of signing that conversations reach, and the pages and sources opened before signing.

A conversation counts once for each step, however often the signer goes back and forth. It counts for all earlier steps
too, so a signer whose name came from the profile still counts at the question for the name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from core.conversation.machine import fields_to_ask
from core.conversation.state import PERSONAL, SIGNING, Conversation, Overlay, Stage
from core.petition.petition import Petition
from core.signatures.signature import Outcome

OPENED, REVIEW, SIGNED = "opened", "review", "signed"
PENDING = "pending"
"""The number of people who have started and not finished; not a step."""
TEXT = "read:text"
_ASKED, _SOURCE = "asked:", "read:source:"


def question_step(field: str) -> str:
    """The step at which a field is asked for."""
    return f"{_ASKED}{field}"


def source_step(key: str) -> str:
    """The name under which opening a source (`Source.key`) before signing is counted."""
    return f"{_SOURCE}{key}"


def steps(petition: Petition) -> tuple[str, ...]:
    """The steps of a petition, in order."""
    return (OPENED, *(question_step(field.name) for field in petition.fields if field.required), REVIEW, SIGNED)


def follow(before: Conversation, after: Conversation, petition: Petition) -> tuple[Conversation, Mapping[str, int]]:
    """The conversation after a turn, with the steps and parts it reached, and the changes to the stored counts."""
    changes = Counter(pending_change(before))
    changes.subtract(pending_change(after))
    seen = tuple(dict.fromkeys((*after.seen, *_opened(after, petition))))
    known, position = steps(petition), _position(after, petition)
    reached = known.index(before.furthest) if before.furthest in known else -1
    new = known[reached + 1 : known.index(position) + 1] if position else ()
    changes.update(new)
    if SIGNED in new:
        changes.update(seen)
    furthest = new[-1] if new else before.furthest
    return replace(after, furthest=furthest, seen=seen), {step: change for step, change in changes.items() if change}


def pending_change(conversation: Conversation) -> Mapping[str, int]:
    """The change to the stored counts when a conversation is removed."""
    return {PENDING: -1} if conversation.stage in SIGNING else {}


def _position(now: Conversation, petition: Petition) -> str:
    """The step that the conversation is at, or none if it is not about a petition."""
    if now.stage is Stage.FINISHED and now.outcome is Outcome.SIGNED:
        return SIGNED
    if now.stage is Stage.REVIEWING:
        return REVIEW
    if now.stage is Stage.ANSWERING:
        first = next(iter(fields_to_ask(now, petition)), None)
        return question_step(first.name) if first and first.required else OPENED
    return "" if now.overlay in PERSONAL else OPENED


def _opened(now: Conversation, petition: Petition) -> tuple[str, ...]:
    """The part of the petition on the screen."""
    if now.overlay is Overlay.PAGE:
        return (TEXT,)
    shown = petition.text(now.locale).source(now.source) if now.overlay is Overlay.SOURCE else None
    return (source_step(shown.key),) if shown else ()
