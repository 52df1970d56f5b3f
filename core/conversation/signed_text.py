"""The text that a signer signed: a value on a view that becomes a file, and what changed since."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TypeAlias

from core.conversation.my_data import MyData
from core.log.proof import InclusionProof
from core.petition.comparison import PartChange, compare
from core.petition.petition import Petition, PetitionText
from core.petition.versions import FIRST, PetitionVersion, Versions, first_envelope, first_versions, present_versions
from core.signatures.signature import Signature


@dataclass(frozen=True, slots=True)
class SignedText:
    """A version of a petition, with what changed since, or None if it is current or nothing compares with it."""

    slug: str
    version: PetitionVersion
    changes: tuple[PartChange, ...] | None


ViewFile: TypeAlias = MyData | SignedText | InclusionProof
"""A file to send to a signer, in private."""


def current_text(petition: Petition | None, digest: str) -> PetitionText | None:
    """The petition's current text with a digest of either form."""
    texts = petition.texts.values() if petition else ()
    return next((text for text in texts if digest in (text.digest, text.first_form and text.first_form.digest)), None)


def changes_since(version: PetitionVersion | None, petition: Petition) -> tuple[PartChange, ...] | None:
    """The changes since a version; None if its words aren't known, or no text is in its language anymore."""
    text = petition.texts.get(version.language) if version else None
    if version is None or version.envelope is None or text is None or not text.envelope:
        return None
    new = first_envelope(text) if version.form == FIRST else json.loads(text.envelope)
    return compare(version.envelope, new, version.language)


def signed_text(
    petition: Petition, signature: Signature | None, versions: Versions, now: dt.datetime
) -> SignedText | None:
    """The text of a signature, and what changed since; None without one, or if the words aren't known."""
    if signature is None:
        return None
    current = (*present_versions(petition, now), *first_versions(petition, now))
    known = next((version for version in current if version.digest == signature.digest and version.content), None)
    version = known or versions.of(petition.slug, signature.digest)
    if version is None or version.envelope is None:
        return None
    return SignedText(petition.public_slug, version, None if known else changes_since(version, petition))
