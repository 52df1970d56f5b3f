"""Sentences for operators about erasures, and the loop that carries them out."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Iterator

from bots.common.service_threads import ServiceThreads
from core.errors import StorageUnavailableError
from core.organizer.retention import RetentionService
from core.petition.retention import Erasure

log = logging.getLogger(__name__)

EVERY = 3600.0  # seconds between two searches for expired data


def erasure_sentence(erasure: Erasure, now: dt.datetime) -> str:
    """The erasure of a petition, and how to prevent a wrong one."""
    slug, begins = erasure.petition.slug, erasure.petition.day(erasure.begins(now))
    if not erasure.is_due(now):
        return f"{slug}: its folder is gone; its signers' personal data is kept until {erasure.until}, then erased."
    remedy = (
        "put its folder back" if erasure.removed else "correct closes or retention_days in its petition.toml"
    )  # fmt: skip
    gone = "its folder is gone, and " if erasure.removed else ""
    return (
        f"{slug}: {gone}the last day of its retention period is {erasure.until}; its signers' personal data will be "
        f"erased from {begins} on. If that is wrong, {remedy} and start again."
    )


def warnings(retention: RetentionService, now: dt.datetime) -> Iterator[str]:
    """A sentence for each erasure that is due, and each petition whose folder is gone."""
    due = {erasure.petition.slug: erasure for erasure in retention.due()}
    due.update({erasure.petition.slug: erasure for erasure in retention.removed()})
    for _, erasure in sorted(due.items()):
        if not erasure.is_settled():
            yield erasure_sentence(erasure, now) + _new_name(retention, erasure)
    for slug in retention.unknown():
        yield (
            f"{slug}: its folder is gone and its retention period is unknown, so its signers' personal data is kept. "
            "Put its folder back for one start; from then on, its data expires by itself. Without the folder, erase it "
            f"now with `undersign forget --petition {slug}`."
        )
    yield from clock_warnings(retention, now)


def _new_name(retention: RetentionService, erasure: Erasure) -> str:
    """A hint, if a removed petition probably has another folder now."""
    title, present = erasure.petition.text("").title, retention.organizing.signing.published.values()
    same = (each for each in present if erasure.removed and title in {text.title for text in each.texts.values()})
    for renamed in same:
        line = f'formerly = ["{erasure.petition.slug}"]'
        return f" If you renamed its folder to {renamed.public_slug}, write {line} in the petition.toml there."
    return ""


def clock_warnings(retention: RetentionService, now: dt.datetime) -> Iterator[str]:
    """A sentence if the clock cannot be trusted to erase anything."""
    newest = retention.doubt()
    if newest:
        yield (
            f"the clock reads {now:%Y-%m-%d}, but the newest stored event is of {newest:%Y-%m-%d}: nothing is erased. "
            "If the clock is right, run `undersign forget --expired --confirm-clock`."
        )


def signatures(count: int) -> str:
    """A number of signatures, in words: "1 signature", "1,200 signatures"."""
    return f"{count:,} signature" + ("" if count == 1 else "s")


def report(erased: dict[str, int]) -> Iterator[str]:
    """A sentence for each petition whose data was erased."""
    for slug, count in erased.items():
        yield f"{slug}: the retention period is over; erased the personal data of {signatures(count)}."


async def erase_forever(retention: RetentionService, threads: ServiceThreads) -> None:
    """Warn of what is due, then erase what has expired every hour."""
    clock, warned = retention.organizing.signing.clock, set[str]()
    while True:
        try:
            erased = await threads.run(retention.run)
            for sentence in report(dict(erased)):
                log.info("%s", sentence)
            sentences = await threads.run(lambda: tuple(warnings(retention, clock())))
            for sentence in sentences:
                if sentence not in warned:
                    log.warning("%s", sentence)
            warned = set(sentences)
        except StorageUnavailableError as error:
            log.warning("could not erase expired data yet: %s", error)
        await asyncio.sleep(EVERY)
