"""Tells which messages last: taps on their buttons are answered below, and the messages stay as they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bots.common.callback_data import is_on_lasting


def is_lasting(tapped: str, buttons: Collection[str]) -> bool:
    """True for an announcement or a receipt: `tapped` is what was used on it, `buttons` are all its buttons."""
    return any(map(is_on_lasting, (tapped, *buttons))) or _is_of_old(buttons)


def _is_of_old(buttons: Iterable[str]) -> bool:
    """True for the keyboards of announcements and receipts of 0.2.0 and earlier, whose buttons have no mark.

    Only announcements could unsubscribe without a revision. Only receipts had the buttons of an ordinary screen to set
    updates, to withdraw, and to go back; since then, they lead to the cover instead.
    """
    codes = {(code, bool(number)) for code, number, slug in map(_parts, buttons) if slug}
    with_revision = {code for code, has_revision in codes if has_revision}
    is_receipt = {"vwithdraw", "b"} <= with_revision and bool({"u0", "u1"} & with_revision)
    return ("u0", False) in codes or is_receipt


def _parts(button: str) -> tuple[str, str, str]:
    """The code, the revision, and the slug of a button; empty where it has none."""
    code, number, slug = (*button.split("."), "", "", "")[:3]
    return code, number, slug
