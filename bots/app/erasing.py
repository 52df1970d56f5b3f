"""The command that erases signers, and personal data past its retention period."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import closing

import click
from rich.console import Console

from bots.app.bootstrap import build
from bots.app.previews import previews
from bots.app.retention import erasure_sentence, report, signatures, warnings
from bots.common.settings import load_settings
from bots.services import Services
from bots.terminal.searches import watch
from core.organizer.person_search import Erased, PersonSearch
from core.platforms import Platform
from core.signatures.holding import Holding
from core.signatures.search import MOST_FOUND, SearchResult, Wanted, is_handle, parse_wanted
from core.signatures.signature import SignatureStatus, Signer

_OTHERWISE = (
    "Data may still be stored under something else: search by email address, by full name, by receipt, or by "
    "account, such as telegram:123456."
)


@click.command()
@click.argument("who", default="")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
@click.option("--expired", is_flag=True, help="Erase the personal data of petitions whose retention period is over.")
@click.option("--petition", default="", metavar="SLUG", help="Erase the data of a petition whose folder is gone.")
@click.option("--dry-run", is_flag=True, help="Only show what would be erased.")
@click.option("--confirm-clock", is_flag=True, help="With --expired, trust the clock even though it jumped.")
def forget(who: str, yes: bool, expired: bool, petition: str, dry_run: bool, confirm_clock: bool) -> None:
    """Erase a signer and withdraw their signatures.

    WHO is an email address, a full name, a receipt such as K7QF-2M9X-PD4T, or an account such as telegram:123456.
    Shows what would be erased, and asks first. Nothing that could identify the person remains. A search by address or
    name reads everything, which takes a few minutes for 500,000 signatures; the bot can run meanwhile.

    With --expired, erases only personal data and keeps the counts. `undersign run` does this automatically: it tells
    organizers a week ahead, and erases nothing while the clock is far from the newest stored event.

    With --petition, erases the personal data of a petition whose folder is gone without waiting for its retention
    period, which may be unknown. Its counts stay, and it can't be opened again.
    """
    if [bool(who), expired, bool(petition)].count(True) != 1 or (confirm_clock and not expired):
        raise click.UsageError("give one of WHO, --expired, and --petition")
    with closing(build(load_settings(), previews=previews)) as services:
        if expired:
            _forget_expired(services, dry_run=dry_run, confirm_clock=confirm_clock)
        elif petition:
            _forget_petition(services, petition, yes=yes, dry_run=dry_run)
        else:
            _forget_person(services, who, yes=yes, dry_run=dry_run)


def _wipe(services: Services) -> None:
    """Wipe what the erasure left in the database's files, or say when that will be done."""
    if not services.wipe_traces():
        click.echo(
            "undersign: others are using the database, so its files still hold traces of what was erased. "
            "To wipe them, run `undersign forget --expired` later.",
            err=True,
        )


def _forget_expired(services: Services, *, dry_run: bool, confirm_clock: bool) -> None:
    retention, failed = services.retention, dict[str, Exception]()
    if dry_run:
        _show_due(services)
    else:
        if confirm_clock:
            retention.confirm_clock()
        try:
            for sentence in report(dict(retention.run(failed.__setitem__))):
                click.echo(sentence)
        finally:
            _wipe(services)
    for sentence in warnings(retention, services.signing.clock()):
        click.echo(f"undersign: {sentence}", err=True)
    for slug, error in failed.items():
        again = "Run `undersign forget --expired` again later."
        click.echo(f"undersign: could not erase {slug} yet ({type(error).__name__}). {again}", err=True)
    if failed:
        sys.exit(1)


def _forget_petition(services: Services, slug: str, *, yes: bool, dry_run: bool) -> None:
    retention = services.retention
    if retention.has_folder(slug):
        raise click.UsageError(f"the folder of {slug} isn't gone: its data is erased after its retention period.")
    if not retention.data.holds(slug):
        click.echo(f"undersign: no personal data is stored for a petition named {slug!r}.", err=True)
        sys.exit(1)
    click.echo(f"{slug}: {signatures(retention.data.signatures(slug))} with personal data. The counts stay.")
    if dry_run:
        return
    if not yes:
        click.confirm("Erase the personal data, and close the petition for good?", abort=True)
    try:
        click.echo(f"{slug}: erased the personal data of {signatures(retention.erase_removed(slug))}.")
    finally:
        _wipe(services)
    if retention.data.holds(slug):
        click.echo(f"undersign: others are using it. Run `undersign forget --petition {slug}` again later.", err=True)
        sys.exit(1)


