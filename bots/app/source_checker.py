"""The component that checks sources: a process of its own, since it opens pages that anyone may have made."""

from __future__ import annotations

import logging

from bots.app.check_rounds import EVERY, rounds_of
from bots.app.components import SOURCES
from bots.common.supervisor import Start
from bots.process import Process

log = logging.getLogger(__name__)


def prepare(process: Process) -> Start:
    """Prepare the checker."""
    rounds, health = rounds_of(process.services, process.threads), process.services.supervisor.health

    async def start() -> None:
        health.add(SOURCES).up()
        log.info("sources: looking at what is due every %d minutes", EVERY // 60)
        await rounds.forever()

    return start
