"""Loads text files: petitions and their faults, the catalog of messages, the mailbox rules."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from core.errors import ContentError
from core.messages import DEFAULT_LOCALE, Catalog
from core.petition.form import Field, FieldKind
from core.petition.lines import toml_lines
from core.petition.mailbox import MailboxRules
from core.petition.option_check import option_faults
from core.petition.petition import LONGEST_SLUG, SLUG, Petition, PetitionText
from core.petition.petition_file import Fault, FieldFacts, PetitionFile, read_petition_file
from core.petition.text_files import date_faults, read_text
from core.petition.translations import english_translation, entries, read_po_file, translation

UNASKED = "without named_if, the hand-in names every signer, and nobody is asked"
_CORE = Path(__file__).parents[1]
PETITIONS = _CORE / "petitions"
LOCALES = _CORE / "locales"
MAILBOX_RULES = Path(__file__).parent / "mailbox.toml"


def load_petitions(folder: Path) -> dict[str, Petition]:
    """All petitions in `folder`, by slug. Raises ContentError at the first fault."""
    petitions = {}
    for petition_folder in _folders(folder):
        petition = read_petition(petition_folder)
        if not isinstance(petition, Petition):
            more = f" (and {len(petition) - 1} more: undersign check)" if len(petition) > 1 else ""
            raise ContentError(f"{min(petition)}{more}")
        petitions[petition.slug] = petition
    if not petitions:
        raise ContentError(f"{folder}: no petitions found; each needs a folder with a petition.toml")
    return petitions


def check_petitions(folder: Path) -> list[Fault]:
    """Every fault in every petition in `folder`, in the order of files and lines."""
    if not folder.is_dir():
        return [Fault(folder, 1, "the folder does not exist")]
    faults: list[Fault] = []
    catalog = load_catalog()
    for petition_folder in _folders(folder):
        petition = read_petition(petition_folder)
        if isinstance(petition, Petition):
            for text in petition.texts.values():
                faults += date_faults(petition_folder / text.language, text)
                faults += option_faults(petition_folder / text.language, text, catalog)
        else:
            faults += petition
    return sorted(faults) or ([] if _folders(folder) else [Fault(folder, 1, "no petitions found")])


def petition_warnings(folder: Path) -> list[Fault]:
    """Everything in sound petitions that is allowed, but that an organizer should know."""
    warnings = []
    for petition_folder in _folders(folder):
        petition = read_petition(petition_folder)
        if not isinstance(petition, Petition) or petition.named_if:
            continue
        if any(field.kind is FieldKind.NAME for field in petition.fields):
            path = petition_folder / "petition.toml"
            line = toml_lines(path.read_text(encoding="utf-8")).of("petition")
            warnings.append(Fault(path, line, UNASKED))
    return warnings


def _folders(folder: Path) -> list[Path]:
    return (
        sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._")
        if folder.is_dir()
        else []
    )


def read_petition(folder: Path) -> Petition | list[Fault]:
    """The petition in `folder`, or all its faults."""
    path = folder / "petition.toml"
    faults = list(_slug_faults(folder))
    file = read_petition_file(path)
    if not isinstance(file, PetitionFile):
        return faults + file
    fields = tuple(_field(table, file.petition.named_if) for table in file.fields)
    texts = {}
    for index, language in enumerate(file.petition.languages):
        if not (folder / language).is_dir():
            line = toml_lines(path.read_text(encoding="utf-8")).of("petition", "languages", index)
            faults.append(
                Fault(path, line, f"the language {language!r} is listed, but the folder {language}/ is missing")
            )
            continue
        text = read_text(folder / language, language, fields, file.petition.named_if)
        if isinstance(text, PetitionText):
            texts[language] = text
        else:
            faults += text
    faults += _unlisted_faults(folder, path, file.petition.languages)
    return faults or _petition(folder.name, file, texts, fields)


def _field(table: FieldFacts, named_if: str) -> Field:
    """The field of a table; the review asks for the name, so that question never stops anyone."""
    field = table.field()
    return replace(field, required=False) if field.name == named_if else field


def _petition(slug: str, file: PetitionFile, texts: dict[str, PetitionText], fields: tuple[Field, ...]) -> Petition:
    facts = file.petition
    return Petition(
        slug, facts.organizer, facts.target, texts, fields, facts.goal, facts.retention_days, facts.opens, facts.closes,
        named_if=facts.named_if, organizer_url=facts.organizer_url, contact=facts.contact,
        controller=facts.controller, country=facts.country,
    )  # fmt: skip


def _slug_faults(folder: Path) -> Iterator[Fault]:
    if not SLUG.fullmatch(folder.name) or len(folder.name) > LONGEST_SLUG:
        rule = f"use at most {LONGEST_SLUG} characters (a-z, 0-9, and single hyphens), since links contain it"
        yield Fault(folder, 1, f"the folder's name is the petition's slug: {rule}")


def _unlisted_faults(folder: Path, path: Path, languages: list[str]) -> Iterator[Fault]:
    for subfolder in sorted(folder.iterdir()):
        if (subfolder / "letter.md").exists() and subfolder.name not in languages:
            line = toml_lines(path.read_text(encoding="utf-8")).of("petition", "languages")
            yield Fault(path, line, f"the folder {subfolder.name}/ has a text, but its language is not listed")


def load_catalog(folder: Path = LOCALES) -> Catalog:
    """The sentences of all languages, one .po file each. Raises ContentError."""
    files = {path.stem: read_po_file(path) for path in sorted(folder.glob("*.po"))}
    if DEFAULT_LOCALE not in files:
        raise ContentError(f"{folder}: {DEFAULT_LOCALE}.po is missing")
    original = files.pop(DEFAULT_LOCALE)
    translations = {locale: translation(words, entries(original)) for locale, words in files.items()}
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
