"""Tells which messages of a Telegram chat last (see bots.common.lasting)."""

from __future__ import annotations

from telegram import CallbackQuery, Message

from bots.common import lasting


def is_lasting(query: CallbackQuery) -> bool:
    """True if the tapped message is an announcement or a receipt."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    rows = markup.inline_keyboard if markup else ()
    return lasting.is_lasting(query.data or "", [str(button.callback_data or "") for row in rows for button in row])
