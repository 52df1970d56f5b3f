"""The hand-in, and what organizers are told while files are made."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from pathlib import Path

import pypdfium2

from bots.delivery.endorsement import Endorsement
from bots.delivery.exports import ExportedFile
from bots.delivery.files import summary
from bots.delivery.hand_in import Census
from core.messages import Message
from core.organizer.export import FileOrder
from core.signatures.consent import Consent, ConsentSubject, HandInChoice
from core.signatures.signature import Signature, SignatureStatus
from tests.log.sample import sample_record
from tests.screens import drawing
from tests.screens.studio import CHATS, PAPERS, TERMINAL, Studio
from tests.world import NOW, TREES

FILES = "Files"
NAMES = ("Ada Lovelace", "Grace Hopper", "Katherine Johnson", "Mary Jackson", "Dorothy Vaughan", "Annie Easley")
ANSWERED = ("role", "reason")
SCALE = 96 / 72  # pixels to a point


def hand_in(studio: Studio) -> None:
    """The hand-in with a signature of every status, one without a name, some under earlier texts, and answers."""
    trees = studio.petitions[TREES]
    fields = tuple(replace(field, hand_in=field.name in ANSWERED) for field in trees.fields)
    petition = replace(trees, named_if="volunteer", fields=fields)
    with studio.place(PAPERS, "The hand-in", "In one language, after the text has changed") as pieces:
        pieces.append(drawing.paragraphs([studio.says(Message("handin.signed_current"))]))
    with studio.place(PAPERS, "The hand-in", "The hand-in") as pieces:
        census = Census(petition, studio.catalog, studio.locale, log=sample_record())
        with tempfile.TemporaryDirectory() as folder:
            signatures = _signatures(petition.text(studio.locale).digest)
            day, path = studio.world.now.date(), Path(folder) / "hand-in.pdf"
            (file,) = census.write(signatures, path, day, lambda *_: None, None)
            pieces += [drawing.picture(page, kind="jpeg") for page in _pages(file)]


def _signatures(digest: str) -> list[Signature]:
    statuses = (*SignatureStatus, SignatureStatus.COUNTED)
    given = [_signature(number, status, digest) for number, status in enumerate(statuses)]
    earlier = [replace(given[0], receipt=f"BBBB-BBBB-{number:04}", digest=f"{number:064}") for number in range(9)]
    return [*given, *earlier]


def _signature(number: int, status: SignatureStatus, digest: str) -> Signature:
    """The first one under an earlier text, the last one without a name."""
    answers = {"who": NAMES[number], "country": "US", "code": "90210", "role": "tenant", "reason": "Shade\nin summer"}
    consent = Consent(ConsentSubject.HAND_IN, HandInChoice.NAME, "test", NOW, "en", "", ANSWERED)
    return Signature(
        TREES, f"AAAA-AAAA-000{number}", "", number, status, digest if number else "0" * 64, NOW, "test", "en",
        answers=answers, named=number < len(SignatureStatus), consents=(consent,),
    )  # fmt: skip


def _pages(path: Path) -> list[bytes]:
    document = pypdfium2.PdfDocument(path)
    found = []
    for page in document:
        picture = io.BytesIO()
        page.render(scale=SCALE).to_pil().save(picture, "JPEG", quality=70)
        found.append(picture.getvalue())
    document.close()
    return found


def files(studio: Studio) -> None:
    """Progress and the last word below files."""
    order = FileOrder("0", TREES, "csv", studio.locale)
    for surface in CHATS:
        with studio.place(surface, FILES, "While a file is made") as pieces:
            counts = Message("export.progress", {"done": 25_000, "total": 100_000})
            pieces.append(drawing.paragraphs([studio.says(counts)]))
        for form, count in (("csv", 1), ("actionkit", 2)):
            with studio.place(surface, FILES, f"A file is ready: {form}") as pieces:
                made = ExportedFile((Path(),) * count, 1234 if count > 1 else 1)
                pieces.append(drawing.paragraphs([summary(replace(order, form=form), made, studio.catalog)]))
        with studio.place(surface, FILES, "Nothing matched when the file was made") as pieces:
            made = ExportedFile((), 0)
            pieces.append(drawing.paragraphs([summary(replace(order, form="actionkit"), made, studio.catalog)]))
        for left_out in (1, 3):
            with studio.place(surface, FILES, f"A file is ready, without {left_out} that no key opens") as pieces:
                made = ExportedFile((Path(),), 1234, left_out)
                pieces.append(drawing.paragraphs([summary(order, made, studio.catalog)]))
        for receipts in (("AAAA-AAAA-0001",), ("AAAA-AAAA-0001", "AAAA-AAAA-0002")):
            with studio.place(surface, FILES, f"A hand-in is ready, with boxes for {len(receipts)}") as pieces:
                made = ExportedFile((Path(),), 1234, unprinted=receipts)
                pieces.append(drawing.paragraphs([summary(replace(order, form="pdf"), made, studio.catalog)]))
        for endorsement in Endorsement:
            with studio.place(surface, FILES, f"A hand-in is ready: {endorsement.value}") as pieces:
                made = ExportedFile((Path(),), 1234, endorsement=endorsement)
                pieces.append(drawing.paragraphs([summary(replace(order, form="pdf"), made, studio.catalog)]))
    studio.sentence(TERMINAL, FILES, "A file is saved", Message("terminal.saved", {"path": f"{TREES}.csv"}))
