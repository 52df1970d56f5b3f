"""Reads petition.toml strictly and finds every fault, with its line."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, field_validator, model_validator
from pydantic import Field as Bounded
from pydantic_core import ErrorDetails

from core.addresses import is_mail_address, is_web_address
from core.petition.country import CODES
from core.petition.form import Elsewhere, Field, FieldKind
from core.petition.form_rules import broken_rules, repeated
from core.petition.lines import Lines, toml_lines

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
MOST_OPTIONS = 25  # of a Discord select
MOST_FIELDS = 20
LAST_DAY = dt.date(3000, 1, 1)
NOT_A_DATE = "not a date. Expected: 2027-06-30, without quotes"
_DATE_LIKE = re.compile(r"=\s*\d+[-/.]\d+[-/.]\d+")


@dataclass(frozen=True, order=True)
class Fault:
    """A fault in a file, at a line (from 1)."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        """The fault on one line, as compilers print theirs."""
        return f"{self.file}:{self.line}: {self.text}"


class FactError(ValueError):
    """A rule that the facts break; `key` leads from the value checked to the key or value to change."""

    def __init__(self, text: str, *key: str | int) -> None:
        super().__init__(text)
        self.key = key


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

    def field(self) -> Field:
        """The field that this table describes; a statement to agree to is always required."""
        field = Field(**self.model_dump())
        return replace(field, required=True) if field.kind is FieldKind.AGREE else field


class PetitionFacts(BaseModel):
    """The [petition] table."""

    model_config = ConfigDict(extra="forbid", strict=True)
    organizer: ShortText
    target: ShortText
    languages: Annotated[list[str], Bounded(min_length=1)]
    goal: Annotated[int, Bounded(ge=1, le=1_000_000_000)]
    opens: Annotated[dt.date, Bounded(lt=LAST_DAY)] | None = None
    closes: Annotated[dt.date, Bounded(lt=LAST_DAY)] | None = None
    retention_days: Annotated[int, Bounded(ge=0, le=36_500)]
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    named_if: str = ""
    organizer_url: str = ""
    contact: str = ""
    controller: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = ""

    @field_validator("languages")
    @classmethod
    def _known_languages(cls, languages: list[str]) -> list[str]:
        for index, language in enumerate(languages):
            try:
                Locale.parse(language)
            except (ValueError, UnknownLocaleError):
                raise FactError(f"{language!r} is not a language code such as en, es, or pt_BR", index) from None
        for doubled in repeated(languages):
            raise FactError("a language appears twice", doubled)
        return languages

    @field_validator("country")
    @classmethod
    def _known_country(cls, country: str | None) -> str | None:
        if country and country not in CODES:
            raise FactError(f"{country!r} is not the code of a country")
        return country

    @model_validator(mode="after")
    def _can_be_reached(self) -> PetitionFacts:
        if self.organizer_url and not is_web_address(self.organizer_url):
            raise FactError("not a web address. Expected: https://example.org", "organizer_url")
        if self.contact and not (is_web_address(self.contact) or is_mail_address(self.contact)):
            raise FactError("not an email address or a web address. Expected: privacy@example.org", "contact")
        return self

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> PetitionFacts:
        if self.opens and self.closes and self.opens > self.closes:
            raise FactError("it closes before it opens", "closes")
        return self


class PetitionFile(BaseModel):
    """All of petition.toml."""

    model_config = ConfigDict(extra="forbid", strict=True)
    petition: PetitionFacts
    fields: Annotated[list[FieldFacts], Bounded(min_length=1, max_length=MOST_FIELDS)]


def read_petition_file(path: Path) -> PetitionFile | list[Fault]:
    """The facts in `path`, or all their faults."""
    try:
        written = path.read_text(encoding="utf-8")
        facts = tomllib.loads(written)
        lines = toml_lines(written)
    except FileNotFoundError:
        return [Fault(path, 1, "the file is missing")]
    except OSError as error:
        return [Fault(path, 1, f"the file cannot be read: {error.strerror}")]
    except RecursionError:
        return [Fault(path, 1, "not TOML: nested too deeply")]
    except UnicodeDecodeError:
        return [Fault(path, 1, "the file is not UTF-8 text")]
    except tomllib.TOMLDecodeError as error:
        return [_toml_fault(path, written, error)]
    faults = list(_form_faults(path, lines, facts))
    try:
        file = PetitionFile.model_validate(facts)
    except ValidationError as error:
        return faults + [_fault(path, lines, detail) for detail in error.errors()]
    return faults or file


def _form_faults(path: Path, lines: Lines, facts: Mapping[str, Any]) -> Iterator[Fault]:
    """The rules that the fields break, as far as they can be read."""
    about = facts.get("petition")
    about = about if isinstance(about, dict) else {}
    tables = facts.get("fields")
    tables = tables if isinstance(tables, list) else []
    fields = dict(_readable_fields(tables))
    for index, (text, key) in broken_rules(fields, about.get("country")):
        yield Fault(path, lines.of("fields", index, *key), f"fields.{index + 1}: {text}")
    agreed = about.get("named_if") if len(fields) == len(tables) else ""
    if agreed and not any(field.name == agreed and field.kind is FieldKind.YES_NO for field in fields.values()):
        words = f"named_if: {agreed!r} is not a field of the kind yes_no"
        yield Fault(path, lines.of("petition", "named_if"), words)


def _readable_fields(tables: list[object]) -> Iterator[tuple[int, Field]]:
    for index, table in enumerate(tables):
        with suppress(ValidationError):
            yield index, FieldFacts.model_validate(table).field()


def _toml_fault(path: Path, written: str, error: tomllib.TOMLDecodeError) -> Fault:
    position = re.search(r"\(at line (\d+), column \d+\)", str(error))
    number = int(position.group(1)) if position else written.count("\n") + 1
    line = (*written.split("\n"), "")[number - 1]
    return Fault(path, number, NOT_A_DATE if _DATE_LIKE.search(line) else f"not TOML: {error}")


def _fault(path: Path, lines: Lines, error: ErrorDetails) -> Fault:
    where = error["loc"]
    reason = error.get("ctx", {}).get("error")
    key = reason.key if isinstance(reason, FactError) else ()
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in where)
    text = NOT_A_DATE if error["type"].startswith("date_") else error["msg"].removeprefix("Value error, ")
    return Fault(path, lines.of(*where, *key), f"{name}: {text}" if name else text)
