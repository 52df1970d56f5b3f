"""The commands of `undersign`: each reads the settings, asks a service, and prints."""

from __future__ import annotations

import getpass
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import track
from rich.table import Column, Table

from bots.app.archives import backup, restore
from bots.app.bootstrap import build, open_storage, setting_faults
from bots.app.components import COMPONENTS, load
from bots.app.previews import previews
from bots.common.links import Links
from bots.common.log import start_logging
from bots.common.progress_bar import progress_bar
from bots.common.settings import load_settings
from bots.delivery.exports import COUNTED, PDF, exporter_of, text_writer
from bots.delivery.work_folders import sweep
from bots.services import Services
from bots.terminal.app import TerminalApp, is_person
from core.errors import ConfigurationError, PetitionNotFoundError
from core.files import written_whole
from core.messages import DEFAULT_LOCALE
from core.organizer.export import FORMATS
from core.petition.loading import LOCALES, PETITIONS, check_petitions
from core.petition.locale_check import check_locales, untranslated
from core.petition.petition import valid_label
from core.platforms import Platform
from core.signatures.signature import SignatureStatus, Signer
from core.version import VERSION


@contextmanager
def _services() -> Iterator[Services]:
    services = build(load_settings(), previews=previews)
    try:
        yield services
    finally:
        services.close()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, message="%(prog)s %(version)s")
def cli() -> None:
    """Undersign: read a petition, check its sources and sign it in conversation.

    Begin with `undersign try`: it needs no account and no setting. Settings come from the environment and from
    the file .env; README.md lists them. Exit codes: 0, 2 for wrong usage or configuration, 1 for anything else.
    """


@cli.command("try")
@click.option("--petition", default="", metavar="SLUG", help="Open this petition, not the list.")
@click.option("--language", default="", metavar="CODE", help="Speak this language, such as es.")
@click.option("--source", default="", metavar="LABEL", help="Where the signer came from; kept on the signature.")
@click.option("--signer", default="", metavar="ID", help="Act as another person than the user of this machine.")
def try_(petition: str, language: str, source: str, signer: str) -> None:
    r"""Read and sign in this terminal.

    Buttons are chosen by their number or by their words; Ctrl-D leaves, and nothing that was said is lost.
    With standard input that is not a terminal, one line is one answer, so that a script can sign:

    \b
        printf 'Sign\nAda Lovelace\n90210\nConfirm\n' | undersign try
    """
    with _services() as services:
        _check_try(services, petition, language, source)
        who = Signer(Platform.TERMINAL, signer or _user(), language=services.settings.lang.split(".")[0])
        sweep(services.workshop)
        app = TerminalApp(
            services.signing,
            services.organizing,
            exporter_of(services),
            services.workshop,
            services.settings.public_url,
        )
        app.talk(who, petition, source, language or ("" if is_person() else DEFAULT_LOCALE))


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run as a number that has no name
        return "me"


def _check_try(services: Services, slug: str, language: str, source: str) -> None:
    spoken = services.signing.languages
    if language and services.signing.negotiate(language).split("_")[0] != language.replace("-", "_").split("_")[0]:
        raise click.BadParameter(f"{language!r} is not spoken; there are: {', '.join(spoken)}", param_hint="--language")
    if source and not valid_label(source):
        rule = "at most 32 of a-z, 0-9, - and _, beginning and ending with a letter or digit"
        raise click.BadParameter(f"{source!r} is no label: {rule}", param_hint="--source")
    if slug and slug not in services.petitions:
        known = ", ".join(services.petitions)
        raise click.BadParameter(f"there is no petition {slug!r}; there are: {known}", param_hint="--petition")


@cli.command()
@click.argument("surfaces", nargs=-1, type=click.Choice(list(COMPONENTS)))
def run(surfaces: tuple[str, ...]) -> None:
    """Start everything that is configured, or only the SURFACES that are named: telegram, discord, web, worker.

    TELEGRAM_TOKEN configures Telegram, DISCORD_TOKEN Discord, WEB_PORT the pages for browsers. The worker sends what is
    sent later: announcements to signers, milestones to communities, files to organizers. It needs the tokens too, but
    neither polls nor connects, so that any number of workers may run beside one `undersign run telegram discord`, on a
    PostgreSQL that all share. Ctrl-C or SIGTERM finishes what is in hand, and stops.
    """
    settings = load_settings()
    start_logging(settings.log_level)
    with _services() as services:
        load("bots.app.run").run(services, surfaces)


@cli.command()
def invite() -> None:
    """Print the links by which Discord's servers and people add the bot, with exactly what it needs."""
    token = load_settings().discord_token
    if token is None:
        raise ConfigurationError("DISCORD_TOKEN is not set, so there is no bot to invite.")
    links = Links(discord=load("bots.common.identity").discord_application(token.get_secret_value()))
    click.echo(f"Add it to a server you manage:     {links.discord_server}")
    click.echo(f"Add it to your account, any chat:  {links.discord_account}")


