"""The command `undersign new`, which makes a petition's folder, from a template or from a text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bots.app.components import load
from bots.common.settings import load_settings
from core.errors import ConfigurationError
from core.petition.draft import Draft
from core.petition.draft_files import TEMPLATE, DraftFacts, refused, write_draft
from core.petition.language_code import meant_language
from core.petition.loading import check_petitions, petition_warnings
from core.text.excess import excess

if TYPE_CHECKING:
    from bots.app.documents import Manuscript

_EXAMPLE = """Examples:

\b
  undersign new town-trees
  undersign new town-trees --from letter.docx --country US
  undersign new arboles --from carta.txt --language es --country MX

A text is understood best if it has the title in a line of its own, then a line such as “To the Town Council:”, the
letter, the reasons below a line “Background”, and the sources at the end, one on each line:

\b
  1. The Elm Street Courier, “Forty elms to go by spring,” March 2, 2026. https://courier.example.org/elms
"""


@click.command(epilog=_EXAMPLE)
@click.argument("slug")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Take the text from FILE: .txt, .md, .docx, .odt, or .html.",
)
@click.option("--language", default="en", show_default=True, metavar="CODE", help="The text's language, such as es.")
@click.option(
    "--country", default="", metavar="CODE", help="Country of most signers, such as US: asks for postal codes."
)
@click.option("--organizer", default="", metavar="NAME", help="The organizer, if the text doesn't say.")
@click.option("--target", default="", metavar="NAME", help="Who gets the petition, if the text doesn't say.")
def new(slug: str, source: Path | None, language: str, country: str, organizer: str, target: str) -> None:
    """Make a petition's folder, ready to check and try.

    SLUG names the folder and appears in links. The folder is made in PETITIONS_DIR, or in ./petitions, and never
    overwrites anything.

    Without --from, it holds a template. With --from, it holds your text: title, letter, background, and the sources as
    footnotes, whether they were Word's, ¹, [1], or a digit after a full stop. Prints each guess with its line, so you
    can correct it in the new folder. Word, OpenDocument, and HTML need pandoc: pip install 'undersign[new]'.
    """
    language = meant_language(language) or language
    facts = DraftFacts(language, country.upper())
    if why := refused(slug, facts):
        raise click.UsageError(why)
    folder = (load_settings().petitions_dir or Path("petitions")) / slug
    draft = _draft(source, language) if source else TEMPLATE
    draft = replace(draft, organizer=organizer or draft.organizer, target=target or draft.target)
    write_draft(draft, folder, facts)
    click.echo(f"Made {folder}, with the text in {folder / language}.")
    _say_next(folder)


def _draft(source: Path, language: str) -> Draft:
    """The petition in a file; prints what was guessed."""
    documents, drafts = load("bots.app.documents"), load("core.petition.draft")
    manuscript = documents.read_manuscript(source)
    if too_much := excess(manuscript.text):
        raise ConfigurationError(_at(source, manuscript, *too_much))
    draft: Draft | str = drafts.arrange(manuscript.text, language, is_markdown=manuscript.is_markdown)
    if isinstance(draft, str):
        raise ConfigurationError(f"{source}: {draft}.")
    if manuscript.note:
        click.echo(f"{source}: {manuscript.note}", err=True)
    for line, doubt in draft.doubts:
        click.echo(_at(source, manuscript, line, doubt), err=True)
    return draft


def _at(source: Path, manuscript: Manuscript, line: int, sentence: str) -> str:
    """A sentence about a line of a file, or about the file if the text has other lines."""
    return f"{source}:{line}: {sentence}" if manuscript.has_lines else f"{source}: {sentence}"


def _say_next(folder: Path) -> None:
    """Print what `check` says of the new folder, and what to do next."""
    for fault in (fault for fault in check_petitions(folder.parent) if fault.file.is_relative_to(folder)):
        click.echo(fault, err=True)
    for warning in (warning for warning in petition_warnings(folder.parent) if warning.file.is_relative_to(folder)):
        click.echo(f"Warning: {warning}", err=True)
    place = f"PETITIONS_DIR={folder.parent} undersign"
    click.echo(f"Read it, correct it, and then run:\n  {place} check\n  {place} try --petition {folder.name}")
