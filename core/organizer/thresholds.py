"""`/review set`: what holds a signature back, shown and changed while the petition runs."""

from __future__ import annotations

from collections.abc import Mapping

from core.conversation.screen import Button, Facts, Line, Order, Screen, Style
from core.messages import Message
from core.organizer.command import Context, number
from core.organizer.review_words import SIGNALS
from core.ports import AuditEntry
from core.signatures.quarantine import STANDARD, Signal

HIGHEST = 1_000_000
_RULES: Mapping[Signal, str] = {
    Signal.BURST: "review.burst_rule",
    Signal.SAME_NAME: "review.same_name_rule",
    Signal.NEW_ACCOUNT: "review.new_account_rule",
    Signal.TOO_FAST: "review.too_fast_rule",
    Signal.DISPOSABLE: "review.disposable_rule",
    Signal.REFUSED: "review.refused_rule",
}


def set_thresholds(context: Context, argument: str) -> Screen:
    """Show all thresholds, offer values for one, or change one: nothing, `burst`, `burst 200`."""
    name, _, value = argument.lower().partition(" ")
    signal = next((one for one in Signal if one == name), None)
    if signal is None:
        return _all(context)
    if not (value.isascii() and value.isdecimal() and len(value) <= len(str(HIGHEST)) and int(value) <= HIGHEST):
        return _offers(context, signal)
    context.work.signals.set_threshold(signal, int(value))
    context.work.audit.note(AuditEntry(context.now, context.signer, f"review set {signal} {int(value)}"))
    return _all(context)


def _all(context: Context) -> Screen:
    rows = tuple((SIGNALS[signal], _rule(context, signal)) for signal in Signal)
    buttons = tuple((Button(SIGNALS[signal], order=Order("review", f"set {signal}")),) for signal in Signal)
    return Screen((Line(Message("review.thresholds"), Style.HEADING), Facts(rows)), buttons)


def _offers(context: Context, signal: Signal) -> Screen:
    usual = STANDARD.of(signal)
    values = (0, usual) if signal is Signal.DISPOSABLE else (0, max(usual // 5, 1), usual, usual * 5)
    row = tuple(
        Button(number(value) if value else Message("review.off"), order=Order("review", f"set {signal} {value}"))
        for value in values
    )
    facts = Facts(((SIGNALS[signal], _rule(context, signal)),))
    return Screen((facts, Line(Message("review.threshold_how", {"signal": signal.value, "usual": str(usual)}))), (row,))


def _rule(context: Context, signal: Signal) -> Message:
    limit = STANDARD.changed(context.work.signals.thresholds()).of(signal)
    return Message(_RULES[signal], {"limit": limit}) if limit else Message("review.off")
