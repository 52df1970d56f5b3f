"""The commands of `undersign`: each reads the settings, calls a service, and prints the result."""

from __future__ import annotations

import getpass
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

from bots.app.archives import backup, migrate, move, restore
from bots.app.bootstrap import belongs_to_bot, build, chance, reach
from bots.app.checks import check
from bots.app.citing import citations
from bots.app.components import COMPONENTS, load
from bots.app.consents import consent
from bots.app.drafts import drafts
from bots.app.erasing import forget
from bots.app.exporting import export
from bots.app.logs import log as public_log
from bots.app.new_petition import new
from bots.app.previewing import preview
from bots.app.previews import previews
from bots.app.retention import warnings
from bots.app.source_commands import sources
from bots.app.verifying import verify
from bots.common.links import Links
from bots.common.log import start_logging
from bots.common.setting_names import misspelt_settings
from bots.common.settings import load_settings
from bots.common.supervisor import Supervisor
from bots.delivery.exports import exporter_of
from bots.delivery.work_folders import sweep
from bots.services import Services
from bots.terminal.app import TerminalApp, is_person
from core.errors import ConfigurationError
from core.messages import DEFAULT_LOCALE
from core.petition.collection import Visibility
from core.petition.label import valid_label
from core.platforms import Platform
from core.signatures.signature import SignatureStatus, Signer
from core.version import VERSION

log = logging.getLogger(__name__)

_SCRIPT = """A script can sign too, with one answer per line:

\b
  printf 'Sign\\nAda Lovelace\\n90210\\nConfirm\\n' | undersign try
"""


@contextmanager
def _services(visibility: Visibility = Visibility.PUBLISHED) -> Iterator[Services]:
    services = build(load_settings(), previews=previews, visibility=visibility)
    for sentence in services.left_out.values():
        click.echo(f"undersign: {sentence}", err=True)
    try:
        yield services
    finally:
        services.close()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, message="%(prog)s %(version)s")
def cli() -> None:
    """Read a petition, check its sources, and sign it in a chat.

    Start with `undersign try`: it needs no account and no settings. Settings come from the environment and from the
    file .env in the current folder; docs/settings.md lists them.

    Exits with 0 on success, 2 for usage or configuration errors, and 1 for any other error.
    """


@cli.command("try", epilog=_SCRIPT)
@click.option("--petition", default="", metavar="SLUG", help="Open this petition instead of the list.")
@click.option("--language", default="", metavar="CODE", help="Use this language, such as es.")
@click.option("--source", default="", metavar="LABEL", help="Count the signature under this label.")
@click.option("--signer", default="", metavar="ID", help="Sign as this person instead of the current user.")
@click.option("--count", is_flag=True, help="Sign for real, even if the data belongs to a bot.")
def try_(petition: str, language: str, source: str, signer: str, *, count: bool) -> None:
    """Read and sign a petition in this terminal.

    Choose a button by its number or its words. Press Ctrl-D to leave; you can continue later.

    If the data belongs to a bot, what you sign is a trial and doesn't count, unless you say --count. It belongs to one
    if a token, WEB_PORT, or DATABASE_URL is set, or after `undersign run`. Signatures on drafts are always trials.
    """
    is_trial = not count and belongs_to_bot(load_settings())
    with _services(Visibility.TRIALS if is_trial else Visibility.WITH_DRAFTS) as services:
        petition = _slug_in(services, petition)
        _check_try(services, petition, language, source)
        who = Signer(Platform.TERMINAL, signer or _user(), language=services.settings.lang.split(".")[0])
        sweep(services.workshop)
        if not is_trial:  # without a bot, nobody else publishes what is due
            services.publish_logs(services.signing.published.values(), lambda: False)
        app = TerminalApp(
            services.signing,
            services.organizing,
            exporter_of(services),
            services.workshop,
            services.settings.public_url,
        )
        understood = app.talk(who, petition, source, language or ("" if is_person() else DEFAULT_LOCALE))
    if not understood and not sys.stdin.isatty():
        click.echo("undersign: none of the lines was understood. Start with a button's words, such as Sign.", err=True)
        sys.exit(1)


