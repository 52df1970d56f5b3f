"""Faults in the .po files: words missing, arguments that a message does not have, plural forms left out."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message as CatalogMessage
from babel.messages.pofile import PoFileError, read_po

from core.messages import DEFAULT_LOCALE
from core.petition.petition_file import Fault


def check_locales(folder: Path) -> list[Fault]:
    """Every fault of every .po file in `folder`; the English file defines the messages."""
    catalogs = {}
    for path in sorted(folder.glob("*.po")):
        try:
            with path.open("rb") as file:
                catalogs[path] = read_po(file, locale=path.stem, abort_invalid=True)
        except (PoFileError, UnicodeDecodeError, ValueError) as error:
            return [Fault(path, 1, f"not a translation file: {error}")]
    original = next((words for path, words in catalogs.items() if path.stem == DEFAULT_LOCALE), None)
    if original is None:
        return [Fault(folder, 1, f"{DEFAULT_LOCALE}.po is missing")]
    return sorted(fault for path, words in catalogs.items() for fault in _faults(path, words, original))


def _faults(path: Path, words: Catalog, original: Catalog) -> Iterator[Fault]:
    known = {_key(entry): entry for entry in original if entry.id}
    here = {_key(entry): entry for entry in words if entry.id}
    yield from _repeated(path)
    for key in known.keys() - here.keys():
        yield Fault(path, 1, f"{key} is missing")
    for key, entry in here.items():
        line = entry.lineno or 1
        if key not in known:
            yield Fault(path, line, f"{key} is no message of the product")
            continue
        texts = _texts(entry)
        if not all(texts) or (entry.pluralizable and len(texts) < words.num_plurals):
            yield Fault(path, line, f"{key} is not translated in all its forms")
            continue
        yield from (Fault(path, line, text) for text in _argument_faults(key, texts, known[key]))


def _repeated(path: Path) -> Iterator[Fault]:
    """Messages that appear twice; the reader of these files silently keeps one."""
    seen: set[str] = set()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("msgid ") and line in seen:
            key = line.removeprefix("msgid ").strip('"')
            yield Fault(path, number, f"{key} is here twice")
        seen.add(line)


def _key(entry: CatalogMessage) -> str:
    return str(entry.id[0] if isinstance(entry.id, list | tuple) else entry.id)


def _texts(entry: CatalogMessage) -> tuple[str, ...]:
    forms = entry.string if isinstance(entry.string, list | tuple) else (entry.string,)
    return tuple(form or "" for form in forms)


def _argument_faults(key: str, texts: tuple[str, ...], original: CatalogMessage) -> Iterator[str]:
    known = set().union(*(_arguments(text) for text in _texts(original)))
    for text in texts:
        try:
            unknown = _arguments(text) - known
        except ValueError as error:
            yield f"{key}: {error}"
        else:
            yield from (f"{key} has no argument {{{name}}}" for name in sorted(unknown))


def _arguments(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
