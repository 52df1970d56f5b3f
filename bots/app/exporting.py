"""The command that exports the signers' file or the hand-in."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import click
from rich.console import Console

from bots.app.bootstrap import build
from bots.app.previews import previews
from bots.common.progress_bar import OnProgress, progress_bar
from bots.common.settings import load_settings
from bots.delivery.exports import Exporter, exporter_of, left_out
from core.errors import PetitionNotFoundError
from core.export.formats import FILE_FORMATS
from core.export.request import FileRequest
from core.files import written_whole
from core.messages import DEFAULT_LOCALE
from core.organizer.export import FORMATS


@click.command()
@click.option("--petition", required=True, metavar="SLUG", help="Export the signatures of this petition.")
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="csv", show_default=True, help="Format of the file."
)
@click.option("--language", default="", metavar="CODE", help="Language of the PDF.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to FILE instead of standard output."
)
@click.option("--all-contacts", is_flag=True, help="Include contact data of signers who don't want updates by email.")
def export(petition: str, form: str, language: str, output: Path | None, all_contacts: bool) -> None:
    """Export the counted signatures.

    Writes a spreadsheet (xlsx, or csv), a file for a program (jsonl) or for a campaigning system, or a PDF to hand in.
    The spreadsheet in xlsx and the PDF need --output.

    Contact columns are empty for signers who don't want updates by email. The files for ActionKit and Action Network
    leave those signers out and have every value as it is stored. In csv, a value that a spreadsheet would run as a
    formula gets an apostrophe in front. Only you can read the file.
    """
    request = FileRequest(petition, form, language or DEFAULT_LOCALE, all_contacts)
    streamed = form in FILE_FORMATS and FILE_FORMATS[form].streamed
    with closing(build(load_settings(), previews=previews)) as services:
        if petition not in services.petitions:
            raise PetitionNotFoundError(f"unknown petition {petition!r}; choose from: {', '.join(services.petitions)}")
        if output is None and not streamed:
            raise click.UsageError(f"--format {form} needs --output FILE")
        exporter = exporter_of(services)
        with progress_bar(Console(stderr=True)) as progress:
            if streamed:
                with _output_file(output) as stream:
                    unopened = exporter.write(request, stream, progress)
            elif output:
                unopened = _make_files(exporter, request, output, progress)
    click.echo(left_out(unopened), err=True, nl=False)


def _make_files(exporter: Exporter, request: FileRequest, output: Path, progress: OnProgress) -> int:
    """Make `output`, or output-1, output-2 ... if there are more rows than one file may have."""
    with tempfile.TemporaryDirectory(prefix=".undersign-", dir=output.parent) as folder:
        exported = exporter.make(request, Path(folder), progress)
        for number, file in enumerate(exported.files, 1):
            file.replace(output if len(exported.files) == 1 else output.with_stem(f"{output.stem}-{number}"))
    return exported.left_out


@contextmanager
def _output_file(output: Path | None) -> Iterator[IO[bytes]]:
    """The output, or a new file for the owner only that gets its name when it is complete."""
    if output is None:
        yield sys.stdout.buffer
        return
    with written_whole(output) as draft, draft.open("wb") as file:
        yield file
