"""The command that checks a proof, or a whole log. It needs no settings, no database, and no trust in a site."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from bots.app.components import load
from core.errors import LogError
from core.log.proof import LARGEST_PROOF, InclusionProof
from core.log.signed_note import SignedNote, VerifierKey
from core.log.verifying import proven

T = TypeVar("T")
_READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", required=False, type=_READABLE)
@click.option("--key", "keys", multiple=True, metavar="KEY", help="Trust this verifier key; repeat it for several.")
@click.option("--log", "address", default="", metavar="URL", help="Read the log of the petition with this page.")
@click.option(
    "--checkpoint", type=_READABLE, help="Check that the log still has everything that this earlier checkpoint had."
)
def verify(file: Path | None, keys: tuple[str, ...], address: str, checkpoint: Path | None) -> None:
    """Check the proof of a signature, or a whole public log.

    FILE is the proof that a signer got in the chat. With --key, nothing is downloaded.

    With --log, every entry of the log is downloaded and added up, and the sum is compared with the number that the site
    shows for it. Together with FILE or --checkpoint, this also finds a log that has changed its past. Without --key,
    the key that the site shows is trusted: compare it with what others saw there.

    Exits with 1 if anything is wrong.
    """
    if not (file or address):
        raise click.UsageError("name the file with a proof, or a log with --log URL")
    if file and not (keys or address):
        raise click.UsageError("say whose signature you trust, with --key KEY or --log URL: a proof can't say that")
    if checkpoint and not address:
        raise click.UsageError("--checkpoint needs --log URL, since only the log itself can show that it goes on")
    trusted = [VerifierKey.parse(key) for key in keys]
    proof = _read(file, InclusionProof.parse) if file else None
    earlier = _read(checkpoint, SignedNote.parse) if checkpoint else None
    if proof and not address:
        click.echo(proven(proof, trusted))
        return
    for sentence in asyncio.run(load("bots.app.log_check").check_log(address, trusted, proof, earlier)):
        click.echo(sentence)


def _read(file: Path, parse: Callable[[str], T]) -> T:
    """The content of a file that anyone may have made. Raises LogError."""
    with file.open("rb") as stream:
        content = stream.read(LARGEST_PROOF + 1)
    if len(content) > LARGEST_PROOF:
        raise LogError(f"{file} is too large for a proof or a checkpoint.")
    try:
        return parse(content.decode())
    except UnicodeDecodeError:
        raise LogError(f"{file} isn't text, so it is neither a proof nor a checkpoint.") from None
    except LogError as error:
        raise LogError(f"{file}: {error}") from None
