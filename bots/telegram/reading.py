"""Parses updates one by one, and names the kinds that the bot wants."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from telegram import Bot, Update

log = logging.getLogger(__name__)

WANTED = [
    Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER,
]  # fmt: skip


def read(written: Mapping[str, Any], bot: Bot) -> Update | None:
    """The update; None if the library cannot parse it. The library's own way would log the whole text and stop."""
    try:
        return Update.de_json(dict(written), bot)
    except Exception as error:  # noqa: BLE001  (whatever a future Bot API sends)
        log.warning("skipped an update that cannot be read: %s", type(error).__name__)
        return None


def queue_key(update: Update) -> int:
    """Updates in one chat go one after another; those without a chat, by person."""
    who = update.effective_chat or update.effective_user
    return who.id if who else 0


def kind(update: Update) -> str:
    """The kind of an update, one of those that the bot wants."""
    return next((wanted for wanted in WANTED if getattr(update, wanted)), "other")
