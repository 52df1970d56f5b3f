"""Holds processes to a share of a processor, so that the others on the machine leave them all that they can use."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import psutil  # type: ignore[import-untyped]

PERIOD = 0.008  # seconds, in each of which a process runs once and then pauses


@contextmanager
def held(processes: Sequence[psutil.Process], share: float) -> Iterator[None]:
    """Let each run for this share of the time."""
    over = Event()
    with ThreadPoolExecutor(len(processes)) as pool:
        braking = [pool.submit(_brake, process, share, over) for process in processes]
        try:
            yield
        finally:
            over.set()
    for task in braking:
        task.result()


def _brake(process: psutil.Process, share: float, over: Event) -> None:
    while not over.wait(PERIOD * share):
        process.suspend()
        time.sleep(PERIOD * (1 - share))
        process.resume()
