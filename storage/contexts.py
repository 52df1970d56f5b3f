"""The context of each sealed value: its column, and the columns that tell its row from all others.

A row's number is not among them where the database gives it, since the value is sealed before that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeAlias

AnyRow: TypeAlias = Mapping[Any, Any]
"""A row by the names of its columns, whether it was read or is about to be written."""

IDENTITIES = {
    "communities": ("label",),
    "conversations": ("signer_id", "petition"),
    "deeds": ("at", "what"),
    "inline_cards": ("fingerprint",),
    "log_exclusions": ("petition", "entry"),
    "log_links": ("signature_id",),
    "marks": ("name",),
    "organizers": ("fingerprint",),
    "outbox": ("topic", "key"),
    "signatures": ("receipt",),
    "signers": ("fingerprint",),
}
"""The columns in the context of the column `sealed`, by table."""


def context_of(table: str, row: AnyRow) -> tuple[str, ...]:
    """The context of what is sealed in a row."""
    return (f"{table}.sealed", *(_text(row[name]) for name in IDENTITIES[table]))


def _text(value: object) -> str:
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else str(value)
