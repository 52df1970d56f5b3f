"""The log: one line per event, for tired operators; no token, no name, no answer, at any level."""

from __future__ import annotations

import logging

import stamina.instrumentation

from bots.common.token_redactor import TokenRedactor

FLOORS = {
    **dict.fromkeys(("telegram", "aiohttp", "asyncio", "discord", "markdown_it"), logging.INFO),
    **dict.fromkeys(("sqlalchemy", "alembic"), logging.WARNING),
    "discord.state": logging.ERROR,  # it warns about intents that we don't need
    "discord.webhook": logging.ERROR,  # its warnings quote how long to wait, whatever that is
}
"""Libraries that log whole messages, updates or statements below these levels."""


def start_logging(level: str) -> None:
    """Log to standard error from `level` on; libraries log less."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S"))
    handler.addFilter(TokenRedactor())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    stamina.instrumentation.set_on_retry_hooks([])  # they give no cause; whatever gives up logs one
    for name, floor in FLOORS.items():
        logging.getLogger(name).setLevel(max(floor, logging.getLevelNamesMapping()[level]))
