"""A form that was sent: its answers are taken and, if the rules allow, it is the signature, in the same transaction."""

from __future__ import annotations

from dataclasses import replace

from core.conversation import state as ev
from core.conversation.one_form import Reason, reasons_against
from core.conversation.state import SIGNING, Conversation, Stage
from core.conversation.typed import SendForm
from core.messages import Message
from core.services.rereading import CHANGED, form_notice
from core.services.turn import ConversationTurn

REVIEW_CHANGED = Message("notice.review_changed")


def send_form(turn: ConversationTurn, before: Conversation, form: SendForm) -> Conversation:
    """Take the answers of a form, and sign if it may; the conversation is at the review otherwise, or at a question."""
    opened = before if form.label is None else turn.apply(before, ev.Open(form.label))
    wanting = replace(opened, updates=True, by_email=False) if form.updates else opened
    taken = turn.apply(wanting, ev.Answer(form.values, form.sheet.opened_at if form.sheet else None))
    if taken.stage is Stage.READING and taken.notice and taken.notice.key in CHANGED:
        taken = turn.apply(taken, ev.Begin())  # it asks to read again, which the review is for
    reasons = tuple(reasons_against(form, turn.scene(taken), turn.catalog))
    if not reasons:
        return turn.apply(taken, ev.Confirm(by_form=True))
    if Reason.CHANGED in reasons and form.sheet and taken.stage in SIGNING:
        return turn.note(taken, form_notice(turn.versions, turn.scene(taken), form.sheet.digest) or REVIEW_CHANGED)
    return taken
