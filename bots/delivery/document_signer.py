"""Signs the hand-in with a certificate, as PAdES asks (ETSI EN 319 142-1), and gets a time stamp (RFC 3161)."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from asn1crypto.tsp import TimeStampReq, TimeStampResp  # type: ignore[import-untyped]
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import HTTPTimeStamper

from bots.delivery.endorsement import Endorsement
from core.errors import ConfigurationError

_FIELD = "Handed in"
_DIGEST = "sha256"
_PATIENCE = 30  # seconds that the time-stamp server has


class _NoStampError(Exception):
    """Raised if the time-stamp server can't be reached, or gives something else than a stamp of our document."""


class _TimeStamper(HTTPTimeStamper):
    """A time-stamp server of which no answer can do more harm than a missing stamp."""

    async def async_request_tsa_response(self, req: TimeStampReq) -> TimeStampResp:
        """Ask for a stamp. Raises _NoStampError."""
        try:
            answer = await super().async_request_tsa_response(req)
            stamped = answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
            is_ours = stamped["message_imprint"].native == req["message_imprint"].native
        except Exception as error:  # noqa: BLE001  (whatever a server says instead of a stamp)
            raise _NoStampError(type(error).__name__) from None
        if not is_ours:
            raise _NoStampError("OtherDocument")
        return answer


@dataclass(frozen=True)
class DocumentSigner:
    """A certificate with its key, and the address of a time-stamp server, or nothing."""

    certificate: SimpleSigner
    timestamp_url: str = ""

    @classmethod
    def load(cls, file: Path, password: str, timestamp_url: str = "") -> Self:
        """Read a PKCS #12 file (.p12 or .pfx). Raises ConfigurationError if it can't be read or has no key."""
        try:
            content = file.read_bytes()
        except OSError as error:
            raise ConfigurationError(f"HAND_IN_CERTIFICATE: {file} can't be read: {error.strerror}.") from None
        try:
            certificate = SimpleSigner.load_pkcs12_data(content, [], password.encode() or None)
        except Exception:  # noqa: BLE001  (each kind of broken file has an exception of its own)
            raise ConfigurationError(
                f"HAND_IN_CERTIFICATE: {file} can't be opened: it must be a PKCS #12 file (.p12 or .pfx) with a "
                "certificate and its key, and HAND_IN_CERTIFICATE_PASSWORD must be its password."
            ) from None
        return cls(certificate, timestamp_url)

    def is_valid(self, now: dt.datetime) -> bool:
        """True if the certificate is valid at a moment."""
        known = self.certificate.signing_cert
        return bool(known and known.not_valid_before <= now <= known.not_valid_after)

    def sign(self, file: Path, now: dt.datetime) -> Endorsement:
        """Sign a PDF file and replace it. Raises OSError if it can't be written."""
        if not self.is_valid(now):
            return Endorsement.EXPIRED
        if self.timestamp_url:
            try:
                self._replace(file, _TimeStamper(self.timestamp_url, timeout=_PATIENCE))
            except _NoStampError:
                self._replace(file, None)
                return Endorsement.UNSTAMPED
            return Endorsement.SIGNED
        self._replace(file, None)
        return Endorsement.SIGNED

    def _replace(self, file: Path, timestamper: _TimeStamper | None) -> None:
        metadata = PdfSignatureMetadata(_FIELD, md_algorithm=_DIGEST, subfilter=SigSeedSubFilter.PADES)
        signed = file.with_suffix(".signed")
        try:
            with file.open("rb") as given, signed.open("w+b") as stream:
                writer = IncrementalPdfFileWriter(given)
                PdfSigner(metadata, self.certificate, timestamper=timestamper).sign_pdf(writer, output=stream)
                stream.flush()
                os.fsync(stream.fileno())
            signed.replace(file)
        finally:
            signed.unlink(missing_ok=True)
