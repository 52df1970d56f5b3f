"""Reads each page in a process of its own: one that hangs a parser, or fills the memory, harms only itself."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import resource
import signal
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from bots.sources.answers import PageAnswer
from bots.sources.source_page import SourcePage

_LOG = logging.getLogger(__name__)
_FORK_SERVER = get_context("forkserver")  # which has loaded the parsers and has no threads


@dataclass(frozen=True, slots=True)
class PageReader:
    """Reads pages, each within `seconds` and with `memory` bytes at most."""

    seconds: float = 60.0
    memory: int = 2**31

    async def read(self, answer: PageAnswer, today: dt.date) -> SourcePage:
        """Read a page as `read_page` does; of one that breaks a parser, or takes too much, what was read until then."""
        _FORK_SERVER.set_forkserver_preload(["bots.sources.pages"])
        receiving, sending = _FORK_SERVER.Pipe(duplex=False)
        process = _FORK_SERVER.Process(target=_read, args=(sending, self, answer, today))
        process.start()
        sending.close()
        waiting = asyncio.create_task(asyncio.to_thread(_received, receiving, process))
        try:
            await asyncio.wait([waiting], timeout=self.seconds)
        finally:
            process.kill()
        page, fault = await waiting
        if fault:
            _LOG.warning("can't read all of a page: %s", fault)
        return page


def _received(receiving: Connection, process: BaseProcess) -> tuple[SourcePage, str]:
    """Wait until the process ends; returns the last page that it sent, and what kept it from more, if anything did."""
    page, fault = SourcePage(), "it took too much time or memory"
    with receiving, suppress(EOFError, OSError):  # it was killed, perhaps while it sent
        while isinstance(received := receiving.recv(), SourcePage):
            page = received
        fault = received
    process.join()
    return page, fault


def _read(sending: Connection, limits: PageReader, answer: PageAnswer, today: dt.date) -> None:
    """In the process: send the page as often as more of it is read, then the name of a parser's fault, or none."""
    from bots.sources.pages import read_page  # noqa: PLC0415  (the checker itself needs no parsers)

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _limit(resource.RLIMIT_CPU, round(limits.seconds) + 1)  # holds even if the checker was killed
    _limit(resource.RLIMIT_AS, limits.memory)
    fault = ""
    try:
        for page in read_page(answer, today):
            sending.send(page)
    except Exception as error:  # noqa: BLE001  (anyone's page may find a parser's fault)
        fault = type(error).__name__
    sending.send(fault)


def _limit(kind: int, most: int) -> None:
    """Limit what this process may take, unless less was allowed already, or the system has no such limit (macOS)."""
    allowed = resource.getrlimit(kind)[1]
    most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (most, most))
