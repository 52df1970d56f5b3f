"""Files for organizers, made on disk in constant memory: the signers' file in each of its formats, and the hand-in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import IO, Self

from bots.common.progress_bar import OnProgress
from bots.delivery.endorsement import ROOM, Endorsement, Endorsing, signer_of
from bots.services import Services
from core.export.days import signing_days
from core.export.formats import FILE_FORMATS, FileFormat
from core.export.naming import asked_before
from core.export.request import PDF, FileRequest
from core.export.table import Row, Table, TableContext
from core.messages import DEFAULT_LOCALE, Catalog, Message
from core.outreach.communities import written_titles
from core.petition.collection import published
from core.petition.petition import Petition
from core.petition.zone import zone_words
from core.ports import Clock
from core.queries import Queries
from core.signatures.signature import Signature, SignatureStatus
from core.standby import OpenStandby, no_standby

_CHARACTER = 4  # bytes at most: in UTF-8, or of one that is written as two
_BESIDE_ANSWERS = 4000  # the maximum bytes of a row, including names of columns, without the words of choices
_TOLD_EVERY = 100  # signatures


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """The files of one export in order, the number of signatures in all of them, and of those that no key opened.

    It has no file if filters match nothing.

    `unprinted` are the receipts of signers whose letters, in names, places, or answers, the fonts of the hand-in lack.
    They are for organizers only: no file has them. `endorsement` is the outcome of signing a hand-in with a
    certificate, if one is set. `as_of` says how old a file from a standby is.
    """

    files: tuple[Path, ...]
    signatures: int
    left_out: int = 0
    unprinted: tuple[str, ...] = ()
    endorsement: Endorsement | None = None
    as_of: Message | None = None


@dataclass(frozen=True)
class Exporter:
    """Makes files from a petition's signatures. `broken` are petitions whose folders can't be read at the moment.

    `signer` signs hand-ins with a certificate, if one is set. Signatures come from the standby if there is one.
    """

    petitions: Mapping[str, Petition]
    catalog: Catalog
    queries: Queries
    clock: Clock
    broken: frozenset[str] = frozenset()
    signer: Endorsing | None = None
    standby: OpenStandby = no_standby

    def make(
        self, request: FileRequest, folder: Path, progress: OnProgress, largest: int | None = None
    ) -> ExportedFile:
        """Make a file, or several of at most `largest` bytes each.

        Only the owner can read them. An exception from `progress` ends the work.
        """
        return self._read(request, lambda exporter: exporter._make(request, folder, progress, largest))

    def write(self, request: FileRequest, stream: IO[bytes], progress: OnProgress) -> ExportedFile:
        """Write a file in a `streamed` format, but nothing at all if its filters match nothing."""
        return self._read(request, lambda exporter: exporter._write(request, stream, progress))  # noqa: SLF001

    def _read(self, request: FileRequest, export: Callable[[Self], ExportedFile]) -> ExportedFile:
        """Export from the standby, or from the primary."""
        reads = self.standby()
        if reads is None:
            return export(self)
        exported = export(replace(self, queries=reads.queries))
        zone = self.petitions[request.petition].zone
        return replace(exported, as_of=reads.as_of.words(zone)) if reads.as_of else exported

    def _make(self, request: FileRequest, folder: Path, progress: OnProgress, largest: int | None) -> ExportedFile:
        if request.form == PDF:
            exported = self._hand_in(request, self._path(request, "hand-in", ".pdf", folder), progress, largest)
        else:
            exported = self._signers(request, folder, progress, largest)
        for file in exported.files:
            file.chmod(0o600)
        return exported

    def _write(self, request: FileRequest, stream: IO[bytes], progress: OnProgress) -> ExportedFile:
        rows = self._rows(request, progress)
        first = next(rows, None)
        if first or not request.has_filters:
            with closing(FILE_FORMATS[request.form].open(stream, rows.table)) as file:
                for row in chain([first] if first else [], rows):
                    file.add(row)
        return ExportedFile((), rows.number, len(rows.unopened))

    def _path(self, request: FileRequest, kind: str, suffix: str, folder: Path) -> Path:
        return folder / f"{request.petition}-{kind}-{self._today(request)}{suffix}"

    def _today(self, request: FileRequest) -> dt.date:
        return self.petitions[request.petition].day(self.clock())

    def _hand_in(self, request: FileRequest, path: Path, progress: OnProgress, largest: int | None) -> ExportedFile:
        from bots.delivery.hand_in import Census  # noqa: PLC0415  (it loads Typst, which only PDFs need)

        petition = self.petitions[request.petition]
        total = self.queries.tally(petition.slug).counted
        unopened: list[int] = []
        everyone = self.queries.signatures(petition.slug, tuple(SignatureStatus), unopened.append)
        with self.queries.log() as logs:
            log = logs.checkpoint(petition.slug)
        asked = asked_before(petition, everyone)
        census = Census(petition, self.catalog, request.locale, asked, self.queries.version, log)
        unopened.clear()
        signatures = _watched(
            self.queries.signatures(petition.slug, tuple(SignatureStatus), unopened.append),
            lambda _: progress(0, total),
        )
        largest = largest - ROOM if largest and self.signer else largest
        files = census.write(signatures, path, self._today(request), progress, largest)
        endorsed = [self.signer.sign(file, self.clock()) for file in files] if self.signer else []
        worst = max(endorsed, key=list(Endorsement).index, default=None)
        return ExportedFile(files, census.counted, len(unopened), tuple(census.unprinted), worst)

    def _signers(self, request: FileRequest, folder: Path, progress: OnProgress, largest: int | None) -> ExportedFile:
        form, rows = FILE_FORMATS[request.form], self._rows(request, progress)
        room = sum(_CHARACTER * field.longest for field in self.petitions[request.petition].fields) + _BESIDE_ANSWERS
        path = self._path(request, form.kind, form.suffix, folder)
        files = _write_files(form, rows, path, room, largest)
        if not rows.number and request.has_filters:
            files[0].unlink()
            files = ()
        return ExportedFile(files, rows.number, len(rows.unopened))

    def _rows(self, request: FileRequest, progress: OnProgress) -> _Rows:
        petition, only = self.petitions[request.petition], request.only
        totals = self.queries.tally(petition.slug).totals
        total = sum(totals.get(status, 0) for status in only.statuses)
        unopened: list[int] = []
        signatures = self.queries.signatures(petition.slug, only.statuses, unopened.append)
        # Many signers were shown the same words.
        words_of = cache(self.queries.shown_words)
        communities = written_titles(self.queries.communities(), self.catalog)
        only = only.resolved(communities)
        form = FILE_FORMATS[request.form]
        days = signing_days(self.queries.hours(petition.slug, None), petition.zone) if form.has_days else ()
        zone = self.catalog.words(zone_words(petition.zone), DEFAULT_LOCALE)
        unknown = self.catalog.words(Message("organizer.unknown_community"), DEFAULT_LOCALE)
        context = TableContext(petition, words_of, communities, unknown, request.all_contacts, days, zone)
        watched = _watched(signatures, lambda done: progress(done, total))
        matching = (signature for signature in watched if only.matches(signature, petition))
        return _Rows(form.table(context), matching, unopened)


def exporter_of(services: Services) -> Exporter:
    """An exporter for these services' petitions. Raises ConfigurationError if the certificate can't be used."""
    signing, known, signer = services.signing, published(services.petitions), signer_of(services.settings)
    return Exporter(
        known, services.catalog, services.queries, signing.clock, signing.broken, signer, services.organizing.standby
    )


def left_out(count: int) -> str:
    """A line for operators about signatures that no key opened; empty if there are none."""
    what, them = ("1 signature is", "it") if count == 1 else (f"{count:,} signatures are", "them")
    return f"undersign: {what} left out: no key opens {them}.\n" if count else ""


def boxes(receipts: tuple[str, ...]) -> str:
    """Lines for operators about signers whose letters no font has; empty if there are none."""
    words = "undersign: the PDF has boxes for letters of these signers, because no font has them:"
    return "\n".join((words, *receipts, "")) if receipts else ""


def _watched(signatures: Iterator[Signature], on_take: Callable[[int], object]) -> Iterator[Signature]:
    """The signatures; `on_take` is called with the number taken so far, now and then and at the end."""
    number = 0
    for number, signature in enumerate(signatures, 1):
        if number % _TOLD_EVERY == 0:
            on_take(number)
        yield signature
    on_take(number)


@dataclass
class _Rows:
    """The rows of a table, their number so far, and the signatures that no key opened."""

    table: Table
    signatures: Iterator[Signature]
    unopened: list[int] = field(default_factory=list)
    number: int = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Row:
        signature = next(self.signatures)
        while not self.table.includes(signature):
            signature = next(self.signatures)
        self.number += 1
        return self.table.row(signature)


def _write_files(form: FileFormat, rows: _Rows, path: Path, room: int, largest: int | None) -> tuple[Path, ...]:
    """Write `path` or, if that would exceed `largest` bytes, path-1, path-2 ..., each with a heading.

    A file gets no further row without `room` for it, nor without twice the room of its longest one.
    """
    files: list[Path] = []
    row = next(rows, None)
    while row is not None or not files:
        files.append(path.with_stem(f"{path.stem}-{len(files) + 1}"))
        with files[-1].open("wb") as stream, closing(form.open(stream, rows.table)) as file:
            longest, number = room, 0
            while row is not None:
                before = file.size
                file.add(row)
                row, number, longest = next(rows, None), number + 1, max(longest, 2 * (file.size - before))
                if (largest is not None and file.size + longest > largest) or number == form.most_rows:
                    break
    if len(files) == 1:
        files = [files[0].rename(path)]
    return tuple(files)