@cli.command()
def check() -> None:
    """Validate petitions, locales and settings: one line a fault, with its file and line."""
    settings = load_settings()
    faults = [str(fault) for fault in check_petitions(settings.petitions_dir or PETITIONS)]
    faults += [str(fault) for fault in check_locales(LOCALES)]
    faults += [f"settings: {sentence}" for sentence in setting_faults(settings)]
    for fault in faults:
        click.echo(fault)
    if faults:
        sys.exit(2)
    for locale, number in untranslated(LOCALES).items():
        click.echo(f"{locale}.po: {number} messages have no translation yet and are shown in English.", err=True)
    click.echo("Petitions, locales and settings are in order.", err=True)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")
def stats(as_json: bool) -> None:
    """Print the number of signatures of each petition."""
    with _services() as services:
        rows = [_stats_of(services, slug) for slug in services.petitions]
        orphans = [slug for slug in services.queries.petitions() if slug not in services.petitions]
    for slug in orphans:
        click.echo(f"undersign: {slug} was signed, but its folder is gone: its data cannot expire.", err=True)
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
    return {"petition": slug, **counts, "goal": petition.next_goal(tally.counted)}


@cli.command()
@click.option("--petition", required=True, metavar="SLUG", help="Whose signatures.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="csv", show_default=True)
@click.option("--language", default="", metavar="CODE", help="In which language the hand-in is.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to FILE instead of standard output."
)
@click.option("--all-contacts", is_flag=True, help="Also the contact data of who did not agree to be contacted.")
def export(petition: str, form: str, language: str, output: Path | None, all_contacts: bool) -> None:
    """Write the counted signatures as a file for a spreadsheet or a program, or as a PDF to hand in.

    Who did not agree to be contacted has empty contact columns, and is not in the files for ActionKit and Action
    Network. Values that a spreadsheet would run as a formula get an apostrophe in front. A file is readable by its
    owner only.
    """
    with _services() as services:
        if petition not in services.petitions:
            raise PetitionNotFoundError(
                f"there is no petition {petition!r}; there are: {', '.join(services.petitions)}"
            )
        if form == PDF:
            _export_pdf(services, petition, language, output)
            return
        total = services.queries.tally(petition).counted
        counted = services.queries.signatures(petition, COUNTED)
        bar = Console(stderr=True)
        signatures = track(counted, "Exporting", total, console=bar, disable=not bar.is_terminal)
        with _output_file(output) as file:
            text_writer(form, all_contacts=all_contacts)(file, services.petitions[petition], signatures)


def _export_pdf(services: Services, petition: str, language: str, output: Path | None) -> None:
    if output is None:
        raise click.UsageError("a PDF needs --output FILE")
    with tempfile.TemporaryDirectory(prefix=".undersign-", dir=output.parent) as folder:
        with progress_bar(Console(stderr=True)) as progress:
            exported = exporter_of(services).make(petition, PDF, language or DEFAULT_LOCALE, Path(folder), progress)
        exported.files[0].replace(output)


@contextmanager
def _output_file(output: Path | None) -> Iterator[TextIO]:
    """The output, or a new file of the owner's only that takes its name when it is complete."""
    if output is None:
        yield sys.stdout
        return
    with written_whole(output) as draft, draft.open("w", encoding="utf-8") as file:
        yield file


@cli.command()
@click.argument("who", default="")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--expired", is_flag=True, help="Erase what petitions must not keep any longer after closing.")
def forget(who: str, yes: bool, expired: bool) -> None:
    """Erase one signer: everything that leads back to them; their signatures are withdrawn.

    WHO is a receipt (K7QF-2M9X-PD4T) or an account as platform:id (telegram:123456, terminal:ada).
    With --expired, erase the personal data of petitions whose retention is over; counts stay. `run` does that too.
    """
    if bool(who) == expired:
        raise click.UsageError("give either WHO or --expired")
    with _services() as services:
        if expired:
            for slug, count in services.erase_expired().items():
                click.echo(f"{slug}: the personal data of {count} signatures is erased.")
            return
        signer = _signer(services, who)
        if signer is None or not services.queries.knows(signer):
            click.echo(f"undersign: nothing is stored about {who}.", err=True)
            sys.exit(1)
        if not yes:
            click.confirm(f"Erase {who}, and withdraw what was signed?", abort=True)
        services.signing.forget(signer)
        click.echo(f"Everything about {who} is erased.")


def _signer(services: Services, who: str) -> Signer | None:
    platform, colon, user_id = who.partition(":")
    return Signer(platform, user_id) if colon else services.queries.signer_of(who.upper())


@cli.command()
def migrate() -> None:
    """Bring the database to the present schema; the other commands do it too, when they start."""
    database, _ = open_storage(load_settings())
    database.close()
    click.echo("The database is up to date.", err=True)


cli.add_command(backup)
cli.add_command(restore)
