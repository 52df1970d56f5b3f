"""Files for organizers, made on disk in constant memory: the signers' file in each of its formats, and the hand-in."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self, TextIO, TypeAlias

from bots.common.progress_bar import OnProgress
from bots.services import Services
from core.export.crm import CRM_WRITERS, contactable
from core.export.naming import asked_before
from core.export.signers import WRITERS, rows
from core.messages import Catalog
from core.petition.petition import Petition
from core.ports import Clock, Queries
from core.signatures.signature import Signature, SignatureStatus

PDF = "pdf"
COUNTED = (SignatureStatus.COUNTED,)
_KINDS = {PDF: "hand-in", "csv": "signers", "jsonl": "signers", "action_network": "action-network"}
_SUFFIXES = {PDF: ".pdf", "jsonl": ".jsonl"}
_CHARACTER = 4  # bytes at most: in UTF-8, or of one that is written as two
_BESIDE_ANSWERS = 4000  # the maximum bytes of a row, including names of columns

Writer: TypeAlias = Callable[[TextIO, Petition, Iterable[Signature]], object]


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """The files of one export in order, the number of signatures in all of them, and of those that no key opened."""

    files: tuple[Path, ...]
    signatures: int
    left_out: int = 0


@dataclass(frozen=True)
class Exporter:
    """Makes files from a petition's signatures."""

    petitions: Mapping[str, Petition]
    catalog: Catalog
    queries: Queries
    clock: Clock

    def make(
        self, petition: str, form: str, locale: str, folder: Path, progress: OnProgress, largest: int | None = None
    ) -> ExportedFile:  # fmt: skip
        """Make a file, or several of at most `largest` bytes each; `form` is one of core.organizer.export.FORMATS.

        Only the owner can read them. An exception from `progress` ends the work.
        """
        kind, suffix = _KINDS.get(form, form), _SUFFIXES.get(form, ".csv")
        path = folder / f"{petition}-{kind}-{self.clock():%Y-%m-%d}{suffix}"
        if form == PDF:
            exported = self._hand_in(self.petitions[petition], locale, path, progress, largest)
        else:
            exported = self._text(self.petitions[petition], form, path, progress, largest)
        for file in exported.files:
            file.chmod(0o600)
        return exported

    def _hand_in(
        self, petition: Petition, locale: str, path: Path, progress: OnProgress, largest: int | None
    ) -> ExportedFile:
        from bots.delivery.hand_in import Census  # noqa: PLC0415  (it loads Typst, which only PDFs need)

        total = self.queries.tally(petition.slug).counted
        unopened: list[int] = []
        everyone = self.queries.signatures(petition.slug, tuple(SignatureStatus), unopened.append)
        census = Census(petition, self.catalog, locale, asked_before(petition, everyone))
        unopened.clear()
        signatures = _Counter(
            self.queries.signatures(petition.slug, tuple(SignatureStatus), unopened.append),
            lambda _: progress(0, total),
        )
        files = census.write(signatures, path, self.clock().date(), progress, largest)
        return ExportedFile(files, census.counted, len(unopened))

    def _text(
        self, petition: Petition, form: str, path: Path, progress: OnProgress, largest: int | None
    ) -> ExportedFile:
        total = self.queries.tally(petition.slug).counted
        unopened: list[int] = []
        counted = self.queries.signatures(petition.slug, COUNTED, unopened.append)
        signatures = _Counter(counted, lambda done: progress(done, total))
        written = _Counter(contactable(petition, signatures) if form in CRM_WRITERS else signatures)
        files = _write_files(text_writer(form), petition, written, path, largest)
        return ExportedFile(files, written.number, len(unopened))


def exporter_of(services: Services) -> Exporter:
    """An exporter for these services' petitions."""
    return Exporter(services.petitions, services.catalog, services.queries, services.signing.clock)


def left_out(count: int) -> str:
    """A line for operators about signatures that no key opened; empty if there are none."""
    what, them = ("1 signature is", "it") if count == 1 else (f"{count:,} signatures are", "them")
    return f"undersign: {what} left out: no key opens {them}.\n" if count else ""


def text_writer(form: str, *, all_contacts: bool = False) -> Writer:
    """The writer for a text format. With `all_contacts`, CSV and JSON Lines include every signer's contact data."""
    if form in CRM_WRITERS:
        return CRM_WRITERS[form]
    return lambda file, petition, signatures: WRITERS[form](
        file, petition, rows(petition, signatures, all_contacts=all_contacts)
    )


@dataclass
class _Counter:
    """The signatures, and the number taken so far; `on_take` is called with that number."""

    signatures: Iterator[Signature]
    on_take: Callable[[int], object] = bool
    number: int = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Signature:
        signature = next(self.signatures)
        self.number += 1
        self.on_take(self.number)
        return signature


def _write_files(
    write: Writer, petition: Petition, signatures: Iterator[Signature], path: Path, largest: int | None
) -> tuple[Path, ...]:
    """Write `path` or, if that would exceed `largest` bytes, path-1, path-2 ..., each with a header."""
    room = sum(_CHARACTER * field.longest for field in petition.fields) + _BESIDE_ANSWERS
    files: list[Path] = []
    first = next(signatures, None)
    while first is not None or not files:
        files.append(path.with_stem(f"{path.stem}-{len(files) + 1}"))
        with files[-1].open("wb") as raw, io.TextIOWrapper(raw, "utf-8", newline="", write_through=True) as file:
            full = partial(_is_full, raw.tell, largest and largest - room)
            write(file, petition, _until(full, first, signatures))
        first = next(signatures, None)
    if len(files) == 1:
        files = [files[0].rename(path)]
    return tuple(files)


def _is_full(size: Callable[[], int], most: int | None) -> bool:
    return most is not None and size() > most


def _until(full: Callable[[], bool], first: Signature | None, others: Iterator[Signature]) -> Iterator[Signature]:
    """The first row, and as many of the others as fit."""
    if first is not None:
        yield first
    while not full() and (signature := next(others, None)) is not None:
        yield signature
