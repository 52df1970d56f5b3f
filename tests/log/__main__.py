"""Start a small log, serve it over HTTP, and let Go's code verify it; the transcript is for people.

`--record` keeps the files that Go accepted in tests/log/accepted, where ordinary tests read them.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from storage.vault import Vault
from tests.bots.web.site import served
from tests.log.demonstration import ACCEPTED, Demonstration, demonstrate
from tests.log.go_code import GoVerifier, serving
from tests.tools.debian import TOOLS, install

KEY = "a key for tests, of thirty-two characters or more"


async def _made(folder: Path, people: int) -> Demonstration:
    """A log that the product served, downloaded with its proof and an earlier checkpoint."""
    vault = Vault([KEY], folder / "petition-keys")
    async with served(folder, vault) as site:
        return await demonstrate(site, folder / "files", people)


def main() -> int:
    """Return 0 if Go accepted what is right, and refused everything that was tampered with."""
    parser = argparse.ArgumentParser(prog="python -m tests.log", description=__doc__)
    parser.add_argument("--record", action="store_true", help="Keep the files that Go accepted.")
    record = parser.parse_args().record
    if problem := install(TOOLS["go"]):
        print(problem)
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made, go = asyncio.run(_made(folder, 20 if record else 300)), GoVerifier.build(folder)
        right = [_verified("The log as it is served", made, go, expected=0)]
        right += [
            _verified(f"After {words}", made, go, tamper, expected=1) for words, tamper in made.tamperings.items()
        ]
        if record and all(right):
            shutil.rmtree(ACCEPTED, ignore_errors=True)
            shutil.copytree(made.folder, ACCEPTED)
    print("Go accepted the log, and refused every other." if all(right) else "Go did NOT do what it should.")
    return 0 if all(right) else 1


def _verified(
    title: str, made: Demonstration, go: GoVerifier, tamper: Callable[[Path], object] | None = None, *, expected: int
) -> bool:
    """Print what Go says about a copy of the log; True if it ends as expected."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "files"
        shutil.copytree(made.folder, copy)
        if tamper:
            tamper(copy)
        options = ("-old", str(copy / "earlier"), *(f"-proof={file}" for file in sorted(copy.glob("*.tlog-proof"))))
        with serving(copy / "log") as url:
            code, said = go.run(url, made.key, *options)
    print(f"== {title}\n{said.replace(name, '')}")
    return code == expected


if __name__ == "__main__":
    sys.exit(main())
