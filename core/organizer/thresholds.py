"""`/review set`: the thresholds that hold signatures back, shown and changed while the petition runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.conversation.screen import Button, Facts, Line, Screen, Style
from core.messages import Argument, Command, Message
from core.organizer.command import OrganizerContext, number
from core.organizer.review_words import SIGNALS
from core.signatures.quarantine import STANDARD, Signal, SignalRecord
from core.team import AuditEntry

HIGHEST = 1_000_000
_RULES: Mapping[Signal, str] = {
    Signal.BURST: "review.burst_rule",
    Signal.SAME_NAME: "review.same_name_rule",
    Signal.NEW_ACCOUNT: "review.new_account_rule",
    Signal.TOO_FAST: "review.too_fast_rule",
    Signal.DISPOSABLE: "review.disposable_rule",
    Signal.REFUSED: "review.refused_rule",
    Signal.BLOCKED: "review.blocked_rule",
}


_SWITCHES = frozenset({Signal.DISPOSABLE, Signal.BLOCKED})
"""The signals that are only on or off."""


@dataclass(frozen=True, slots=True)
class SetThreshold:
    """Change one threshold; without a limit, suggest some; without a signal, show them all."""

    name: ClassVar[str] = "review"
    signal: Signal | None = None
    limit: int | None = None

    @property
    def argument(self) -> str:
        """`set`, `set burst` or `set burst 200`."""
        words = ("set", self.signal, None if self.limit is None else str(self.limit))
        return " ".join(word for word in words if word)


def parse_threshold(words: str) -> SetThreshold:
    """Parse the order in the words after `set`."""
    name, _, digits = words.lower().partition(" ")
    signal = next((signal for signal in Signal if signal == name), None)
    fits = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(HIGHEST)) and int(digits) <= HIGHEST
    return SetThreshold(signal, int(digits) if signal and fits else None)


def set_threshold(context: OrganizerContext, order: SetThreshold) -> Screen:
    """Carry out the order, and show all thresholds or the suggested values of one."""
    signal, limit = order.signal, order.limit
    if signal is None:
        return _all(context)
    if limit is None:
        return _offers(context, signal)
    context.work.signals.set_threshold(signal, limit)
    context.work.audit.note(AuditEntry(context.now, context.signer, f"{order.name} {order.argument}"))
    return _all(context)


def _all(context: OrganizerContext) -> Screen:
    records = context.work.reviews.records()
    rows = tuple((SIGNALS[signal], _rule_and_record(context, signal, records.get(signal))) for signal in Signal)
    buttons = tuple((Button(SIGNALS[signal], order=SetThreshold(signal)),) for signal in Signal)
    return Screen((Line(Message("review.thresholds"), Style.HEADING), Facts(rows)), buttons)


def _offers(context: OrganizerContext, signal: Signal) -> Screen:
    usual = STANDARD.of(signal)
    limits = (0, usual) if signal in _SWITCHES else (0, max(usual // 5, 1), usual, usual * 5)
    row = tuple(Button(_value(signal, limit), order=SetThreshold(signal, limit)) for limit in limits)
    example = Command(f"{SetThreshold.name} {SetThreshold(signal, usual).argument}")
    facts = Facts(((SIGNALS[signal], _rule(context, signal)),))
    return Screen((facts, Line(Message("review.threshold_how", {"command": example}))), (row,))


def _value(signal: Signal, limit: int) -> Message:
    """A limit as a button."""
    if not limit:
        return Message("review.off")
    return Message(_RULES[signal]) if signal in _SWITCHES else number(limit)


def _rule_and_record(context: OrganizerContext, signal: Signal, record: SignalRecord | None) -> Message:
    """The rule; once it has held anything back, how much that was and what share was accepted."""
    rule = _rule(context, signal)
    if record is None:
        return rule
    about: dict[str, Argument] = {"rule": rule, "held": record.held, "percent": record.accepted_percent}
    return Message("review.rule_and_record", about)


def _rule(context: OrganizerContext, signal: Signal) -> Message:
    limit = STANDARD.changed(context.work.signals.thresholds()).of(signal)
    return Message(_RULES[signal], {"count": limit}) if limit else Message("review.off")
