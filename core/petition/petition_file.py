"""Reads petition.toml strictly and finds every fault, with its line."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, field_validator, model_validator
from pydantic import Field as Bounded
from pydantic_core import ErrorDetails

from core.addresses import is_mail_address, is_web_address
from core.petition import postal_code
from core.petition.form import SIGNATURE_COLUMNS, Field, FieldKind
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

    @model_validator(mode="after")
    def _fits_its_kind(self) -> FieldFacts:
        if self.kind is FieldKind.CHOICE and len(self.options) < 2:
            raise FactError("a choice needs at least two options", "options")
        if self.options and self.kind is not FieldKind.CHOICE:
            raise FactError("only a choice has options", "options")
        if (doubled := _second(self.options)) is not None:
            raise FactError("an option appears twice", "options", doubled)
        if self.country and self.kind is not FieldKind.POSTAL_CODE:
            raise FactError("only a postal_code has a country", "country")
        if self.country and self.country not in postal_code.countries():
            raise FactError(f"{self.country!r} is not a country with postal codes", "country")
        if self.name in SIGNATURE_COLUMNS:
            raise FactError(f"{self.name!r} is the name of a column of the export: choose another", "name")
        return self

    def field(self) -> Field:
        """The field that this table describes."""
        return Field(**self.model_dump())


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
                raise FactError(f"{language!r} is not a language code such as en, es or pt_BR", index) from None
        if (doubled := _second(languages)) is not None:
            raise FactError("a language appears twice", doubled)
        return languages

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

    @model_validator(mode="after")
    def _fields_hold_together(self) -> PetitionFile:
        names = [field.name for field in self.fields]
        if (doubled := _second(names)) is not None:
            raise FactError(f"the field name {names[doubled]!r} appears twice", "fields", doubled, "name")
        emails = [index for index, field in enumerate(self.fields) if field.kind is FieldKind.EMAIL]
        if len(emails) > 1:
            raise FactError("more than one field of the kind email", "fields", emails[1], "kind")
        agreed = self.petition.named_if
        if agreed and not any(field.name == agreed and field.kind is FieldKind.YES_NO for field in self.fields):
            raise FactError(f"named_if: {agreed!r} is not a field of the kind yes_no", "petition", "named_if")
        return self


def _second(values: Sequence[str]) -> int | None:
    """The index of the first repeated value; None if all differ."""
    return next((index for index, value in enumerate(values) if value in values[:index]), None)


def read_petition_file(path: Path) -> PetitionFile | list[Fault]:
    """The facts in `path`, or all their faults."""
    try:
        written = path.read_text(encoding="utf-8")
        return PetitionFile.model_validate(tomllib.loads(written))
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
    except ValidationError as error:
        lines = toml_lines(written)
        return [_fault(path, lines, detail) for detail in error.errors()]


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