def _show_due(services: Services) -> None:
    due = services.retention.due()
    for erasure in due:
        held = signatures(services.retention.data.signatures(erasure.petition.slug))
        click.echo(f"{held}: {erasure_sentence(erasure, services.signing.clock())}")
    if not due:
        click.echo("Nothing is due.")


def _forget_person(services: Services, who: str, *, yes: bool, dry_run: bool) -> None:
    wanted = parse_wanted(who)
    if wanted is None:
        hint = " An @name isn't stored, because its owner can change it." if is_handle(who) else ""
        raise click.UsageError(f"WHO must be an email address, a name, a receipt, or an account.{hint}")
    search = PersonSearch(services.organizing, services.queries)
    result = SearchResult(list(search.direct(wanted)))
    if not result.keys:
        watch(search.into(result, wanted), Console(stderr=True))
    _warn(result, wanted)
    found = [holding for key in result.keys if (holding := search.holding(key))]
    for line in _listed(services, found, named=bool(wanted.address) and len(found) > 1):
        click.echo(line)
    if dry_run:
        return
    chosen = _chosen(found, yes=yes)
    try:
        for holding in chosen:
            _erase(search, holding)
    finally:  # also if a later one can't be erased
        _wipe(services)


def _warn(result: SearchResult, wanted: Wanted) -> None:
    """Say what could not be searched; exit if nobody was found, or too many."""
    if result.unopened:
        rows = "1 row" if result.unopened == 1 else f"{result.unopened:,} rows"
        click.echo(
            f"undersign: no key opens {rows}, which may be about this person too. "
            "Add the missing key, then search again.", err=True,
        )  # fmt: skip
    if not result.keys:
        click.echo(
            f"undersign: found nobody under {wanted.typed!r} in {result.rows:,} accounts, unfinished answers, and "
            f"signatures. {_OTHERWISE}", err=True,
        )  # fmt: skip
    elif result.is_too_much:
        click.echo(f"undersign: more than {MOST_FOUND} accounts match. Search by receipt or account.", err=True)
    if result.is_too_much or not result.keys:
        sys.exit(1)


def _listed(services: Services, found: list[Holding], *, named: bool) -> Iterator[str]:
    """Everything that would go, with as little as is needed to tell the accounts apart."""
    for number, holding in enumerate(found, 1):
        yield f"{number}. {holding.platform}, first seen {holding.met_at:%Y-%m-%d}"
        if named and (names := holding.names(services.petitions)):
            yield f"   name: {', '.join(names)}"
        for each in holding.signatures:
            withdrawn = ", withdrawn" if each.status is SignatureStatus.WITHDRAWN else ""
            yield f"   {each.petition}: signed {each.day}, receipt {each.receipt}{withdrawn}"
        yield from (f"   {petition}: unfinished answers" for petition in holding.drafts)
        yield from (f"   {petition}: opened" for petition in holding.only_opened)
        if holding.waiting:
            yield f"   messages to be sent: {holding.waiting:,}"


def _chosen(found: list[Holding], *, yes: bool) -> list[Holding]:
    """The accounts to erase, after asking."""
    if len(found) == 1:
        if not yes:
            click.confirm("Erase this account and withdraw its signatures?", abort=True)
        return found
    if yes:
        click.echo("undersign: several accounts match. Name one by its receipt, or leave out --yes.", err=True)
        sys.exit(1)
    numbers = {int(number) for number in re.findall(r"\d+", click.prompt("Erase which of them? Type their numbers"))}
    if not numbers or not numbers <= set(range(1, len(found) + 1)):
        raise click.Abort
    return [holding for number, holding in enumerate(found, 1) if number in numbers]


def _erase(search: PersonSearch, holding: Holding) -> None:
    if holding.unopened:
        click.echo(
            "undersign: no key opens all of this account's data, so nothing was erased. "
            "Add the missing key, then try again.", err=True,
        )  # fmt: skip
        sys.exit(1)
    if search.erase(holding, Signer(Platform.TERMINAL, "undersign forget", "undersign forget")) is Erased.CHANGED:
        click.echo("undersign: something has changed meanwhile, so nothing was erased. Try again.", err=True)
        sys.exit(1)
    click.echo(f"Erased {signatures(len(holding.signatures))} and everything else about this account.")
