"""The commands about sources: check them now, show the last results, and find links for those without one."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

from bots.app.bootstrap import build
from bots.app.check_rounds import rounds_of
from bots.app.previews import previews
from bots.app.source_finding import find_links
from bots.common.progress_bar import OnProgress, progress_bar
from bots.common.service_threads import ServiceThreads
from bots.common.settings import load_settings
from bots.services import Services
from core.conversation.scene import source_entry
from core.conversation.source_state import state_of
from core.errors import ConfigurationError
from core.messages import DEFAULT_LOCALE, Message
from core.organizer.source_news import SourceCheckService
from core.petition.loading import PETITIONS
from core.petition.petition import Petition
from core.petition.source import Source
from core.sources.checks import Checks, LinkState, PassageState, SourceCheck, check_of
from core.sources.due import DueLook
from core.sources.search_words import search_words

BAD = frozenset({LinkState.GONE, LinkState.SOFT_404, LinkState.WALLED, LinkState.UNREACHABLE, LinkState.REFUSED})
"""States in which a reader of the petition doesn't get to the source."""
_BUSY = "another process is checking sources: try again in a few minutes, or show the last results with --last"


class _CheckByDefault(click.Group):
    """A group whose command `check` needs no name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name in front, unless there is one or help is asked for."""
        named = args[:1] and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["check", *args])


@click.group(cls=_CheckByDefault)
def sources() -> None:
    """Check the sources that petitions cite.

    `undersign sources` and `undersign sources SLUG` are short for `undersign sources check`.
    """


