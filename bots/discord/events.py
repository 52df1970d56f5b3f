"""Skips events that the library cannot read, so that they don't end the connection."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeAlias

log = logging.getLogger(__name__)

Parser: TypeAlias = Callable[[Any], None]


def guard(parsers: dict[str, Parser], on_failure: Callable[[str, str], None], on_skip: Callable[[str], None]) -> None:
    """Make every parser skip events that it cannot read.

    `on_failure` counts each as "unreadable" under a name, and `on_skip` gets its name. Each kind of fault is logged
    once, with only the names of the event and the exception.
    """
    logged: set[tuple[str, str]] = set()

    def skip(event: str, fault: str) -> None:
        on_failure(f"gateway {event}", "unreadable")
        if (event, fault) not in logged:
            logged.add((event, fault))
            log.warning("Discord: skipping %s events that cannot be read: %s", event, fault)
        on_skip(event)

    for event, parse in parsers.items():
        parsers[event] = _guarded(event, parse, skip)


def _guarded(event: str, parse: Parser, skip: Callable[[str, str], None]) -> Parser:
    def parsed(data: Any) -> None:
        try:
            parse(data)
        except Exception as error:  # noqa: BLE001  (whatever Discord sends)
            skip(event, type(error).__name__)

    return parsed
