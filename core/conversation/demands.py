"""The edges of a turn: what every event does to the conversation first, and what a turn asks of the service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.conversation.state import SIGNING, Answer, Begin, Conversation, Event, Open, Reply
from core.copying import replace
from core.signatures.consent import UpdatesChoice
from core.signatures.signature import Submission


def before_event(conversation: Conversation, event: Event, now: dt.datetime) -> Conversation:
    """The conversation before an event: without the last notice, and with the time the petition was opened."""
    opened_at = conversation.opened_at
    if isinstance(event, Open | Begin) and not conversation.answers:  # otherwise it started at an unknown earlier time
        opened_at = opened_at or now
    elif isinstance(event, Answer) and conversation.stage not in SIGNING:
        began = event.since and min(event.since, now)  # the form was open for a while before it was sent
        opened_at = began and min(began, opened_at or began)
    unfinished = conversation.unfinished if isinstance(event, Reply) else None
    return replace(conversation, notice=None, opened_at=opened_at, unfinished=unfinished)


class Demand(StrEnum):
    """Tasks a turn gives the service besides storing the conversation."""

    WITHDRAW = "withdraw"
    FORGET = "forget"
    FORGET_DETAILS = "forget_details"
    UPDATES_ON = "updates_on"
    UPDATES_BY_EMAIL = "updates_by_email"
    UPDATES_OFF = "updates_off"
    ALL_UPDATES_OFF = "all_updates_off"
    SEND_DATA = "send_data"
    SEND_TEXT = "send_text"
    SEND_PROOF = "send_proof"
    READS_WHOLE = "reads_whole"
    READS_PAGES = "reads_pages"


CHANNELS: Mapping[Demand, UpdatesChoice] = {
    Demand.UPDATES_ON: UpdatesChoice.HERE,
    Demand.UPDATES_BY_EMAIL: UpdatesChoice.EMAIL,
    Demand.UPDATES_OFF: UpdatesChoice.NO,
    Demand.ALL_UPDATES_OFF: UpdatesChoice.NO,
}
"""The demands that change the channel for updates."""


@dataclass(frozen=True)
class Turn:
    """The next conversation and, rarely, a submission or a demand."""

    conversation: Conversation
    submission: Submission | None = None
    demand: Demand | None = None
