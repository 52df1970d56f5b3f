"""The versions of petitions that people could sign, as storage keeps them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from core.petition.envelope import Envelope, canonical
from core.petition.petition import Petition, PetitionText

FIRST, PRESENT = 1, 2
"""The forms of a digest: of title, letter, and background alone, and of the envelope."""
FIRST_FORMAT = "undersign-petition/1"


@dataclass(frozen=True)
class PetitionVersion:
    """A version of a petition's text: its digest, the digest's form, and the canonical JSON.

    `content` is empty if the version was signed before versions were kept. Then nothing else is known of it, not even
    its `language`. `first_seen` is when it was first loaded or signed.
    """

    petition: str
    digest: str
    language: str
    form: int
    content: str
    first_seen: dt.datetime

    @cached_property
    def envelope(self) -> Envelope | None:
        """Everything that people signed; None if it isn't known."""
        value: dict[str, Any] | None = json.loads(self.content) if self.content else None
        return value


class Versions(Protocol):
    """The versions of petitions."""

    def of(self, petition: str, digest: str) -> PetitionVersion | None:
        """The version of a petition with a digest."""

    def all(self, petition: str) -> tuple[PetitionVersion, ...]:
        """All versions of a petition, oldest first."""

    def remember(self, version: PetitionVersion) -> None:
        """Store a version, unless it is stored already."""

    def complete(self, version: PetitionVersion) -> None:
        """Add language and content to a stored version that lacks them."""


def present_versions(petition: Petition, now: dt.datetime) -> Iterator[PetitionVersion]:
    """The versions that people can sign now, one for each text."""
    for text in petition.texts.values():
        yield PetitionVersion(petition.slug, text.digest, text.language, PRESENT, text.envelope.decode(), now)


def first_versions(petition: Petition, now: dt.datetime) -> Iterator[PetitionVersion]:
    """The same texts under the digests of the first form."""
    for text in petition.texts.values():
        if text.first_form:
            content = canonical(first_envelope(text)).decode()
            yield PetitionVersion(petition.slug, text.first_form.digest, text.language, FIRST, content, now)


def first_envelope(text: PetitionText) -> Envelope:
    """Everything that a digest of the first form covers."""
    words = text.first_form
    parts = {"title": words.title, "letter": words.letter, "background": words.background} if words else {}
    return {"format": FIRST_FORMAT, **parts}
