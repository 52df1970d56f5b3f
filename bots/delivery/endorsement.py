"""The outcome of signing a hand-in with a certificate, and the signer that the settings ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bots.common.settings import Settings
from core.messages import Message

ROOM = 60_000
"""Bytes that a signature with its certificates and its time stamp may add to a file."""


class Endorsement(StrEnum):
    """The outcome of signing a document, from the best to the worst."""

    SIGNED = "signed"
    UNSTAMPED = "unstamped"  # the time-stamp server gave no usable stamp
    EXPIRED = "expired"  # the certificate isn't valid at the moment, so nothing is signed


ENDORSEMENTS: Mapping[Endorsement, Message] = {
    Endorsement.SIGNED: Message("export.signed"),
    Endorsement.UNSTAMPED: Message("export.unstamped"),
    Endorsement.EXPIRED: Message("export.expired"),
}
"""The sentences for organizers."""


class Endorsing(Protocol):
    """Signs documents with a certificate (bots.delivery.document_signer)."""

    def sign(self, file: Path, now: dt.datetime) -> Endorsement:
        """Sign a PDF file and replace it. Raises OSError if it can't be written."""


def signer_of(settings: Settings) -> Endorsing | None:
    """The signer with the certificate that is set, if any. Raises ConfigurationError if it can't be used."""
    if settings.hand_in_certificate is None:
        return None
    from bots.delivery.document_signer import DocumentSigner  # noqa: PLC0415  (few have a certificate, and it's slow to load)

    password = settings.hand_in_certificate_password
    return DocumentSigner.load(
        settings.hand_in_certificate, password.get_secret_value() if password else "", settings.hand_in_timestamp_url
    )
