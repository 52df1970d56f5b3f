"""The file that signers get with everything that is stored about them: a value on a view, and when it is made.

core.conversation.data_file makes its content; bots/papers draws it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from core.conversation.demands import Demand, Turn
from core.conversation.state import Conversation, Overlay
from core.messages import Message
from core.petition.petition import Petition

AGAIN = dt.timedelta(minutes=1)
"""The shortest time between two files for one conversation."""

DataContent: TypeAlias = Mapping[str, Any]
"""Names and values: text, numbers, times, messages, None, and lists and mappings of these."""


@dataclass(frozen=True, slots=True)
class MyData:
    """The file's content, and the petitions in it that are known, for people."""

    content: DataContent = field(repr=False)
    petitions: Mapping[str, Petition]
    made_at: dt.datetime


def ask_for_data(conversation: Conversation, now: dt.datetime) -> Turn:
    """The turn after a signer asks for the file: it comes with the privacy screen, but not twice within a minute."""
    shown = conversation.open_overlay(Overlay.PRIVACY)
    if shown.data_at and dt.timedelta() <= now - shown.data_at < AGAIN:
        return Turn(replace(shown, notice=Message("notice.data_again")))
    return Turn(replace(shown, data_at=now), demand=Demand.SEND_DATA)


def no_data(conversation: Conversation) -> Conversation:
    """The conversation after the request of an account about which nothing is stored."""
    return replace(conversation, data_at=None, notice=Message("notice.no_data"))
