"""The commands for the petitions' public logs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import TextIO

import click

from bots.app.bootstrap import build, publisher_of
from bots.app.log_keys import KEY_SIZE, kept_checkpoints, origin_of, save_keys, write_keys
from bots.common.settings import load_settings
from bots.services import Services
from core.errors import ConfigurationError, LogError
from core.log.records import StoredLogs
from core.log.signed_note import VerifierKey
from core.organizer.outage import LOG, Outage, OutageService
from core.petition.petition import Petition
from core.services.log_check import LogCheck
from core.services.log_exclusions import audit_file
from core.services.log_memory import KeptCheckpoints, fork
from core.services.publishing import LogPublisher


@click.group()
def log() -> None:
    """Look after the petitions' public logs.

    A log has an entry for each signature, and its checkpoints are signed. `undersign run` publishes it; with
    `undersign verify`, anyone can check it.
    """


@log.command()
@click.option("--export", is_flag=True, help="Print the private key instead. Keep it secret.")
@click.option("--replace", is_flag=True, help="Make a new key, which signs from the next start on.")
def key(*, export: bool, replace: bool) -> None:
    """Print the verifier keys of the logs.

    There is one line for each petition and key, the newest key first. People check proofs with these lines. Older keys
    stay valid for older proofs.

    With --export, prints the private key, to set as LOG_KEY elsewhere or to keep in a safe place. With --replace, the
    new key also signs the last checkpoint of each log, so that everyone can follow. Then start the bot again.
    """
    settings = load_settings()
    with closing(build(settings)) as services:
        publisher = publisher_of(settings, services.signing.work)
        if export or replace:
            _require_key(publisher)
        if replace:
            publisher = _replace_key(services, publisher)
        if export:
            click.echo(write_keys(publisher.keys))
            return
        for line in _verifier_keys(services):
            click.echo(line)


def _require_key(publisher: LogPublisher) -> None:
    if not publisher.keys:
        raise ConfigurationError("The log's private key is missing: put log.key back, or set LOG_KEY.")


def _replace_key(services: Services, publisher: LogPublisher) -> LogPublisher:
    """Put a new key in front of the others. Raises ConfigurationError."""
    settings, keys = services.settings, (publisher.chance(KEY_SIZE), *publisher.keys[:1])
    if settings.log_key:
        raise ConfigurationError(
            f"LOG_KEY is set, so set it to {write_keys(keys)} yourself, on every host. The new key comes first; the "
            "old one can go after the next start."
        )
    save_keys(settings.log_key_file, keys)
    return publisher_of(settings, services.signing.work)


def _verifier_keys(services: Services) -> Iterator[str]:
    """The verifier keys of each log, or of each petition that will have one."""
    with services.queries.stored_log() as logs:
        states, public = logs.states(), logs.keys()
    for slug, petition in services.signing.published.items():
        origin = states[slug].origin if slug in states else origin_of(services.settings, petition)
        yield from (str(VerifierKey(origin, key)) for key in public)


@log.command()
@click.argument("petition", default="")
def check(petition: str) -> None:
    """Recompute the logs from the database, and compare.

    Checks PETITION, or all: entries, hash tree, signatures, the entry of each signature, and the sum against the count.
    Exits with 1 if something differs, and tells the organizers.
    """
    with closing(build(load_settings())) as services:
        every = [_named(services, petition)] if petition else services.signing.published.values()
        fine = [_check(services, each) for each in every]
    sys.exit(0 if all(fine) else 1)


def _fork(logs: StoredLogs, slug: str, kept: KeptCheckpoints) -> str:
    """A sentence if the database doesn't have what the log has published; empty if it has."""
    try:
        return fork(logs, slug, kept)
    except LogError as error:
        return str(error)


@log.command()
@click.argument("petition")
@click.argument("file", type=click.File("w", lazy=True), default="-")
def exclusions(petition: str, file: TextIO) -> None:
    """Write the lists of signatures that don't count, for an auditor, as JSON.

    For each sum in PETITION's log, the list has the indexes of the signatures that entered or left a class
    (duplicate, held_back, invalidated), and the salt that proves it. It has no names, answers, or receipts, but with it
    and a signer's proof, anyone can tell whether that signature counts. So give it to an auditor only, and never
    publish it. Signatures that were erased before their batch are left out.

    Writes to standard output, or to FILE.
    """
    with closing(build(load_settings())) as services:
        slug = _named(services, petition).slug
        with services.queries.stored_log() as logs:
            lists = audit_file(logs, slug)
    click.echo(json.dumps(lists, indent=2), file=file)
    click.echo("With this and a proof, anyone can tell whether that signature counts. Don't publish it.", err=True)


def _named(services: Services, name: str) -> Petition:
    """The petition with a slug. Raises ConfigurationError."""
    for slug, petition in services.signing.published.items():
        if name in (slug, petition.public_slug):
            return petition
    raise ConfigurationError(f"{services.why_missing(name)}.")


def _check(services: Services, petition: Petition) -> bool:
    """Check one log, and print the result."""
    slug, name, kept = petition.slug, petition.public_slug, kept_checkpoints(services.settings)
    with services.queries.stored_log() as logs:
        record = logs.checkpoint(slug)
        differences = [*LogCheck(logs, slug, services.queries.tally(slug)).differences()]
        contradiction = _fork(logs, slug, kept)
    if contradiction and not any(contradiction in difference for difference in differences):
        differences.append(contradiction)
    for difference in differences:
        click.echo(f"{name}: {difference}.", err=True)
    if differences:
        outage = Outage(f"{LOG}-{name}", services.signing.clock(), final=True)
        OutageService(services.organizing).report(outage, services.settings.platforms)
    elif record:
        size = record.checkpoint.size
        click.echo(f"{name}: its sum is {record.number:,}, from entries 0 to {size - 1:,}. Everything fits.")
    else:
        click.echo(f"{name}: nothing is published yet.")
    return not differences
