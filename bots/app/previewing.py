"""The command `undersign preview`, which writes every screen of a petition into one HTML file."""

from __future__ import annotations

import sys
import tempfile
from contextlib import closing
from pathlib import Path

import click
from pydantic import SecretStr
from rich.console import Console

from bots.app.bootstrap import build
from bots.app.components import load
from bots.common.progress_bar import OnProgress, progress_bar
from bots.common.settings import Settings, load_settings
from core.files import written_whole
from core.petition.collection import Visibility
from core.petition.loading import PETITIONS, check_petitions, petition_warnings, read_folders

_KEY = "preview" * 8  # seals what is thrown away at once


@click.command()
@click.argument("slug", default="")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("preview.html"),
    show_default=True,
    metavar="FILE",
    help="Write to FILE, replacing what it held.",
)
def preview(slug: str, output: Path) -> None:
    """Write every screen of a petition into one HTML file.

    The file shows what people see in every language, from the first screen to the receipt, on the surfaces that your
    settings start; without any, on Telegram, on Discord, in a terminal, and on the web page. It opens in any browser,
    without a server and without a network, so you can send it to whoever has to agree to the petition.

    SLUG names the petition; with only one, leave it out. A draft is shown as people will see it once it is published.
    Nothing is sent, and nothing is stored in DATA_DIR.
    """
    settings = load_settings()
    chosen = _checked(settings.petitions_dir or PETITIONS, slug)
    with tempfile.TemporaryDirectory(prefix="undersign-") as data, progress_bar(Console(stderr=True)) as progress:
        html = _draw(settings, chosen, Path(data), progress)
    with written_whole(output) as draft:
        draft.write_text(html, encoding="utf-8")
    click.echo(f"Wrote {output}. Open it in a browser.", err=True)


def _checked(petitions: Path, slug: str) -> str:
    """The slug of the petition. Ends the command with what `check` says of one that has errors."""
    known = list(read_folders(petitions))
    chosen = slug or (known[0] if len(known) == 1 else "")
    if known and chosen not in known:
        problem = f"unknown petition {slug!r}" if slug else "which petition?"
        raise click.BadParameter(f"{problem}; choose from: {', '.join(known)}", param_hint="SLUG")
    folder = petitions / chosen
    for warning in (one for one in petition_warnings(petitions) if one.file.is_relative_to(folder)):
        click.echo(f"Warning: {warning}", err=True)
    faults = [fault for fault in check_petitions(petitions) if fault.file.is_relative_to(folder)]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(2)
    return chosen


def _draw(settings: Settings, slug: str, data: Path, progress: OnProgress) -> str:
    """The preview, drawn by services of their own in the folder `data`."""
    apart = {"data_dir": data, "database_url": None, "petition_keys_dir": None, "secret_key": SecretStr(_KEY)}
    with closing(build(settings.model_copy(update=apart), visibility=Visibility.ALL_PUBLISHED)) as services:
        petition = next(
            petition for petition in services.petitions.values() if slug in (petition.folder, petition.slug)
        )
        html: str = load("bots.preview.booklet").draw(services, petition, progress)
    return html
