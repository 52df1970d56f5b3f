"""Reads petition.toml strictly and finds every fault, with its line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic import Field as Bounded
from pydantic_core import ErrorDetails

from core.addresses import is_mail_address, is_web_address
from core.messages import DEFAULT_LOCALE
from core.petition.country import CODES
from core.petition.country import find as find_country
from core.petition.form import Elsewhere, Field, FieldKind, plain_address
from core.petition.form_rules import broken_rules, repeated
from core.petition.former_names import is_slug
from core.petition.language_code import known_language
from core.petition.lines import NO_LINES, Lines, toml_lines
from core.petition.misplaced_tables import below_a_table, fields_inside, with_fields_outside
from core.petition.petition import UTC
from core.petition.toml_text import TomlText, read_toml
from core.petition.visible_text import VISIBLE
from core.petition.wording import FactError, nearest, sentence, unknown_key

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), VISIBLE]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
Language = Annotated[str, AfterValidator(known_language)]
MOST_OPTIONS = 25  # of a Discord select
MOST_FIELDS = 20
LAST_DAY = dt.date(3000, 1, 1)
_EXAMPLES: Mapping[str, str] = {
    "petition": "a line [petition], and below it organizer, target, languages, goal, and retention_days",
    "fields": "a line [[fields]] for each field, and below it name and kind",
    "organizer": 'organizer = "Neighbors of Elm Street"',
    "target": 'target = "the Town Council"',
    "languages": 'languages = ["en"]',
    "goal": "goal = 100",
    "timezone": 'timezone = "America/Los_Angeles"',
    "retention_days": "retention_days = 180",
    "name": 'name = "full_name"',
    "kind": 'kind = "name"',
}


@dataclass(frozen=True, order=True)
class Fault:
    """A fault in a file, at a line (from 1)."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        """The fault on one line, as compilers print theirs."""
        return f"{self.file}:{self.line}: {self.text}"


def first_of(faults: Iterable[Fault]) -> str:
    """The first of some faults, and how many more there are."""
    first, *more = sorted(faults)
    return f"{first}{f' (and {len(more)} more: undersign check)' if more else ''}"


class FieldFacts(BaseModel):
    """One [[fields]] table."""

    model_config = ConfigDict(extra="forbid", strict=True)
    name: Key
    kind: Annotated[FieldKind, Bounded(strict=False)]
    required: bool = False
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    max_length: Annotated[int, Bounded(ge=1, le=1000)] | None = None
    options: Annotated[tuple[Key, ...], Bounded(strict=False, max_length=MOST_OPTIONS)] = ()
    elsewhere: Annotated[Elsewhere, Bounded(strict=False)] = Elsewhere.REFUSE
    hand_in: bool = False

    def field(self) -> Field:
        """The field that this table describes; a statement to agree to is always required."""
        field = Field(**self.model_dump())
        return replace(field, required=True) if field.kind is FieldKind.AGREE else field


class PetitionFacts(BaseModel):
    """The [petition] table."""

    model_config = ConfigDict(extra="forbid", strict=True)
    organizer: ShortText
    target: ShortText
    languages: Annotated[list[Language], Bounded(min_length=1)]
    goal: Annotated[int, Bounded(ge=1, le=1_000_000_000)]
    opens: Annotated[dt.date, Bounded(lt=LAST_DAY)] | None = None
    closes: Annotated[dt.date, Bounded(lt=LAST_DAY)] | None = None
    retention_days: Annotated[int, Bounded(ge=0, le=36_500)]
    country: str | None = None
    timezone: str = UTC
    draft: bool = False
    formerly: list[str] = []
    named_if: str = ""
    organizer_url: str = ""
    contact: str = ""
    controller: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True), VISIBLE] = ""
    check_sources: bool = False
    order_archive_copies: bool = False

    @field_validator("languages")
    @classmethod
    def _without_repeats(cls, languages: list[str]) -> list[str]:
        for doubled in repeated(languages):
            raise FactError("this language appears twice: remove one", doubled)
        return languages

    @field_validator("formerly")
    @classmethod
    def _are_slugs(cls, names: list[str]) -> list[str]:
        for place, name in enumerate(names):
            if not is_slug(name):
                raise FactError(
                    f"{name!r} isn't a slug. Expected: an old name of the folder, such as town-trees", place
                )
        return names

    @field_validator("country")
    @classmethod
    def _known_country(cls, country: str | None) -> str | None:
        if country and country not in CODES:
            codes = find_country(country, DEFAULT_LOCALE)
            fix = f" Did you mean {' or '.join(codes)}?" if codes else ""
            raise FactError(f"{country!r} isn't a country code such as US or GB.{fix}")
        return country

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            near = nearest(zone, available_timezones())
            guess = f"Did you mean {near}?" if near else f"Expected: {_EXAMPLES['timezone']}"
            raise FactError(f"{zone!r} isn't an IANA time zone. {guess}")
        return zone

    @field_validator("organizer_url")
    @classmethod
    def _is_web_address(cls, address: str) -> str:
        if address and not is_web_address(address):
            raise FactError("this isn't a web address. Expected: https://example.org")
        return address

    @field_validator("contact")
    @classmethod
    def _can_be_reached(cls, address: str) -> str:
        plain = plain_address(address.strip())
        if address and not is_mail_address(address) and is_mail_address(plain):
            raise FactError(f"write the address alone: {plain}")
        if address and not (is_web_address(address) or is_mail_address(address)):
            raise FactError("this is neither an email address nor a web address. Expected: privacy@example.org")
        return address

    @field_validator("closes")
    @classmethod
    def _opens_before_it_closes(cls, closes: dt.date | None, info: ValidationInfo) -> dt.date | None:
        opens = info.data.get("opens")
        if closes and opens and opens > closes:
            raise FactError("the petition closes before it opens: correct one of the dates")
        return closes


class PetitionFile(BaseModel):
    """All of petition.toml."""

    model_config = ConfigDict(extra="forbid", strict=True)
    petition: PetitionFacts
    fields: Annotated[list[FieldFacts], Bounded(min_length=1, max_length=MOST_FIELDS)]


@dataclass(frozen=True)
class FileReading:
    """The facts in petition.toml, as far as they can be read.

    `file` is None if there are faults. `fields` are the readable ones. `languages` and the `names` of all fields are
    None if nothing says them.
    """

    path: Path
    faults: list[Fault]
    lines: Lines = NO_LINES
    file: PetitionFile | None = None
    languages: tuple[str, ...] | None = None
    fields: tuple[Field, ...] = ()
    names: frozenset[str] | None = None
    named_if: str = ""


def read_petition_file(path: Path) -> FileReading:
    """The facts in `path`, and all their faults."""
    try:
        toml = read_toml(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return FileReading(path, [Fault(path, 1, "the file is missing")])
    except OSError as error:
        return FileReading(path, [Fault(path, 1, f"the file can't be read: {error.strerror}")])
    except UnicodeDecodeError:
        return FileReading(path, [Fault(path, 1, "the file isn't in UTF-8: save it again as UTF-8")])
    faults = [Fault(path, line, text) for line, text in toml.faults]
    return FileReading(path, faults) if toml.facts is None else _reading(path, toml, toml.facts, faults)


def _reading(path: Path, toml: TomlText, facts: Mapping[str, Any], faults: list[Fault]) -> FileReading:
    lines = toml_lines(toml.text)
    if "fields" in _table(facts.get("petition")) and "fields" not in facts:
        faults.append(Fault(path, lines.of("petition", "fields"), fields_inside(toml.text)))
        facts, lines = with_fields_outside(facts, lines)
        toml = replace(toml, facts=facts)
    facts, lines = below_a_table(facts, lines, PetitionFacts.model_fields)
    if facts is not toml.facts:
        faults.append(Fault(path, 1, "the first line must be [petition]: put it above the keys"))
    file = None
    faults += _form_faults(path, lines, facts)
    try:
        file = PetitionFile.model_validate(facts)
    except ValidationError as error:
        faults += _faults(path, lines, error.errors(), toml.lost)
    about, tables = _table(facts.get("petition")), facts.get("fields")
    tables = tables if isinstance(tables, list) else []
    languages = about.get("languages")
    return FileReading(
        path, faults, lines, file if not faults else None,
        tuple(languages) if isinstance(languages, list) and all(isinstance(name, str) for name in languages) else None,
        tuple(field for _, field in _readable_fields(tables)),
        frozenset(str(_table(table).get("name")) for table in tables) if tables and not toml.lost else None,
        str(about.get("named_if", "")),
    )  # fmt: skip


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _form_faults(path: Path, lines: Lines, facts: Mapping[str, Any]) -> Iterator[Fault]:
    """The rules that the fields break, as far as they can be read."""
    about, tables = _table(facts.get("petition")), facts.get("fields")
    tables = tables if isinstance(tables, list) else []
    fields = dict(_readable_fields(tables))
    for index, (text, key) in broken_rules(fields, about.get("country"), about.get("named_if")):
        yield Fault(path, lines.of("fields", index, *key), f"fields.{index + 1}: {text}")
    agreed = about.get("named_if") if len(fields) == len(tables) else ""
    if agreed and not any(field.name == agreed and field.kind is FieldKind.YES_NO for field in fields.values()):
        yield Fault(path, lines.of("petition", "named_if"), f"named_if: {agreed!r} isn't a field of kind yes_no")


def _readable_fields(tables: list[object]) -> Iterator[tuple[int, Field]]:
    for index, table in enumerate(tables):
        with suppress(ValidationError):
            yield index, FieldFacts.model_validate(table).field()


def _faults(path: Path, lines: Lines, errors: Sequence[ErrorDetails], lost: frozenset[str]) -> Iterator[Fault]:
    """The faults in the facts; a missing key isn't one if it is misspelt, or in a line that can't be read."""
    absent = {(*error["loc"][:-1], str(error["loc"][-1])) for error in errors if error["type"] == "missing"}
    for error in errors:
        if error["type"] == "extra_forbidden":
            key, table = str(error["loc"][-1]), error["loc"][:-1]
            known = _keys_of(table)
            moved = table != ("petition",) and key in PetitionFacts.model_fields
            absent.discard(("petition", key) if moved else (*table, nearest(key, known)))
            text = "it belongs under [petition]: move the line there" if moved else unknown_key(key, known)
            if table == ("petition",) and key in FieldFacts.model_fields:
                text = "it belongs to a field: move it below a line [[fields]]"
            yield _fault(path, lines, error, text)
        elif error["type"] != "missing":
            yield _fault(path, lines, error, sentence(error))
    for error in errors:
        if error["type"] == "missing" and error["loc"] in absent and str(error["loc"][-1]) not in lost:
            yield _fault(path, lines, error, sentence(error, _EXAMPLES.get(str(error["loc"][-1]), "")))


def _keys_of(table: tuple[str | int, ...]) -> list[str]:
    """The keys that a table may have."""
    return list((PetitionFile, PetitionFacts, FieldFacts)[min(len(table), 2)].model_fields)


def _fault(path: Path, lines: Lines, error: ErrorDetails, text: str) -> Fault:
    where = error["loc"]
    reason = error.get("ctx", {}).get("error")
    key = reason.key if isinstance(reason, FactError) else ()
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in where)
    return Fault(path, lines.of(*where, *key), f"{name}: {text}" if name else text)
