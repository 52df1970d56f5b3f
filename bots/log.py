"""The log: one line an event, for a tired person; no token, no name, no answer, at any level."""

from __future__ import annotations

import logging

from bots.telegram.token_redactor import TokenRedactor

TALKATIVE = ("telegram", "aiohttp", "asyncio", "sqlalchemy", "discord")
"""Libraries that write whole messages, requests or updates into their debug output."""


def start_logging(level: str) -> None:
    """Log to standard error from `level` on; libraries from INFO on at the least."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S"))
    handler.addFilter(TokenRedactor())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLevelName(level)))
