"""The command that exports the signers' file or the hand-in."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import click
from rich.console import Console

from bots.app.bootstrap import build
from bots.app.previews import previews
from bots.common.progress_bar import OnProgress, progress_bar
from bots.common.settings import load_settings
from bots.delivery.endorsement import ENDORSEMENTS
from bots.delivery.exports import ExportedFile, Exporter, boxes, exporter_of, left_out
from bots.services import Services
from core.errors import PetitionNotFoundError
from core.export.formats import CRM_FORMATS, FILE_FORMATS
from core.export.request import ALL_COUNTED, ANY, FileRequest, SignatureFilter
from core.files import written_whole
from core.messages import DEFAULT_LOCALE, Catalog, Message
from core.organizer.export import FORMATS
from core.organizer.export_matches import ExportMatches
from core.organizer.filter_words import beginning, parse_when
from core.outreach.communities import written_titles
from core.petition.collection import find_slug
from core.signatures.signature import SignatureStatus

STATUSES = (*(status.value for status in SignatureStatus), ANY)
"""The choices of --status."""


@click.command()
@click.option("--petition", required=True, metavar="SLUG", help="Export the signatures of this petition.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="csv",
    show_default=True,
    metavar="FORMAT",
    help=f"Format of the file: {', '.join(FORMATS)}.",
)
@click.option(
    "--since", default="", metavar="WHEN", help="Only signatures since a day (2026-11-01, UTC) or 30m, 2h, 7d."
)
@click.option(
    "--label",
    default="",
    help="Only signatures that came through this link or community; use @own for signers' own links.",
)
@click.option(
    "--language",
    default="",
    metavar="CODE",
    help="Only signatures of the text in this language; for pdf, the language of the PDF.",
)
@click.option(
    "--status",
    default=SignatureStatus.COUNTED.value,
    show_default=True,
    metavar="STATUS",
    type=click.Choice(STATUSES),
    help=f"Only signatures with this status: {', '.join(STATUSES)}.",
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to FILE instead of standard output."
)
@click.option("--all-contacts", is_flag=True, help="Include contact data of signers who don't want updates by email.")
def export(petition: str, form: str, output: Path | None, all_contacts: bool, **filters: str) -> None:
    """Export signatures: those that count, or those that match.

    Writes a spreadsheet (xlsx or csv), a file for a program (jsonl) or a campaigning system, or a PDF to hand in. For
    xlsx and pdf, --output is required.

    Contact columns are empty for signers who don't want updates by email. The files for ActionKit and Action Network
    leave those signers out and have every value as it is stored. In csv, a value that a spreadsheet would run as a
    formula gets an apostrophe in front. Only you can read the file.
    """
    streamed = form in FILE_FORMATS and FILE_FORMATS[form].streamed
    with closing(build(load_settings(), previews=previews)) as services:
        if petition not in services.signing.published:
            raise PetitionNotFoundError(services.why_missing(petition))
        petition = find_slug(services.signing.published, petition)
        if output is None and not streamed:
            raise click.UsageError(f"--format {form} needs --output FILE")
        only = _filters(services, petition, form, filters)
        request = FileRequest(petition, form, only.language or DEFAULT_LOCALE, only, all_contacts)
        exporter = exporter_of(services)
        with progress_bar(Console(stderr=True)) as progress:
            if output and not streamed:
                exported = _make_files(exporter, request, output, progress)
                _check_written(services, request, exported)
            else:
                with _output_file(output) as stream:
                    exported = exporter.write(request, stream, progress)
                    _check_written(services, request, exported)
    _tell(exported, services.catalog)


def _tell(exported: ExportedFile, catalog: Catalog) -> None:
    """Say what the files lack, how old they are if they come from a standby, and how signing a hand-in went."""
    click.echo(left_out(exported.left_out) + boxes(exported.unprinted), err=True, nl=False)
    endorsed = ENDORSEMENTS[exported.endorsement] if exported.endorsement else None
    for sentence in filter(None, (exported.as_of, endorsed)):
        click.echo(f"undersign: {catalog.text(sentence, DEFAULT_LOCALE)}", err=True)


def _filters(services: Services, petition: str, form: str, given: Mapping[str, str]) -> SignatureFilter:
    """The filters. Raises BadParameter for one that the petition or the format doesn't have."""
    since, language = given["since"], given["language"]
    known, when = services.petitions[petition], parse_when(since)
    if since and when is None:
        raise click.BadParameter(
            f"{since!r} is neither a day such as 2026-11-01 nor an age such as 7d", param_hint="--since"
        )
    if language and language not in known.languages:
        words = f"{petition} has no text in {language!r}; choose from: {', '.join(known.languages)}"
        raise click.BadParameter(words, param_hint="--language")
    begun = beginning(when, services.signing.clock(), known) if when else None
    only = SignatureFilter(begun, given["label"].lower(), language, given["status"])
    if refused := only.refused_by(form):
        names = " and ".join(f"--{name}" for name in refused)
        raise click.UsageError(f"--format {form} always includes every signature that counts: leave out {names}")
    _check_matches(services, petition, form, only, _typed(given))
    return only


def _typed(given: Mapping[str, str]) -> Mapping[str, str]:
    """The filters that differ from the defaults."""
    return {name: value for name, value in given.items() if value != getattr(ALL_COUNTED, name) and value}


def _check_matches(
    services: Services, petition: str, form: str, only: SignatureFilter, given: Mapping[str, str]
) -> None:
    """Raise UsageError if nothing matches, with the values that would match."""
    titles = written_titles(services.queries.communities(), services.catalog)
    with services.signing.work() as work:
        lines = ExportMatches(work.reviews, services.petitions[petition], titles).nothing(form, only, given)
    if lines:
        raise click.UsageError(" ".join(services.catalog.words(line.words, DEFAULT_LOCALE) for line in lines))


def _check_written(services: Services, request: FileRequest, exported: ExportedFile) -> None:
    """Raise UsageError if no file was made, since of those who match nobody may be contacted."""
    if request.has_filters and not exported.signatures:
        sentences = [Message("export.none")] + [Message("export.only_contactable")] * (request.form in CRM_FORMATS)
        click.echo(left_out(exported.left_out), err=True, nl=False)
        raise click.UsageError(" ".join(services.catalog.text(each, DEFAULT_LOCALE) for each in sentences))


def _make_files(exporter: Exporter, request: FileRequest, output: Path, progress: OnProgress) -> ExportedFile:
    """Make `output`, or output-1, output-2 ... if there are more rows than one file may have."""
    with tempfile.TemporaryDirectory(prefix=".undersign-", dir=output.parent) as folder:
        exported = exporter.make(request, Path(folder), progress)
        for number, file in enumerate(exported.files, 1):
            file.replace(output if len(exported.files) == 1 else output.with_stem(f"{output.stem}-{number}"))
    return exported


@contextmanager
def _output_file(output: Path | None) -> Iterator[IO[bytes]]:
    """The output, or a new file for the owner only that gets its name when it is complete."""
    if output is None:
        yield sys.stdout.buffer
        return
    with written_whole(output) as draft, draft.open("wb") as file:
        yield file
