"""Faults in the .po files, and how much of each language is translated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages import Catalog as PoFile
from babel.messages.catalog import Message as Entry
from babel.messages.plurals import get_plural

from core.messages import DEFAULT_LOCALE
from core.petition.petition_file import Fault
from core.petition.translations import (
    TranslationFileError,
    arguments,
    english,
    entries,
    read_po_file,
    translated,
    translation,
)
from core.petition.wording import meant, nearest

_BRACES = "the braces don't match: write each argument as {name}, and any other brace twice: {{ or }}"


def check_locales(folder: Path) -> list[Fault]:
    """Every fault in every .po file in `folder`. A missing translation is not a fault: English replaces it."""
    files, faults = _read(folder)
    main = folder / f"{DEFAULT_LOCALE}.po"
    original = files.pop(main, None)
    if original is None:
        return sorted(faults) if main.exists() else [*faults, Fault(folder, 1, f"{DEFAULT_LOCALE}.po is missing")]
    faults += _english_faults(main, original)
    for path, words in files.items():
        faults += _faults(path, words, entries(original))
    return sorted(faults)


def untranslated(folder: Path) -> dict[str, int]:
    """The number of messages that each language shows in English, if any. Raises ContentError."""
    files = {path.stem: read_po_file(path) for path in sorted(folder.glob("*.po"))}
    original = files.pop(DEFAULT_LOCALE)
    whole = len(entries(original))
    missing = {locale: whole - len(translation(words, original).sentences) for locale, words in files.items()}
    return {locale: number for locale, number in missing.items() if number}


def _read(folder: Path) -> tuple[dict[Path, PoFile], list[Fault]]:
    files, faults = {}, []
    for path in sorted(folder.glob("*.po")):
        try:
            files[path] = read_po_file(path)
        except TranslationFileError as error:
            faults.append(Fault(path, error.line, error.reason))
    return files, faults


def _english_faults(path: Path, words: PoFile) -> Iterator[Fault]:
    yield from _repeated(path)
    for key, entry in entries(words).items():
        line = entry.lineno or 1
        if not key:
            yield Fault(path, line, "this message has no key: write it as msgctxt above the msgid")
        if any(translated(entry)):
            yield Fault(path, line, f"{key}: English goes in the msgid: leave the msgstr empty")
        if _arguments(english(entry)) is None:
            yield Fault(path, line, f"{key}: {_BRACES}")


def _faults(path: Path, words: PoFile, original: Mapping[str, Entry]) -> Iterator[Fault]:
    here = entries(words)
    if not any(set(translated(entry)) - {"", *english(entry)} for entry in here.values()):
        yield Fault(path, 1, "nothing is translated yet: this is just a copy of en.po")
        return
    yield from _header_faults(path, words)
    yield from _repeated(path)
    for key, entry in here.items():
        known = original.get(key)
        gone = (f"no message has this key. {_key_meant(key, original, here)}",)
        texts = _entry_faults(entry, known, words.num_plurals) if known else gone
        yield from (Fault(path, entry.lineno or 1, f"{key}: {text}") for text in texts)


def _key_meant(key: str, original: Mapping[str, Entry], here: Mapping[str, Entry]) -> str:
    """The key that is most likely meant, among those that the file lacks."""
    near = nearest(key, original.keys() - here.keys())
    return f"Did you mean {near}?" if near else "Remove the message"


def _header_faults(path: Path, words: PoFile) -> Iterator[Fault]:
    named = dict(words.mime_headers)
    header = named.get("Language", "")
    if header.replace("-", "_") != path.stem:
        yield Fault(path, 1, f"the header says Language: {header}, but the file is for {path.stem}")
    needed = get_plural(path.stem)
    if words.num_plurals < needed.num_plurals:
        yield Fault(path, 1, f"{path.stem} has {needed.num_plurals} plural forms: Plural-Forms: {needed}")


def _repeated(path: Path) -> Iterator[Fault]:
    """A second message with the same key, which the library that reads these files drops without an error."""
    seen: set[str] = set()
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if line.startswith("msgctxt ") and line in seen:
            key = line.removeprefix("msgctxt ").strip('"')
            yield Fault(path, number, f"{key} appears twice: remove one")
        seen.add(line)


def _entry_faults(entry: Entry, original: Entry, plurals: int) -> Iterator[str]:
    texts = translated(entry)
    if english(entry) != english(original):
        yield f"the English has changed since this was translated; it is now “{english(original)[0]}”"
    if not any(texts):
        return
    if entry.fuzzy:
        yield "marked as fuzzy, so people see English: check the translation and remove the mark"
    if len(texts) < (plurals if original.pluralizable else 1) or not all(texts):
        yield "some plural forms aren't translated: fill in each msgstr[...]"
    yield from _argument_faults(texts, original)


def _argument_faults(texts: tuple[str, ...], original: Entry) -> Iterator[str]:
    forms = _arguments(english(original))
    if forms is None:  # a fault of en.po
        return
    known = set().union(*forms)
    needed = set.intersection(*forms) - ({"count"} if original.pluralizable else set())  # "one day" needs no number
    for text in filter(None, texts):
        used = _arguments((text,))
        if used is None:
            yield _BRACES
            continue
        for name in sorted(used[0] - known):
            yield f"there's no argument {{{name}}}. {meant(name, sorted(known))}"
        misspelt = {nearest(name, needed) for name in used[0] - known}
        yield from (f"the argument {{{name}}} is missing: add it" for name in sorted(needed - used[0] - misspelt))


def _arguments(sentences: tuple[str, ...]) -> list[set[str]] | None:
    """The names in the braces of each sentence; None if braces don't match."""
    try:
        return [arguments(text) for text in sentences]
    except ValueError:
        return None
