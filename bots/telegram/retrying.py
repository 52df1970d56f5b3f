"""Waits after an error from Telegram: for as long as it asks, or with a back-off."""

from __future__ import annotations

from telegram.error import RetryAfter, TelegramError

from bots.common.patience import Backoff
from bots.telegram.limiter import seconds_of


async def wait_after(error: TelegramError, backoff: Backoff) -> None:
    """Wait until a failed call may be made again."""
    if isinstance(error, RetryAfter):
        seconds = seconds_of(error)
        await backoff.pause(RetryAfter.__name__, f"it asks us to wait {seconds:.0f} s", seconds)
    else:
        await backoff.pause(type(error).__name__, error.message)
