"""The command that proves what a signer agreed to."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import closing

import click

from bots.app.bootstrap import build
from bots.app.previews import previews
from bots.common.settings import load_settings


@click.command()
@click.argument("receipt")
def consent(receipt: str) -> None:
    """Show what a signer agreed to.

    Prints each choice with its time, its platform, and the words on the screen.

    RECEIPT is a receipt such as K7QF-2M9X-PD4T. Signatures from before this was stored have no such proof.
    """
    with closing(build(load_settings(), previews=previews)) as services:
        found = services.queries.consents_of(receipt)
    if not found:
        about = "no signature has" if found is None else "no consent is stored with"
        click.echo(f"undersign: {about} the receipt {receipt}.", err=True)
        sys.exit(1)
    for each, words in found:
        at = f"{each.at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
        click.echo(f"{each.subject}: {each.choice}\n  {at}, on {each.platform}, in {each.locale}, shown:")
        click.echo("".join(f"  | {line}\n" for line in words.splitlines()))
