"""Loads text files: petitions and their faults, the catalog of messages, the mailbox rules."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from core.errors import ContentError
from core.messages import DEFAULT_LOCALE, Catalog
from core.petition.form import Field, FieldKind
from core.petition.former_names import conflicts
from core.petition.language_code import meant_language
from core.petition.mailbox import MailboxRules
from core.petition.option_check import option_faults
from core.petition.petition import LONGEST_SLUG, SLUG, Petition
from core.petition.petition_file import Fault, FileReading, first_of, read_petition_file
from core.petition.text_files import TextReading, date_faults, read_text
from core.petition.text_warnings import text_warnings
from core.petition.translations import english_translation, read_po_file, translation
from core.petition.trial import is_trial
from core.petition.wording import nearest
from core.text.lookalikes import plain_warnings

UNASKED = "without named_if, the hand-in names every signer, and nobody is asked"
_NEEDED = "each needs a folder with a petition.toml"
_CORE = Path(__file__).parents[1]
PETITIONS = _CORE / "petitions"
LOCALES = _CORE / "locales"
MAILBOX_RULES = Path(__file__).parent / "mailbox.toml"


def read_petitions(folder: Path) -> tuple[dict[str, Petition], dict[str, str]]:
    """The petitions in `folder` by slug, and a sentence about each of those that can't be used.

    Raises ContentError if none can.
    """
    readings = read_folders(folder)
    petitions = {slug: reading.petition for slug, reading in readings.items() if reading.petition}
    broken = [reading for reading in readings.values() if not reading.petition]
    if not readings:
        raise ContentError(f"{folder}: no petitions found; {_NEEDED}")
    if not petitions:
        raise ContentError(first_of(fault for reading in broken for fault in reading.faults))
    return petitions, {one.slug: f"{one.slug} is left out: {first_of(one.faults)}" for one in broken}


def check_petitions(folder: Path) -> list[Fault]:
    """Every fault in every petition in `folder`, in the order of files and lines."""
    if not folder.is_dir():
        return [Fault(folder, 1, "there's no such folder: correct PETITIONS_DIR")]
    faults: list[Fault] = []
    catalog, readings = _readable_catalog(), read_folders(folder)
    for reading in readings.values():
        faults += reading.faults
        for language, text in reading.texts.items():
            faults += date_faults(text, language, catalog.locales if catalog else ())
            faults += option_faults(text, catalog) if catalog else ()
    return sorted(set(faults)) or ([] if readings else [Fault(folder, 1, f"no petitions found; {_NEEDED}")])


def _readable_catalog() -> Catalog | None:
    """The sentences of all languages; None if a file can't be read, which check_locales reports."""
    try:
        return load_catalog()
    except ContentError:
        return None


def petition_warnings(folder: Path) -> list[Fault]:
    """Everything in petitions that is allowed, but that an organizer should know."""
    warnings: list[Fault] = []
    for reading in read_folders(folder).values():
        warnings += _fact_warnings(reading.file)
        for text in reading.texts.values():
            warnings += text_warnings(text)
        asks_name = any(field.kind is FieldKind.NAME for field in reading.file.fields)
        if reading.file.file and asks_name and not reading.file.named_if:
            warnings.append(Fault(reading.file.path, reading.file.lines.of("petition"), UNASKED))
    return sorted(set(warnings))


def _fact_warnings(file: FileReading) -> Iterator[Fault]:
    """Words in petition.toml that a chat doesn't show as they are meant."""
    for key in ("organizer", "target", "controller"):
        for text in plain_warnings(str(getattr(file.file.petition, key))) if file.file else ():
            yield Fault(file.path, file.lines.of("petition", key), text)


@dataclass(frozen=True)
class FolderReading:
    """A petition's folder as far as it can be read; `petition` is None if there are faults."""

    slug: str
    petition: Petition | None
    faults: list[Fault]
    file: FileReading
    texts: Mapping[str, TextReading]

    @property
    def formerly(self) -> Sequence[str]:
        """The former names of the folder, as far as they can be read."""
        return self.file.file.petition.formerly if self.file.file else ()


