"""Wipes what erasing left behind in the database's files, while the bot runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

EVERY = 300.0  # seconds between two looks
AGAIN = 30.0  # seconds before trying again, if someone was in the way


async def keep_wiping(
    wipe_traces: Callable[[], bool], pause: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> None:
    """Wipe every few minutes if anything was erased (bots.services.Services.wipe_traces). Runs until cancelled."""
    wiped = True
    while True:
        await pause(EVERY if wiped else AGAIN)
        try:
            wiped = await asyncio.to_thread(wipe_traces)
        except Exception as error:  # noqa: BLE001  (no error here may stop the bot)
            wiped = False
            log.warning("could not wipe the traces of erased data yet: %s", type(error).__name__)
