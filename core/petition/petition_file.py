"""petition.toml: the facts of a petition, read strictly; every fault is found, with its line."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import postalcheck
from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, field_validator, model_validator
from pydantic import Field as Bounded

from core.petition.form import SIGNATURE_COLUMNS, Field, FieldKind

Line = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
MOST_OPTIONS = 25  # of a Discord select
MOST_FIELDS = 20
LAST_DAY = dt.date(3000, 1, 1)


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong in a file, at a line (from 1), and what it is."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        """The fault on one line, the way compilers write theirs."""
        return f"{self.file}:{self.line}: {self.text}"


class FieldFacts(BaseModel):
    """One [[fields]] table."""

    model_config = ConfigDict(extra="forbid", strict=True)
    name: Key
    kind: Annotated[FieldKind, Bounded(strict=False)]
    required: bool = False
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    max_length: Annotated[int, Bounded(ge=1, le=1000)] | None = None
    options: Annotated[tuple[Key, ...], Bounded(strict=False, max_length=MOST_OPTIONS)] = ()

    @model_validator(mode="after")
    def _fits_its_kind(self) -> FieldFacts:
        if self.kind is FieldKind.CHOICE and len(self.options) < 2:
            raise ValueError("a choice needs at least two options")
        if self.options and self.kind is not FieldKind.CHOICE:
            raise ValueError("only a choice has options")
        if len(set(self.options)) != len(self.options):
            raise ValueError("an option stands twice")
        if self.country and self.kind is not FieldKind.POSTAL_CODE:
            raise ValueError("only a postal_code has a country")
        if self.country and self.country not in postalcheck.supported_countries():
            raise ValueError(f"{self.country!r} is no country with postal codes")
        if self.name in SIGNATURE_COLUMNS:
            raise ValueError(f"{self.name!r} is the name of a column of the export: choose another")
        return self

    def field(self) -> Field:
        """The field that this table describes."""
        return Field(**self.model_dump())


class PetitionFacts(BaseModel):
    """The [petition] table."""

    model_config = ConfigDict(extra="forbid", strict=True)
    organizer: Line
    target: Line
    languages: Annotated[list[str], Bounded(min_length=1)]
    goal: Annotated[int, Bounded(ge=1, le=1_000_000_000)]
    opens: Annotated[dt.date, Bounded(lt=LAST_DAY)] | None = None
    closes: Annotated[dt.date, Bounded(lt=LAST_DAY)] | None = None
    retention_days: Annotated[int, Bounded(ge=0, le=36_500)]
    named_if: str = ""

    @field_validator("languages")
    @classmethod
    def _known_languages(cls, languages: list[str]) -> list[str]:
        for language in languages:
            try:
                Locale.parse(language)
            except (ValueError, UnknownLocaleError):
                raise ValueError(f"{language!r} is no language code such as en, es or pt_BR") from None
        if len(set(languages)) != len(languages):
            raise ValueError("a language stands twice")
        return languages

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> PetitionFacts:
        if self.opens and self.closes and self.opens > self.closes:
            raise ValueError("it closes before it opens")
        return self


class PetitionFile(BaseModel):
    """All of petition.toml."""

    model_config = ConfigDict(extra="forbid", strict=True)
    petition: PetitionFacts
    fields: Annotated[list[FieldFacts], Bounded(min_length=1, max_length=MOST_FIELDS)]

    @model_validator(mode="after")
    def _fields_hold_together(self) -> PetitionFile:
        names = [field.name for field in self.fields]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"the field name {name!r} stands twice")
        if sum(field.kind is FieldKind.EMAIL for field in self.fields) > 1:
            raise ValueError("more than one field of the kind email")
        agreed = self.petition.named_if
        if agreed and not any(field.name == agreed and field.kind is FieldKind.YES_NO for field in self.fields):
            raise ValueError(f"named_if: {agreed!r} is no field of the kind yes_no")
        return self


def read_petition_file(path: Path) -> PetitionFile | list[Fault]:
    """The facts in `path`, or all that is wrong with them."""
    try:
        written = path.read_text(encoding="utf-8")
        return PetitionFile.model_validate(tomllib.loads(written))
    except FileNotFoundError:
        return [Fault(path, 1, "the file is missing")]
    except OSError as error:
        return [Fault(path, 1, f"the file cannot be read: {error.strerror}")]
    except RecursionError:
        return [Fault(path, 1, "not TOML: nested too deep")]
    except UnicodeDecodeError:
        return [Fault(path, 1, "the file is not UTF-8 text")]
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        return [Fault(path, int(found.group(1)) if found else written.count("\n") + 1, f"not TOML: {error}")]
    except ValidationError as error:
        return [_fault(path, written, dict(one)) for one in error.errors()]


def _fault(path: Path, written: str, error: dict[str, Any]) -> Fault:
    where = [part for part in error["loc"] if not (isinstance(part, str) and "function" in part)]
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in where)
    text = str(error["msg"]).removeprefix("Value error, ")
    return Fault(path, _line_of(written, where, text), f"{name}: {text}" if name else text)


def _line_of(written: str, where: list[Any], text: str) -> int:
    """The line of a key such as ("fields", 2, "kind"): its table's header, then the key below it."""
    table, index = next(iter(where), None), next((part for part in where if isinstance(part, int)), 0)
    key = next((part for part in where[1:] if isinstance(part, str)), None)
    header = re.compile(rf"^[ \t]*\[+\s*{re.escape(str(table))}\s*\]+", re.MULTILINE)
    starts = [found.start() for found in header.finditer(written)]
    if index >= len(starts):
        return 1
    start = starts[index]
    doubled = re.search(r"'(\w+)' stands twice", text)
    if doubled and not where:
        return written.count("\n", 0, written.rfind(f'"{doubled.group(1)}"')) + 1
    if key:
        end = re.compile(r"^[ \t]*\[", re.MULTILINE).search(written, written.find("\n", start) + 1 or len(written))
        below = re.compile(rf"^[ \t]*{re.escape(key)}\s*=", re.MULTILINE)
        found = below.search(written, start, end.start() if end else len(written))
        start = found.end() - 1 if found else start
    return written.count("\n", 0, start) + 1
