"""Sets type in a separate process, which is replaced now and then.

Typst is slow to release memory. With a separate process, a bot that hands in a hundred thousand names stays small, and
keeps running if the press breaks.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from typing import Self

from bots.papers.typesetting import set_pdf

SHEETS = 6  # parts that one process sets


class Press:
    """A process that sets parts one by one, in a `with` block."""

    def __init__(self) -> None:
        self._process: ProcessPoolExecutor | None = None
        self._set = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def set(
        self, templates: tuple[str, ...], values: Mapping[str, object], locale: str, *, is_tagged: bool = False
    ) -> bytes:
        """The PDF that `set_pdf` makes.

        Raises:
            typst.TypstError: a template does not fit the values.
            concurrent.futures.process.BrokenProcessPool: the process was killed.
        """
        if self._process is None or self._set == SHEETS:
            self._stop()
            self._process = _start()
        self._set += 1
        return self._process.submit(set_pdf, templates, values, locale, is_tagged=is_tagged).result()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.shutdown(cancel_futures=True)
        self._process, self._set = None, 0


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
