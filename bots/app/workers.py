"""The workers of a process, one per configured platform."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bots.app.components import MESSENGERS, load
from bots.common.supervisor import Start
from bots.delivery.sending import run_worker, worker_name
from bots.process import Process


def workers(process: Process) -> Iterator[tuple[str, Start]]:
    """The workers, by the names that /readyz knows. Each connects again whenever it starts."""
    for platform, component in MESSENGERS.items():
        if component.is_configured(process.services.settings):
            yield worker_name(platform), partial(_work, process, component.module)


async def _work(process: Process, module: str) -> None:
    await run_worker(process.services, process.threads, load(module).connect(process))