def _slug_in(services: Services, name: str) -> str:
    """The slug of the petition in a folder, which differs from the folder's name if signatures on it are trials."""
    return next((slug for slug, petition in services.petitions.items() if name and petition.folder == name), name)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run as a user id without a name
        return "me"


def _check_try(services: Services, slug: str, language: str, source: str) -> None:
    spoken = services.signing.languages
    if language and services.signing.negotiate(language).split("_")[0] != language.replace("-", "_").split("_")[0]:
        raise click.BadParameter(
            f"{language!r} is not available; choose from: {', '.join(spoken)}", param_hint="--language"
        )
    if source and not valid_label(source):
        rule = "at most 32 characters (a-z, 0-9, -, and _), beginning and ending with a letter or digit"
        raise click.BadParameter(f"{source!r} is not a label: {rule}", param_hint="--source")
    if slug and slug not in services.petitions:
        raise click.BadParameter(services.why_missing(slug), param_hint="--petition")


@cli.command()
@click.argument("surfaces", nargs=-1, type=click.Choice(list(COMPONENTS)))
def run(surfaces: tuple[str, ...]) -> None:
    """Start the bots, the web pages, and the worker.

    Without arguments, starts everything you configured: TELEGRAM_TOKEN turns on Telegram, DISCORD_TOKEN turns on
    Discord, and WEB_PORT turns on the web pages.

    The worker sends announcements to signers, milestones to communities, and files to organizers. It needs the tokens
    but doesn't receive updates, so any number of workers can run alongside `undersign run telegram discord` on one
    PostgreSQL database.

    The checker of sources runs only in a process of its own, `undersign run sources`, and never without that word. Once
    a week, it opens the links of the petitions that have check_sources = true in their petition.toml.

    On Ctrl-C or SIGTERM, finishes its work in progress and then stops.
    """
    settings, supervisor, module = load_settings(), Supervisor(chance=chance), load("bots.app.run")
    start_logging(settings.log_level)
    for sentence in misspelt_settings():
        log.warning("%s", sentence)
    building = partial(build, settings, previews=previews, supervisor=supervisor, answering=True)
    module.run(settings, surfaces, module.Opening(supervisor, partial(reach, settings), building))


@cli.command()
def invite() -> None:
    """Print the links that add the bot to Discord.

    One link adds it to a server you manage, with only the permissions it needs. The other adds it to your account.
    """
    token = load_settings().discord_token
    if token is None:
        raise ConfigurationError("DISCORD_TOKEN is not set, so there is no bot to invite.")
    links = Links(discord=load("bots.common.identity").discord_application(token.get_secret_value()))
    click.echo(f"Add it to a server you manage:     {links.discord_server}")
    click.echo(f"Add it to your account, any chat:  {links.discord_account}")


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def stats(as_json: bool) -> None:
    """Show how many people have signed each petition."""
    with _services() as services:
        rows = [_stats_of(services, slug) for slug in services.petitions]
        notes = tuple(warnings(services.retention, services.signing.clock()))
    for note in notes:
        click.echo(f"undersign: {note}", err=True)
    if as_json:
        click.echo(json.dumps({"petitions": rows}, indent=2))
        return
    columns = (Column("petition", no_wrap=True), *(status.value for status in SignatureStatus), "next goal")
    table = Table(*columns, box=SIMPLE, pad_edge=False, collapse_padding=True)
    for row in rows:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else value for value in row.values()))
    Console().print(table)


def _stats_of(services: Services, slug: str) -> dict[str, str | int]:
    tally = services.queries.tally(slug)
    petition = services.petitions[slug].with_decision(services.queries.decision(slug))
    counts = {status.value: tally.totals.get(status, 0) for status in SignatureStatus}
    return {"petition": petition.public_slug, **counts, "goal": petition.next_goal(tally.counted)}


cli.add_command(backup)
cli.add_command(check)
cli.add_command(citations)
cli.add_command(consent)
cli.add_command(drafts)
cli.add_command(export)
cli.add_command(forget)
cli.add_command(public_log)
cli.add_command(new)
cli.add_command(preview)
cli.add_command(restore)
cli.add_command(sources)
cli.add_command(migrate)
cli.add_command(move)
cli.add_command(verify)