@sources.command()
@click.argument("slug", default="")
@click.option("--last", is_flag=True, help="Show the last results, without any request.")
@click.option("--all", "every", is_flag=True, help="Check all petitions, also those that don't let the checker look.")
@click.option("--yes", is_flag=True, help="Don't ask before looking for a petition that doesn't let the checker look.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(slug: str, *, last: bool, every: bool, yes: bool, as_json: bool) -> None:
    """Look at the links of petitions' sources now.

    Without SLUG, checks the petitions with check_sources = true in their petition.toml. For others it asks first, since
    a publisher sees the visits, and learns that someone cites the page.

    Tells for each source whether the page is there, whether the quoted words are on it, where an archive has a copy,
    and what the page says about itself where that differs from the note. For a source without a link, it tells what to
    search for. Exits with 1 if a page can't be reached by readers, or if quoted words are missing.
    """
    with closing(build(load_settings(), previews=previews)) as services:
        chosen = _chosen(services, slug, every=every or last)
        if not last:
            _look(services, chosen, yes=yes)
        stored = services.queries.source_checks()
        results = [(petition, stored.get(petition.slug, {})) for petition in chosen]
        if as_json:
            click.echo(json.dumps({"petitions": [_as_json(*result) for result in results]}, indent=2))
        else:
            for petition, checks in results:
                _print(services, petition, checks)
    if any(_is_wrong(check_of(checks, source)) for petition, checks in results for source in _sources(petition)):
        sys.exit(1)


@sources.command()
@click.argument("slug", default="")
@click.option(
    "--from", "file", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
    help="Take links from FILE: bookmarks or a saved page (.html), .csv, .tsv, .md, .url, or a list of addresses.",
)  # fmt: skip
def find(slug: str, file: Path) -> None:
    """Propose links for sources without one, from a file that you have.

    Fetches nothing and invents nothing: every link is from FILE, and you see why it is proposed. In a terminal, it asks
    about each one, and writes those you accept into background.md. Otherwise it only prints them.

    A link is part of the text that people sign, so each one makes a new version.
    """
    find_links(load_settings().petitions_dir or PETITIONS, slug, file, is_person=sys.stdin.isatty())


def _chosen(services: Services, slug: str, *, every: bool) -> tuple[Petition, ...]:
    """The petitions to check. Raises UsageError if there are none."""
    published = services.signing.published
    if slug and slug not in published:
        raise click.BadParameter(services.why_missing(slug), param_hint="SLUG")
    if slug:
        return (published[slug],)
    chosen = tuple(petition for petition in published.values() if every or petition.check_sources)
    if not chosen:
        raise click.UsageError(
            "no petition has check_sources = true in its petition.toml: name one to look once, or use --last"
        )
    return chosen


def _look(services: Services, petitions: Sequence[Petition], *, yes: bool) -> None:
    """Look at every link. Raises ConfigurationError if another process is just checking."""
    service = SourceCheckService(services.organizing)
    looks = {petition.slug: service.looks(petition) for petition in petitions}
    for petition in petitions:
        links = len(looks[petition.slug])
        if links and not (petition.check_sources or yes):
            click.confirm(
                f"{petition.public_slug} doesn't let the checker look at its sources. Publishers see the visits. "
                f"Look at {links} link{'s' if links > 1 else ''} once?", abort=True, err=True,
            )  # fmt: skip
    wanted = [look for of_petition in looks.values() for look in of_petition]
    with progress_bar(Console(stderr=True)) as progress:
        if wanted and not asyncio.run(_look_at(services, wanted, progress)):
            raise ConfigurationError(_BUSY)


async def _look_at(services: Services, looks: Sequence[DueLook], progress: OnProgress) -> bool:
    threads = ServiceThreads(services.database.writers, services.database.together, services.metrics.count_outcome)
    try:
        return await rounds_of(services, threads).look_at(looks, progress)
    finally:
        threads.close()


def _sources(petition: Petition) -> tuple[Source, ...]:
    """The sources of a petition, in all languages, each once."""
    every = (source for text in petition.texts.values() for source in text.sources)
    return tuple({(source.key, source.link, source.quote): source for source in every}.values())


def _is_wrong(check: SourceCheck | None) -> bool:
    return check is not None and (check.state in BAD or check.passage is PassageState.MISSING)


def _print(services: Services, petition: Petition, checks: Checks) -> None:
    """Print a petition's sources as a table, in English."""
    columns = (Column(name, overflow="fold") for name in ("Source", "Result"))  # no link is cut off
    table = Table(*columns, box=SIMPLE, pad_edge=False, title=petition.public_slug, title_justify="left")
    for source in _sources(petition):
        note = services.catalog.text(source_entry(source), DEFAULT_LOCALE)
        found = "\n".join(_results(services, petition, source, check_of(checks, source)))
        table.add_row("\n".join(filter(None, (note, source.link))), found)
    Console().print(table, markup=False)


def _results(services: Services, petition: Petition, source: Source, check: SourceCheck | None) -> Iterator[str]:
    """Sentences about a source: what the last look found, or what to search for."""
    if not source.link:
        yield f"No link: search for {search_words(source)}"
    elif check is None:
        yield "Not checked yet"
    else:
        yield from _words(services, state_of(check, source, petition.day, petition.languages[0]))
        yield from filter(None, (check.final_link, check.archive.link if check.archive else ""))


def _words(services: Services, messages: Iterable[Message]) -> Iterator[str]:
    return (services.catalog.words(message, DEFAULT_LOCALE) for message in messages)


def _as_json(petition: Petition, checks: Checks) -> dict[str, object]:
    rows = [_source_as_json(source, check_of(checks, source)) for source in _sources(petition)]
    return {"petition": petition.public_slug, "sources": rows}


def _source_as_json(source: Source, check: SourceCheck | None) -> dict[str, object]:
    row: dict[str, object] = {
        "number": source.number, "key": source.key, "publication": source.publication, "title": source.title,
        "date": source.date, "link": source.link,
    }  # fmt: skip
    if not source.link:
        return row | {"search_for": search_words(source)}
    if check is None:
        return row | {"state": None}
    archive = {"link": check.archive.link, "at": check.archive.at.isoformat()} if check.archive else None
    return row | {
        "checked_at": check.at.isoformat(), "state": check.state.value, "status": check.status,
        "moved_to": check.final_link, "quote": check.quote, "quoted_words": check.passage.value,
        "changed_at": check.changed_at.isoformat() if check.changed_at else None, "archived_copy": archive,
        "page": {"title": check.facts.title, "publication": check.facts.publication, "date": check.facts.date},
    }  # fmt: skip
