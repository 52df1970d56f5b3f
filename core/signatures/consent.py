"""Consent: the choices that signers make about their data, each with its proof."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ConsentSubject(StrEnum):
    """The questions that a signer decides."""

    HAND_IN = "hand_in"
    UPDATES = "updates"


class HandInChoice(StrEnum):
    """The ways to appear in the hand-in."""

    NAME = "name"
    NUMBER = "number"


class UpdatesChoice(StrEnum):
    """The channels for updates about the petition, or none."""

    HERE = "here"
    EMAIL = "email"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Consent:
    """One choice and its proof: the platform, the time, the language, and the words that were shown.

    `words` is their digest; ShownWords has the words themselves, which are the same for many signers. `answers` are the
    names of the fields whose answers the hand-in may show.
    """

    subject: ConsentSubject
    choice: str
    platform: str
    at: dt.datetime
    locale: str
    words: str
    answers: tuple[str, ...] = ()


class ShownWords(Protocol):
    """The words that signers were shown when they chose, by digest; nothing in them is personal."""

    def keep(self, words: str) -> str:
        """Store the words unless they are stored already; returns their digest."""

    def of(self, digest: str) -> str | None:
        """The words with this digest."""


def words_digest(words: str) -> str:
    """The SHA-256 of the words in UTF-8, in hexadecimal."""
    return hashlib.sha256(words.encode()).hexdigest()
