"""Draws the file with everything that is stored about a signer: a web page for people, with the same as JSON in it.

docs/my-data.md documents the JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bots.papers.data_labels import CHOICES, COUNTRIES, DETAILS, LABELS, SUBJECTS
from core.conversation.my_data import DataContent, MyData
from core.conversation.scene import display_value
from core.messages import Catalog, Message
from core.outreach.topics import topic_words
from core.petition.captions import answer_caption, field_caption
from core.petition.country import country_name
from core.petition.petition import Petition

log = logging.getLogger(__name__)

SCRIPT_SAFE = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}  # so the JSON ends no element
_IN_HEADINGS = ("title", "answers", "details")  # they are a section's heading, or have their own rows


@dataclass(frozen=True, slots=True)
class DataFile:
    """The file in memory, and `words` to send with it. Its content never goes into a log."""

    name: str
    content: bytes
    words: str
    media_type: str = "text/html"

    def __repr__(self) -> str:
        """The name alone."""
        return f"DataFile({self.name!r})"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and rows of names and values."""

    heading: str
    rows: tuple[tuple[str, str], ...]


def data_file(data: MyData, catalog: Catalog, locale: str) -> DataFile | None:
    """The file; None if making it fails. Only the kind of error is logged, since its words may quote the data."""
    try:
        language = catalog.spoken(Message("data.heading"), locale)
        page = _template().render(
            language=language, direction=Locale.parse(language).text_direction,
            json=Markup(as_json(data.content).translate(SCRIPT_SAFE)),  # noqa: S704  (now safe)
            say=lambda key: catalog.text(Message(key), locale),
            sections=list(_Sections(data, catalog, locale).all()),
        )  # fmt: skip
        content = page.encode("utf-8", "replace")
    except Exception as error:  # noqa: BLE001  (whatever it is, the person reads that it failed)
        log.error("a signer's file was not made: %s", type(error).__name__)  # noqa: TRY400
        return None
    return DataFile(f"my-data-{data.made_at:%Y-%m-%d}.html", content, catalog.text(Message("data.sent"), locale))


def as_json(content: DataContent) -> str:
    """The content for programs: times in UTC as ISO 8601 has them, messages by key with their arguments."""
    return json.dumps(content, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: object) -> Any:
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        case dt.date():
            return value.isoformat()
        case Message(key, args):
            return {"message": key, **args}
        case Mapping():
            return dict(value)
    return str(value)


@dataclass(frozen=True)
class _Sections:
    """The content for people, in their language; values that say nothing are left out."""

    data: MyData
    catalog: Catalog
    locale: str

    def all(self) -> Iterator[Section]:
        content = self.data.content
        account = content["account"]
        yield Section(self._say("data.account"), tuple(self._rows(account)))
        if account["details"]:
            yield Section(self._say("data.details"), tuple(self._details(account["details"])))
        yield from (self._about_petition("data.signature", each) for each in content["signatures"])
        yield from (self._about_petition("data.conversation", each) for each in content["conversations"])
        yield from (Section(self._say("data.waiting"), tuple(self._rows(entry))) for entry in content["waiting"])

    def _about_petition(self, key: str, entry: DataContent) -> Section:
        heading = Message(key, {"title": entry["title"] or entry["petition"]})
        answers = self._answers(entry.get("answers", {}), self.data.petitions.get(entry["petition"]))
        return Section(self.catalog.text(heading, self.locale), (*answers, *self._rows(entry)))

    def _details(self, details: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for kind, value in details.items():
            shown = country_name(value, self.locale) if kind in COUNTRIES else value
            yield self.catalog.words(DETAILS.get(kind, kind), self.locale), shown

    def _answers(self, answers: Mapping[str, str], petition: Petition | None) -> Iterator[tuple[str, str]]:
        for name, answer in answers.items():
            field = petition.field(name) if petition else None
            if petition is None or field is None:
                yield name, answer
                continue
            text = petition.text(self.locale)
            words = answer_caption(text, field, answer), display_value(text, field, answer, self.locale)
            caption, shown = (self.catalog.words(each, self.locale) for each in words)
            yield caption, shown

    def _rows(self, entry: DataContent) -> Iterator[tuple[str, str]]:
        petition = self.data.petitions.get(entry.get("petition", ""))
        for name, value in entry.items():
            text = self._text(name, value, petition)
            if text and name not in _IN_HEADINGS:
                yield self.catalog.text(LABELS[name], self.locale), text

    def _text(self, name: str, value: Any, petition: Petition | None) -> str:
        """A value as text, with the words that its name asks for."""
        match name:
            case "consents":
                return self._choices(value, petition)
            case "kind":
                return self.catalog.words(topic_words(value), self.locale)
            case "question":
                return self._caption(value, petition)
            case "refused_answers":
                lines = (f"{self._caption(field, petition)}: {self._value(why)}" for field, why in value.items())
                return "\n".join(lines)
        return self._value(value)

    def _caption(self, name: str, petition: Petition | None) -> str:
        """A field's caption, or its name if the petition no longer has it."""
        field = petition.field(name) if petition else None
        if petition is None or field is None:
            return name
        return self.catalog.words(field_caption(petition.text(self.locale), field), self.locale)

    def _choices(self, consents: Iterable[tuple[Any, ...]], petition: Petition | None) -> str:
        """A line for each choice; the language and the digest of the words are for programs."""
        return "\n".join(
            f"{self._value(at)}: {self.catalog.text(SUBJECTS[subject], self.locale)}: "
            + ", ".join(
                (
                    self.catalog.text(CHOICES[subject, choice], self.locale),
                    *(self._caption(name, petition) for name in answers),
                )
            )
            for subject, choice, _, at, _, _, answers in consents
        )

    def _value(self, value: Any) -> str:
        """A value as text; empty for nothing, zero and none."""
        match value:
            case bool():
                return self._say("option.yes" if value else "option.no")
            case dt.datetime():
                return f"{value.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
            case Message():
                return self.catalog.text(value, self.locale)
            case Mapping():
                return "\n".join(f"{name}: {self._value(item)}" for name, item in value.items())
            case str():
                return value
            case Iterable():
                return ", ".join(map(self._value, value))
        return str(value or "")

    def _say(self, key: str) -> str:
        return self.catalog.text(Message(key), self.locale)


@cache
def _template() -> Any:
    environment = Environment(
        loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("my_data.html")
