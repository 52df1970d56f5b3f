"""What organizers write behind `/review`, and how signals and statuses are called."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

from core.messages import Message
from core.petition.petition import valid_label
from core.signatures.quarantine import Signal
from core.signatures.review import Query
from core.signatures.signature import SignatureStatus

ANY = "any"
MOVED: Mapping[str, tuple[SignatureStatus, ...]] = {
    "accept": (SignatureStatus.QUARANTINED,),
    "invalidate": (SignatureStatus.QUARANTINED, SignatureStatus.COUNTED, SignatureStatus.DUPLICATE),
    "restore": (SignatureStatus.INVALID,),
}
"""What can be done, and to signatures of which status; without a word about it, the first is meant."""
STATUSES: Mapping[SignatureStatus, Message] = {
    SignatureStatus.COUNTED: Message("stats.counted"),
    SignatureStatus.DUPLICATE: Message("stats.duplicate"),
    SignatureStatus.QUARANTINED: Message("stats.quarantined"),
    SignatureStatus.INVALID: Message("stats.invalid"),
}
SIGNALS: Mapping[Signal, Message] = {
    Signal.BURST: Message("review.burst"),
    Signal.SAME_NAME: Message("review.same_name"),
    Signal.NEW_ACCOUNT: Message("review.new_account"),
    Signal.TOO_FAST: Message("review.too_fast"),
    Signal.DISPOSABLE: Message("review.disposable"),
    Signal.REFUSED: Message("review.refused"),
}
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_AGE = re.compile(r"([0-9]{1,4})([mhd])")
_ID = re.compile(r"[0-9]{1,18}")
_WORD = re.compile(r"[a-z][a-z_-]{1,20}", re.IGNORECASE)


def read_query(petition: str, words: str, now: dt.datetime, usual: SignatureStatus) -> Query | None:
    """What is meant by `reason=burst since=2h ...` at a moment, of the usual status; None for what is no such thing."""
    found: dict[str, object] = {"status": usual}
    keys = dict(_KEYS)
    for word in words.split():
        key, _, value = word.partition("=")
        read = keys.pop(key.lower(), None)  # each may be given once
        meaning = read(value.lower(), now) if read else None
        if meaning is None:
            return None
        found |= meaning
    return Query(petition, until=now, **found)  # type: ignore[arg-type]


def _status(value: str, _: dt.datetime) -> Mapping[str, object] | None:
    if value == ANY:
        return {"status": None}
    return next(({"status": status} for status in STATUSES if status == value), None)


def _reason(value: str, _: dt.datetime) -> Mapping[str, object] | None:
    return next(({"reason": signal} for signal in Signal if signal == value), None)


def _label(value: str, _: dt.datetime) -> Mapping[str, object] | None:
    label = valid_label(value)
    return {"label": label} if label else None


def _platform(value: str, _: dt.datetime) -> Mapping[str, object] | None:
    return {"platform": value} if _WORD.fullmatch(value) else None


def _language(value: str, _: dt.datetime) -> Mapping[str, object] | None:
    language, dash, territory = value.replace("-", "_").partition("_")
    return {"locale": language + dash + territory.upper()} if _WORD.fullmatch(value) else None


def _since(value: str, now: dt.datetime) -> Mapping[str, object] | None:
    age = _AGE.fullmatch(value)
    return {"since": now - dt.timedelta(**{_UNITS[age[2]]: int(age[1])})} if age else None


def _after(value: str, _: dt.datetime) -> Mapping[str, object] | None:
    """What stands behind the button for the next ones; nobody types it."""
    return {"after": int(value)} if _ID.fullmatch(value) else None


_KEYS: Mapping[str, Callable[[str, dt.datetime], Mapping[str, object] | None]] = {
    "status": _status,
    "reason": _reason,
    "label": _label,
    "platform": _platform,
    "language": _language,
    "since": _since,
    "after": _after,
}
