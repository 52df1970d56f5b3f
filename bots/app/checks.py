"""The command `undersign check`: all faults and warnings in petitions, translations, settings, and keys."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress

import click

from bots.app.bootstrap import erasures_ahead
from bots.app.checkup import setting_faults, standby_faults, unopened_rows
from bots.app.components import load
from bots.common.setting_names import misspelt_settings
from bots.common.settings import Settings, load_settings
from core.errors import ContentError
from core.petition.loading import LOCALES, PETITIONS, check_petitions, petition_warnings
from core.petition.locale_check import check_locales, untranslated


@click.command()
def check() -> None:
    """Check petitions, translations, settings, and keys.

    Prints each error on its own line, with the file and line number, and warns about what most likely isn't meant.
    Exits with 2 if there are errors.
    """
    for sentence in misspelt_settings():
        _warn(sentence)
    settings = load_settings()
    faults = [*_faults(settings)]
    for fault in faults:
        click.echo(fault)
    for sentence in _warnings(settings):
        _warn(sentence)
    if faults:
        sys.exit(2)
    for locale, number in untranslated(LOCALES).items():
        click.echo(f"{locale}.po: {number} messages aren't translated yet, so people see them in English.", err=True)
    click.echo("Petitions, translations, and settings are in order.", err=True)


def _warn(sentence: str) -> None:
    click.echo(f"Warning: {sentence}", err=True)


def _faults(settings: Settings) -> Iterator[str]:
    limits = load("bots.app.platform_limits")
    found = check_petitions(settings.petitions_dir or PETITIONS)
    found += sorted([*check_locales(LOCALES), *limits.translation_limits(LOCALES)])
    yield from map(str, found)
    wrong = [f"settings: {sentence}" for sentence in setting_faults(settings)]
    yield from wrong or (*unopened_rows(settings), *standby_faults(settings, _warn))


def _warnings(settings: Settings) -> Iterator[str]:
    folder = settings.petitions_dir or PETITIONS
    found = {*petition_warnings(folder), *load("bots.app.platform_limits").petition_limits(folder)}
    yield from map(str, sorted(found))
    with suppress(ContentError):  # no petition at all can be read
        yield from erasures_ahead(settings)
