"""Phrases that make English read like a translation. `python -m tests.prose.phrases` prints every hit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import regex

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PHRASES = (
    "in the place of",
    "behind the command",
    "round numbers?",
    "whom",
    "somebody",
    "anew",
    "for ever",
    "stands(?! (?:out|up))",
    "whole or not at all",
    "the present (?!time|tense)\\w+",  # "the current screen"
    "(?<!there )is no (?!longer|more|better|different|such)\\w+",  # "is not an address"
    "where there (?:is|are) (?:no|none|one|any)",  # "if there is one"
)
"""Regular expressions in which a space is any gap between words."""
OPENINGS = ("What", "Where", "Who", "Whoever", "Whom", "Whose", "Which", "How", "Whether", "When")
"""Words that no docstring begins with: a verb or a noun phrase says more."""
FOLDERS = ("", "core", "storage", "bots", "tests", "deploy", "docs")
"""The folders that are searched; the empty name is the top folder, without those below it."""
NAMES = frozenset({"Makefile", "Dockerfile", "Caddyfile", ".env.example"})
SUFFIXES = frozenset({".py", ".md", ".po", ".toml", ".yml", ".html", ".css", ".js", ".jinja", ".txt", ".typ"})

_GAP = r"[\s#*/]+"  # between words: a comment or a list may continue on the next line
_PATTERN = regex.compile("|".join(rf"\b{phrase.replace(' ', _GAP)}\b" for phrase in PHRASES), regex.IGNORECASE)
_OPENING = regex.compile(rf'^\s*"""(?:{"|".join(OPENINGS)})\b', regex.MULTILINE)


def found(text: str) -> Iterator[int]:
    """The lines, from 1, on which phrases and openings end; a phrase may run over the end of a line."""
    for pattern in (_PATTERN, _OPENING):
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.end()) + 1


def files() -> Iterator[Path]:
    """The texts in this repository, except translations, which repeat en.po, and this folder, which quotes phrases."""
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*") if folder else ROOT.iterdir():
            if (path.suffix in SUFFIXES or path.name in NAMES) and path.is_file() and path.parent != HERE:
                yield from () if path.suffix == ".po" and path.stem != "en" else (path,)


def hits() -> list[str]:
    """Every hit in the repository, as `path:line: the words on it`."""
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files()}
    return [
        f"{name}:{line}: {text.splitlines()[line - 1].strip()}"
        for name, text in sorted(texts.items())
        for line in found(text)
    ]


if __name__ == "__main__":
    print("\n".join(hits()))
