"""`/audit`: the commands that organizers gave, newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from core.conversation.screen import Facts, Line, Part, Screen, Style
from core.log.records import CheckpointRecord, LogState
from core.messages import Argument, Command, Message
from core.organizer.command import OrganizerContext, number, plain, sentence
from core.outbox import State
from core.outreach.topics import topic_words
from core.petition.zone import zone_words

SHOWN = 20


def _audit(context: OrganizerContext) -> Screen:
    entries, troubles = context.work.audit.last(SHOWN), (*_troubles(context), *_logs(context))
    if not entries:
        return Screen((*sentence("organizer.nothing_done").parts, *troubles))
    zone = context.zone
    rows = tuple(
        (f"{_minute(entry.at, zone)} · {entry.who.name or entry.who.platform}", Command(entry.what))
        for entry in entries
    )
    heading = Line(Message("organizer.audit", {"zone": zone_words(zone)}), Style.HEADING)
    return Screen((heading, Facts(rows), *troubles))


def _troubles(context: OrganizerContext) -> Iterator[Part]:
    """Entries of the outbox that failed or may have failed, by topic and reason."""
    troubles = context.work.outbox.troubles()
    if troubles:
        names = {State.DEAD: "audit.dead", State.DOUBTFUL: "audit.doubtful"}
        rows = tuple(
            (Message(names[state], {"topic": topic_words(topic), "reason": reason}), number(count))
            for (topic, state, reason), count in troubles.items()
        )
        yield Line(Message("audit.outbox"), Style.HEADING)
        yield Facts(rows)


def _logs(context: OrganizerContext) -> Iterator[Part]:
    """The last check of each petition's public log, which is made whenever it publishes."""
    rows = tuple(
        (petition.text(context.locale).title, _check_of(state, record, context.zone))
        for slug, petition in context.petitions.items()
        if (state := context.work.log.lock(slug)) and (record := context.work.log.checkpoint(slug))
    )
    if rows:
        yield Line(Message("audit.logs"), Style.HEADING)
        yield Facts(rows)


def _check_of(state: LogState, record: CheckpointRecord, zone: ZoneInfo) -> Message:
    if state.fault and state.fault_at:
        return Message("audit.log_stopped", {"time": _minute(state.fault_at, zone)})
    time = _minute(record.at, zone)
    about: dict[str, Argument] = {"number": record.number, "size": record.checkpoint.size, "time": time}
    return Message("audit.log_agrees", about)


def _minute(moment: dt.datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


AUDIT = plain("audit", Message("command.audit"), _audit, noted=False, only_reads=True)
