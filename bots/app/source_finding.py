"""Proposes links for sources without one, and writes those that a person accepts into the text."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

import click

from core.conversation.scene import source_entry
from core.files import written_whole
from core.messages import DEFAULT_LOCALE
from core.petition.loading import FolderReading, check_petitions, load_catalog, read_folders
from core.petition.source import Source
from core.petition.text_files import TextReading
from core.sources.link_files import FoundLink, links_in
from core.sources.proposals import Proposal, propose
from core.sources.search_words import search_words

_VERSION = "A link is part of the text, so accepting one makes a new version: people who are signing read it again."


def find_links(folder: Path, slug: str, file: Path, *, is_person: bool) -> None:
    """Propose links from a file for the petitions in a folder, or only one, and write those that a person accepts."""
    found = links_in(file.read_text(encoding="utf-8-sig", errors="replace"), file.name)
    click.echo(f"{file.name} has {len(found)} link{'' if len(found) == 1 else 's'}.", err=True)
    readings = read_folders(folder)
    if slug and slug not in readings:
        raise click.BadParameter(f"{folder} has no petition {slug!r}", param_hint="SLUG")
    catalog, written = load_catalog(), False
    for reading in [readings[slug]] if slug else readings.values():
        for text, source in _without_link(reading):
            click.echo(f"\n{catalog.text(source_entry(source), DEFAULT_LOCALE)}")
            written |= _offer(text, source, found, is_person=is_person)
    if written:
        for fault in check_petitions(folder):
            click.echo(fault, err=True)


def _without_link(reading: FolderReading) -> Iterator[tuple[TextReading, Source]]:
    return ((text, source) for text in reading.texts.values() for source in text.sources if not source.link)


def _offer(text: TextReading, source: Source, found: tuple[FoundLink, ...], *, is_person: bool) -> bool:
    """Show the proposals for a source, and ask about each until one is accepted; returns True if the text changed."""
    proposals = propose(source, found)
    if not proposals:
        click.echo(f"  The file has nothing like it. Search for {search_words(source)}")
    for proposal in proposals:
        click.echo(f"  {proposal.found.link}\n  because {', and '.join(proposal.reasons)}")
        line, changed = _with_link(text, source, proposal)
        click.echo(f"  {text.background.path}, line {text.notes[source.number]}: {changed}")
        if is_person and click.confirm(f"  {_VERSION} Write it?", default=False):
            return _write(text.background.path, line, changed)
    return False


def _with_link(text: TextReading, source: Source, proposal: Proposal) -> tuple[int, str]:
    """The index of the line that ends a source's note, and that line with the link."""
    lines = text.background.path.read_text(encoding="utf-8-sig").splitlines()
    last = text.notes[source.number] - 1
    while last + 1 < len(lines) and lines[last + 1].startswith((" ", "\t")) and lines[last + 1].strip():
        last += 1
    return last, f"{lines[last].rstrip()} <{proposal.found.link}>"


def _write(path: Path, index: int, changed: str) -> bool:
    """Replace a line of a file, and show the difference."""
    before = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    ending = before[index][len(before[index].rstrip("\r\n")) :]
    after = [*before[:index], f"{changed}{ending}", *before[index + 1 :]]
    mode = path.stat().st_mode
    with written_whole(path) as draft:
        draft.write_text("".join(after), encoding="utf-8", newline="")
        draft.chmod(mode)
    for line in difflib.unified_diff(before, after, path.name, path.name, n=0):
        click.echo(f"  {line.rstrip()}")
    return True
