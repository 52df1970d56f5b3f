"""Sets type in a separate process, which is replaced now and then.

Typst is slow to release memory. With a separate process, a bot that hands in a hundred thousand names stays small, and
keeps running if the press breaks.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from typing import Self

from bots.papers.typesetting import set_pdf

SHEETS = 6  # parts that one process sets


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    """A process, and the parts that it was given."""

    process: ProcessPoolExecutor
    parts: list[Future[bytes]] = field(default_factory=list)


class Press:
    """A process that sets parts one by one, in a `with` block."""

    def __init__(self) -> None:
        self._workers: list[_Worker] = []
        """The last one takes new parts; those before it finish what they have begun."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.shutdown(cancel_futures=True)

    def set(
        self, templates: tuple[str, ...], values: Mapping[str, object], locale: str, *, is_tagged: bool = False
    ) -> bytes:
        """The PDF that `set_pdf` makes.

        Raises:
            typst.TypstError: a template does not fit the values.
            concurrent.futures.process.BrokenProcessPool: the process was killed.
        """
        return self.begin(templates, values, locale, is_tagged=is_tagged).result()

    def begin(
        self, templates: tuple[str, ...], values: Mapping[str, object], locale: str, *, is_tagged: bool = False
    ) -> Future[bytes]:
        """Begin to set a part; its result is what `set` returns, or raises."""
        if not self._workers or len(self._workers[-1].parts) == SHEETS:
            self._workers.append(_Worker(_start()))
        self._end_replaced()
        worker = self._workers[-1]
        worker.parts.append(worker.process.submit(set_pdf, templates, values, locale, is_tagged=is_tagged))
        return worker.parts[-1]

    def _end_replaced(self) -> None:
        for worker in self._workers[:-1]:
            if all(part.done() for part in worker.parts):
                worker.process.shutdown()
                self._workers.remove(worker)


def _start() -> ProcessPoolExecutor:
    """Start the process by spawning it, since a fork would copy locks held by the bot's threads."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_settle_in)


def _settle_in() -> None:
    """In the process: ignore Ctrl-C, which the bot handles, and end when the bot ends, even by kill -9."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
