"""Tells which messages last: taps on their buttons are answered below, and the messages stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

from telegram import CallbackQuery, Message

from bots.common.callback_data import is_on_lasting


def is_lasting(query: CallbackQuery) -> bool:
    """True if the tapped message is an announcement or a receipt."""
    return is_on_lasting(query.data or "") or _is_of_old(set(_codes(query)))


def _is_of_old(codes: set[tuple[str, bool]]) -> bool:
    """True for the keyboards of announcements and receipts of 0.2.0 and earlier, whose buttons have no mark.

    Only announcements could unsubscribe without a revision. Only receipts had the buttons of an ordinary screen to set
    updates, to withdraw, and to go back; since then, they lead to the cover instead.
    """
    with_revision = {code for code, has_revision in codes if has_revision}
    is_receipt = {"vwithdraw", "b"} <= with_revision and bool({"u0", "u1"} & with_revision)
    return ("u0", False) in codes or is_receipt


def _codes(query: CallbackQuery) -> Iterator[tuple[str, bool]]:
    """The code of each button, and whether it has a revision."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    for button in (button for row in (markup.inline_keyboard if markup else ()) for button in row):
        code, number, slug = (*str(button.callback_data or "").split("."), "", "", "")[:3]
        if slug:
            yield code, bool(number)
