"""The proof of each choice in the files: the surface, the time, the language, and the words on the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.export.table import Column, ColumnKind, Value
from core.petition import form
from core.signatures.consent import Consent, ConsentSubject
from core.signatures.signature import Signature

WordsOf = Callable[[str], str]
"""The words with a digest; empty if they are unknown."""

_PARTS: Mapping[str, ColumnKind] = {
    "platform": ColumnKind.TEXT,
    "at": ColumnKind.TIME,
    "language": ColumnKind.TEXT,
    "words": ColumnKind.REFERENCE,
}

_NO_PROOF: Mapping[str, Value] = {part: None if kind is ColumnKind.TIME else "" for part, kind in _PARTS.items()}
_NAMES = {subject: tuple(f"{subject.value}_{part}" for part in _PARTS) for subject in ConsentSubject}

PROOF_COLUMNS = tuple(Column(name, _PARTS[name.rpartition("_")[2]]) for name in form.PROOF_COLUMNS)
"""The columns with the proof of the choice that is in force about each subject."""


def proof(signature: Signature, words_of: WordsOf) -> dict[str, Value]:
    """The values of PROOF_COLUMNS; empty for a signature from before choices were stored."""
    values: dict[str, Value] = {}
    for subject, names in _NAMES.items():
        values.update(zip(names, proof_of(signature, subject, words_of).values(), strict=True))
    return values


def proof_of(signature: Signature, subject: ConsentSubject, words_of: WordsOf) -> Mapping[str, Value]:
    """The proof of the choice in force about a subject, by the name of each part."""
    consent = in_force(signature, subject)
    if consent is None:
        return _NO_PROOF
    values = (consent.platform, consent.at, consent.locale, words_of(consent.words))
    return dict(zip(_PARTS, values, strict=True))


def channel(signature: Signature) -> str:
    """The channel for updates that the signer chose; empty for none."""
    if signature.by_email:
        return "email"
    return "chat" if signature.updates else ""


def in_force(signature: Signature, subject: ConsentSubject) -> Consent | None:
    """The latest choice about a subject."""
    return next((consent for consent in reversed(signature.consents) if consent.subject == subject), None)
