"""Phrases that give a translation away, and the hits that each file may still have.

`python -m tests.prose.phrases` writes the allowance anew; run it after a file lost some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ALLOWED = Path(__file__).with_name("allowed.txt")
PHRASES = ("in the place of", "behind the command", "round number", "whom", "somebody")
FOLDERS = ("", "core", "storage", "bots", "tests", "deploy", "docs")
"""Rooms that are searched; the empty name is the top, without what lies below it."""
NAMES = frozenset({"Makefile", "Dockerfile", ".env.example"})
SUFFIXES = frozenset({".py", ".md", ".po", ".toml", ".yml", ".html", ".css", ".js", ".jinja", ".txt"})

_GAP = r"[\s#*]+"  # between words: a comment or a list may go on in the next line
_PATTERN = re.compile("|".join(rf"\b{_GAP.join(phrase.split())}s?\b" for phrase in PHRASES), re.IGNORECASE)


def count(text: str) -> int:
    """Return how many of the phrases a text has; they may run over the end of a line."""
    return len(_PATTERN.findall(text))


def files() -> Iterator[Path]:
    """The texts in this repository but for this room, which quotes the phrases; translations only repeat en.po."""
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*") if folder else ROOT.iterdir():
            if (path.suffix in SUFFIXES or path.name in NAMES) and path.is_file() and path.parent != ALLOWED.parent:
                yield from () if path.suffix == ".po" and path.stem != "en" else (path,)


def hits() -> dict[str, int]:
    """The number of phrases in each file that has any, by its path in the repository."""
    hits_by_file = {path.relative_to(ROOT).as_posix(): count(path.read_text(encoding="utf-8")) for path in files()}
    return {name: number for name, number in sorted(hits_by_file.items()) if number}


def allowed() -> dict[str, int]:
    """The hits that each file may have."""
    lines = (line.split() for line in ALLOWED.read_text(encoding="utf-8").splitlines())
    return {name: int(number) for number, name in lines}


if __name__ == "__main__":
    ALLOWED.write_text("".join(f"{number} {name}\n" for name, number in hits().items()), encoding="utf-8")
