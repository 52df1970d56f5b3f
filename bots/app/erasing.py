"""The command that erases signers, and personal data past its retention period."""

from __future__ import annotations

import sys
from contextlib import closing

import click

from bots.app.bootstrap import build
from bots.app.previews import previews
from bots.app.retention import erasure_sentence, report, signatures, warnings
from bots.common.settings import load_settings
from bots.services import Services
from core.signatures.signature import Signer


@click.command()
@click.argument("who", default="")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
@click.option("--expired", is_flag=True, help="Erase the personal data of petitions whose retention period is over.")
@click.option("--dry-run", is_flag=True, help="With --expired, only show what is due.")
@click.option("--confirm-clock", is_flag=True, help="With --expired, trust the clock even though it jumped.")
def forget(who: str, yes: bool, expired: bool, dry_run: bool, confirm_clock: bool) -> None:
    """Erase a signer and withdraw their signatures.

    WHO is a receipt, such as K7QF-2M9X-PD4T, or an account, such as telegram:123456 or terminal:ada. Nothing that
    could identify the person remains.

    With --expired, erases only personal data and keeps the counts. `undersign run` does this automatically: it tells
    organizers a week ahead, and erases nothing while the clock is far from the newest stored event.
    """
    if bool(who) == expired or (who and (dry_run or confirm_clock)):
        raise click.UsageError("give either WHO or --expired")
    with closing(build(load_settings(), previews=previews)) as services:
        if expired:
            _forget_expired(services, dry_run=dry_run, confirm_clock=confirm_clock)
            return
        signer = _signer(services, who)
        if signer is None or not services.queries.knows(signer):
            click.echo(f"undersign: nothing is stored about {who}.", err=True)
            sys.exit(1)
        if not yes:
            click.confirm(f"Erase {who} and withdraw their signatures?", abort=True)
        services.signing.forget(signer)
        _wipe(services)
        click.echo(f"Erased everything about {who}.")


def _wipe(services: Services) -> None:
    """Wipe what the erasure left in the database's files, or say when that will be done."""
    if not services.wipe_traces():
        click.echo(
            "undersign: others are using the database, so its files still hold traces of what was erased. "
            "To wipe them, run `undersign forget --expired` later.",
            err=True,
        )


def _forget_expired(services: Services, *, dry_run: bool, confirm_clock: bool) -> None:
    retention = services.retention
    if dry_run:
        due = retention.due()
        for erasure in due:
            held = signatures(retention.data.signatures(erasure.petition.slug))
            click.echo(f"{held}: {erasure_sentence(erasure, services.signing.clock())}")
        if not due:
            click.echo("Nothing is due.")
    else:
        if confirm_clock:
            retention.confirm_clock()
        for sentence in report(dict(retention.run())):
            click.echo(sentence)
        _wipe(services)
    for sentence in warnings(retention, services.signing.clock()):
        click.echo(f"undersign: {sentence}", err=True)


def _signer(services: Services, who: str) -> Signer | None:
    platform, colon, user_id = who.partition(":")
    return Signer(platform, user_id) if colon else services.queries.signer_of(who.upper())
