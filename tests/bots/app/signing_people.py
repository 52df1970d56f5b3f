"""People who sign at a terminal, for tests of commands."""

from __future__ import annotations

from pathlib import Path

from tests.command import run


def signed_with_mail(folder: Path, signer: str, name: str, mail: str, *, updates: bool) -> None:
    """Let a person sign with a comment and an email address."""
    wanted = "Updates by email\n" if updates else ""
    lines = f"Sign\n{name}\n90210\nEdit\nAdd: Email\n{mail}\nEdit\nAdd: Comment\n=1+1\n{wanted}Confirm\n"
    done = run(folder, "try", "--signer", signer, "--source", "elm-club", stdin=lines)
    assert "Receipt:" in done.stdout, done.stdout
