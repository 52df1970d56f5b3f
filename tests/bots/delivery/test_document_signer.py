"""A hand-in that is signed with a certificate: readers accept it, and nothing that goes wrong loses the file."""

from __future__ import annotations

import asyncio
import io
import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader, PdfWriter

from bots.common.settings import Settings
from bots.delivery.document_signer import DocumentSigner
from bots.delivery.endorsement import Endorsement, signer_of
from core.errors import ConfigurationError
from tests.bots.delivery.certificates import ORGANIZATION, PASSWORD, VALID, time_stamp_server, write_certificate
from tests.tools.debian import TOOLS
from tests.world import NOW


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate with its key; making one takes a moment."""
    return write_certificate(tmp_path_factory.mktemp("certificate") / "organizer.p12")


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A document of one page, with a file in it."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("checkpoint", b"example.org\n")
    writer.write(tmp_path / "hand-in.pdf")
    return tmp_path / "hand-in.pdf"


def status_of(content: bytes) -> PdfSignatureStatus:
    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[], moment=NOW))


def test_a_signed_document_is_whole_and_every_change_shows(certificate: Path, document: Path) -> None:
    assert DocumentSigner.load(certificate, PASSWORD).sign(document, NOW) is Endorsement.SIGNED
    content = document.read_bytes()
    status = status_of(content)
    assert (status.intact, status.valid, status.timestamp_validity) == (True, True, None)
    assert status.signing_cert.subject.native["common_name"] == ORGANIZATION
    assert PdfReader(document).attachments == {"checkpoint": [b"example.org\n"]}
    place = content.index(b"/MediaBox")
    assert not status_of(content[:place] + content[place:].replace(b"200", b"201", 1)).intact
    assert [file.name for file in document.parent.iterdir()] == ["hand-in.pdf"]


@pytest.mark.server
@pytest.mark.parametrize("answer", ["stamp", "another document", "trouble", "refusal", "a page"])
async def test_a_server_stamps_the_time_and_no_other_answer_does_harm(
    certificate: Path, document: Path, answer: str
) -> None:
    async with time_stamp_server(answer) as address:
        signer = DocumentSigner.load(certificate, PASSWORD, address)
        endorsed = await asyncio.to_thread(signer.sign, document, NOW)
    status = await asyncio.to_thread(lambda: status_of(document.read_bytes()))
    assert (status.intact, status.valid) == (True, True)
    assert endorsed is (Endorsement.SIGNED if answer == "stamp" else Endorsement.UNSTAMPED)
    stamped = status.timestamp_validity
    assert (stamped.timestamp if stamped else None) == (NOW if answer == "stamp" else None)


def test_a_server_that_is_down_costs_the_stamp_only(certificate: Path, document: Path) -> None:
    signer = DocumentSigner.load(certificate, PASSWORD, "http://127.0.0.1:9/")
    assert signer.sign(document, NOW) is Endorsement.UNSTAMPED
    assert status_of(document.read_bytes()).valid


@pytest.mark.parametrize("days", [-31, 31])
def test_a_certificate_that_is_not_valid_signs_nothing(certificate: Path, document: Path, days: int) -> None:
    before = document.read_bytes()
    assert DocumentSigner.load(certificate, PASSWORD).sign(document, NOW + days * VALID / 30) is Endorsement.EXPIRED
    assert document.read_bytes() == before


def test_a_file_that_cannot_be_used_is_one_sentence(certificate: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.p12"
    other.write_text("-----BEGIN CERTIFICATE-----")
    for file, password, said in (
        (tmp_path / "none.p12", PASSWORD, "can't be read: No such file"),
        (tmp_path, PASSWORD, "can't be read: Is a directory"),
        (other, PASSWORD, "must be a PKCS #12 file"),
        (certificate, "wrong", "must be its password"),
        (certificate, "", "must be its password"),
    ):
        with pytest.raises(ConfigurationError, match=said) as refusal:
            DocumentSigner.load(file, password)
        assert PASSWORD not in str(refusal.value)


def test_the_settings_name_the_certificate(certificate: Path) -> None:
    assert signer_of(Settings()) is None
    settings = Settings(hand_in_certificate=certificate, hand_in_certificate_password=SecretStr(PASSWORD))
    assert isinstance(signer_of(settings), DocumentSigner)


@pytest.mark.process
@pytest.mark.tool("pdfsig")
async def test_poppler_accepts_signature_and_stamp(certificate: Path, document: Path) -> None:
    async with time_stamp_server("stamp") as address:
        await asyncio.to_thread(DocumentSigner.load(certificate, PASSWORD, address).sign, document, NOW)
    program = TOOLS["pdfsig"].find()
    assert program
    said = subprocess.run([program, document], capture_output=True, text=True, check=True).stdout  # noqa: ASYNC221
    assert "Signature Validation: Signature is Valid." in said
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Total document signed" in said
