"""Names the checkpoint of a petition's log, for people who compare it with what others see."""

from __future__ import annotations

from core.log.records import CheckpointRecord
from core.messages import Argument, Message
from core.petition.petition import Petition
from core.petition.zone import time_words


def log_words(record: CheckpointRecord, petition: Petition) -> Message:
    """The number that the log adds up to, with the size and the root of the tree that it is about."""
    checkpoint = record.checkpoint
    about: dict[str, Argument] = {"count": record.number, "size": checkpoint.size, "root": checkpoint.root_text}
    return Message("fact.log", {**about, "time": time_words(record.at, petition.zone)})
