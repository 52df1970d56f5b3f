"""The command that prints the preview links of drafts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import click

from bots.app.bootstrap import build
from bots.common.links import Links
from bots.common.settings import load_settings
from bots.services import Services
from core.messages import DEFAULT_LOCALE, Message
from core.petition.collection import drafts as drafts_in
from core.petition.petition import Petition


@click.command()
def drafts() -> None:
    """Print the preview links of drafts.

    A draft is a petition with `draft = true` in its petition.toml. It isn't listed anywhere. Everyone with its preview
    link can read it and sign it, but those signatures are trials: they never count.
    """
    with closing(build(load_settings())) as services:
        found = drafts_in(services.petitions)
        for draft in found.values():
            for line in _lines(services, draft):
                click.echo(line)
    if not found:
        click.echo("undersign: there are no drafts. A line draft = true in petition.toml makes one.", err=True)


def _lines(services: Services, draft: Petition) -> Iterator[str]:
    """The ways to open a draft, on each platform that is configured."""
    settings = services.settings

    def word(name: str) -> str:
        return services.catalog.text(Message(f"name.{name}"), DEFAULT_LOCALE)

    yield draft.folder
    if settings.public_url:
        yield f"  page:      {Links(settings.public_url).page(draft.slug)}"
    if settings.telegram_token:
        yield f"  Telegram:  send the bot /start {draft.slug}"
    if settings.discord_token:
        yield f"  Discord:   {Links.discord_command(draft.slug, '', word)}"
    yield f"  terminal:  undersign try --petition {draft.folder}"