def read_folders(folder: Path) -> dict[str, FolderReading]:
    """Every petition's folder in `folder`, by slug."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    readings = {path.name: read_folder(path) for path in paths if path.is_dir() and path.name[0] not in "._"}
    for slug, place, text in conflicts({slug: reading.formerly for slug, reading in readings.items()}):
        reading = readings[slug]
        fault = Fault(reading.file.path, reading.file.lines.of("petition", "formerly", place), text)
        readings[slug] = replace(reading, petition=None, faults=[*reading.faults, fault])
    return readings


def read_folder(folder: Path) -> FolderReading:
    """The petition in `folder`, its texts, and all their faults."""
    file = read_petition_file(folder / "petition.toml")
    faults = [*_slug_faults(folder), *file.faults]
    written = [path.name for path in sorted(folder.iterdir()) if (path / "letter.md").exists()]
    listed = written if file.languages is None else file.languages
    languages = [meant_language(language) or language for language in listed]
    fields = tuple(_optional(field, file.named_if) for field in file.fields)
    texts = {}
    for index, language in enumerate(languages):
        if (folder / language).is_dir():
            texts[language] = read_text(folder / language, language, fields, file.named_if, file.names)
            faults += texts[language].faults
        else:
            line = file.lines.of("petition", "languages", index)
            text = f"the language {language!r} is listed, but there's no folder {language}/: {_add(language, written)}"
            faults.append(Fault(file.path, line, text))
    for name in sorted({*written} - {*languages}):
        line = file.lines.of("petition", "languages")
        text = f"the folder {name}/ has a text, but languages doesn't list it: add it there"
        faults.append(Fault(file.path, line, text))
        texts[name] = read_text(folder / name, name, fields, file.named_if, file.names)
        faults += texts[name].faults
    petition = _petition(folder.name, file, texts, fields, faults)
    return FolderReading(folder.name, petition, faults, file, texts)


def _add(language: str, written: list[str]) -> str:
    """The fix for a listed language without a folder."""
    near = nearest(language, written)
    return f"did you mean {near}?" if near else "make it, or remove the language"


def _optional(field: Field, named_if: str) -> Field:
    """The field; the review asks for the name, so that question never stops anyone."""
    return replace(field, required=False) if field.name == named_if else field


def _petition(
    slug: str, file: FileReading, readings: Mapping[str, TextReading], fields: tuple[Field, ...], faults: list[Fault]
) -> Petition | None:
    texts = {language: reading.text for language, reading in readings.items() if reading.text}
    if faults or file.file is None:
        return None
    facts = file.file.petition
    return Petition(
        slug, facts.organizer, facts.target, texts, fields, facts.goal, facts.retention_days, facts.opens, facts.closes,
        named_if=facts.named_if, organizer_url=facts.organizer_url, contact=facts.contact,
        controller=facts.controller, country=facts.country, timezone=facts.timezone,
        is_draft=facts.draft, formerly=tuple(facts.formerly), check_sources=facts.check_sources,
        order_archive_copies=facts.order_archive_copies,
    )  # fmt: skip


def _slug_faults(folder: Path) -> Iterator[Fault]:
    if not SLUG.fullmatch(folder.name) or len(folder.name) > LONGEST_SLUG:
        rule = f"use at most {LONGEST_SLUG} characters (a-z, 0-9, and single hyphens), since links contain it"
        yield Fault(folder, 1, f"the folder's name is the petition's slug: {rule}")
    elif is_trial(folder.name):
        yield Fault(folder, 1, "this name looks like a draft's preview link: choose another")


def load_catalog(folder: Path = LOCALES) -> Catalog:
    """The sentences of all languages, one .po file each. Raises ContentError."""
    files = {path.stem: read_po_file(path) for path in sorted(folder.glob("*.po"))}
    if DEFAULT_LOCALE not in files:
        raise ContentError(f"{folder}: {DEFAULT_LOCALE}.po is missing")
    original = files.pop(DEFAULT_LOCALE)
    translations = {locale: translation(words, original) for locale, words in files.items()}
    return Catalog({DEFAULT_LOCALE: english_translation(original), **translations})


def load_mailbox_rules(path: Path = MAILBOX_RULES) -> MailboxRules:
    """The rules for which addresses are the same mailbox. Raises ContentError."""
    try:
        return MailboxRules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ContentError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ContentError(f"{path}: cannot be read: it is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path}: not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place, words = ".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ")
        raise ContentError(f"{path}: {place}: {words}" if place else f"{path}: {words}") from None
