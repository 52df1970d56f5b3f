"""Reads letter.md and background.md, a petition's text in one language, and finds every fault, with its line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic import Field as FileKey
from pydantic_core import ErrorDetails

from core.petition.form import Field, FieldKind, is_forbidden
from core.petition.lines import Lines, line_at, yaml_lines
from core.petition.petition import PetitionText, Source, digest
from core.petition.petition_file import Fault
from core.petition.sources import claims_of, is_web_link, read_source
from core.text.document import Document
from core.text.markdown import Marks, Numbering, find_marks, front_matter, parse

Title = Annotated[str, StringConstraints(min_length=1, max_length=150, strip_whitespace=True)]
Summary = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True)]
FieldCaption = Annotated[str, StringConstraints(min_length=1, max_length=45)]  # above an input in a Discord form
Hint = Annotated[str, StringConstraints(min_length=1, max_length=100)]  # a placeholder in a Discord modal
OptionWords = Annotated[str, StringConstraints(min_length=1, max_length=80)]  # a Discord button

_EXPECTED_DATE = "Write it like March 2, 2026, or at least give the year"
_OWN_CAPTION = frozenset({FieldKind.TEXT, FieldKind.CHOICE, FieldKind.YES_NO})


class _OnceLoader(yaml.SafeLoader):
    """YAML without tags, in which no key appears twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping; raises yaml.constructor.ConstructorError at the second of two equal keys."""
        keys: set[str] = set()
        for key, _ in node.value:
            if key.value in keys:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} appears twice", key.start_mark)
            keys.add(key.value)
        return super().construct_mapping(node, deep)


class FrontMatter(BaseModel):
    """The front matter above the letter, between two lines of dashes."""

    model_config = ConfigDict(extra="forbid", strict=True)
    title: Title
    summary: Summary
    captions: dict[str, FieldCaption] = FileKey({}, alias="labels")  # the key in the file
    hints: dict[str, Hint] = {}
    options: dict[str, dict[str, OptionWords]] = {}


@dataclass(frozen=True)
class TextFile:
    """A file and its text; a file that cannot be read has the faults that say so."""

    path: Path
    text: str
    faults: tuple[Fault, ...] = ()

    @classmethod
    def read(cls, path: Path) -> TextFile:
        """The file's text with LF line endings."""
        try:
            return cls(path, path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            return cls(path, "", (Fault(path, 1, "the file is missing"),))
        except UnicodeDecodeError:
            return cls(path, "", (Fault(path, 1, "the file is not UTF-8 text"),))
        except OSError as error:
            return cls(path, "", (Fault(path, 1, f"the file cannot be read: {error.strerror}"),))

    def line(self, position: int) -> int:
        """The line number (from 1) of a position in the text."""
        return line_at(self.text, position)

    @cached_property
    def marks(self) -> Marks:
        """The notes, citations and images below the front matter, with their lines in the file."""
        _, body = front_matter(self.text) or ("", self.text)
        return find_marks("\n" * (self.text.count("\n") - body.count("\n")) + body)


def read_text(folder: Path, language: str, fields: tuple[Field, ...]) -> PetitionText | list[Fault]:
    """A petition's text in `language`, or all its faults."""
    letter, background = TextFile.read(folder / "letter.md"), TextFile.read(folder / "background.md")
    unreadable = [*letter.faults, *background.faults]
    if unreadable:
        return unreadable
    front, lines, faults = _front_matter(letter)
    faults += list(_citation_faults(letter, background))
    if front is None:
        return faults
    faults += [Fault(letter.path, lines.of(*where), text) for where, text in _caption_faults(front, fields)]
    text, more = _assemble(language, front, letter, background)
    faults += more
    return faults or text


def _front_matter(letter: TextFile) -> tuple[FrontMatter | None, Lines, list[Fault]]:
    """The front matter and its lines, or all its faults."""
    parts = front_matter(letter.text)
    lines = Lines({})
    if not parts:
        missing = "the front matter is missing: title and summary between two lines ---"
        return None, lines, [Fault(letter.path, 1, missing)]
    try:
        facts = yaml.load(parts[0], _OnceLoader)  # noqa: S506  (a safe one)
        lines = yaml_lines(parts[0], above=1)
        return FrontMatter.model_validate(facts or {}), lines, []
    except RecursionError:
        return None, lines, [Fault(letter.path, 1, "the front matter is not YAML: nested too deeply")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "unreadable"
        return (
            None,
            lines,
            [Fault(letter.path, mark.line + 2 if mark else 1, f"the front matter is not YAML: {reason}")],
        )
    except ValidationError as error:
        return None, lines, [_front_fault(letter, lines, detail) for detail in error.errors()]


def _front_fault(letter: TextFile, lines: Lines, error: ErrorDetails) -> Fault:
    where = error["loc"]
    return Fault(letter.path, lines.of(*where), f"{'.'.join(map(str, where))}: {error['msg']}")


def _citation_faults(letter: TextFile, background: TextFile) -> Iterator[Fault]:
    for label, line in letter.marks.notes:
        yield Fault(letter.path, line, f"the note [^{label}] belongs at the foot of background.md")
    defined: set[str] = set()
    for label, line in background.marks.notes:
        if label in defined:
            yield Fault(background.path, line, f"the note [^{label}] is defined twice")
        defined.add(label)
    for file in (letter, background):
        for label, line in file.marks.citations:
            if label not in defined:
                yield Fault(file.path, line, f"[^{label}] is cited, but background.md has no note [^{label}]:")


def _caption_faults(front: FrontMatter, fields: tuple[Field, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Captions that are missing and have no default in the locales, and ones of unknown fields, each with its key."""
    kinds = [field.kind for field in fields]
    for field in fields:
        default = field.name == "comment" and field.kind is FieldKind.TEXT
        own = (field.kind in _OWN_CAPTION and not default) or kinds.count(field.kind) > 1
        if own and field.name not in front.captions:
            yield ("labels",), f"labels: the field {field.name!r} has no caption"
        for option in field.options:
            if option not in front.options.get(field.name, {}):
                yield ("options",), f"options: {field.name!r} has no words for {option!r}"
        for option in front.options.get(field.name, {}):
            if option not in field.options:
                yield ("options", field.name, option), f"options: {field.name!r} has no option {option!r}"
    names = {field.name for field in fields}
    for section, keys in (("labels", front.captions), ("hints", front.hints), ("options", front.options)):
        for name in keys:
            if name not in names:
                yield (section, name), f"{section}: no field is called {name!r}"


def _assemble(
    language: str, front: FrontMatter, letter: TextFile, background: TextFile
) -> tuple[PetitionText, list[Fault]]:
    labels, numbering = dict(background.marks.notes), Numbering()
    _, body = front_matter(letter.text) or ("", letter.text)
    letter_document, _ = parse(body, labels, numbering)
    background_document, notes = parse(background.text, labels, numbering)
    faults = list(_empty_faults(letter, letter_document, background, background_document))
    unused = labels.keys() - numbering.numbers.keys()
    faults += [Fault(background.path, labels[label], f"the note [^{label}] is never cited") for label in unused]
    sources = []
    claims = claims_of(language, letter_document, background_document)
    for label, number in numbering.numbers.items():
        source = read_source(number, notes.get(label, Document()), claims.get(number, ()))
        if isinstance(source, Source):
            sources.append(source)
        else:
            faults.append(Fault(background.path, labels.get(label, 1), f"the note [^{label}] {source}"))
    version = digest(front.title, body, background.text)
    return PetitionText(
        language, front.title, front.summary, letter_document, background_document, tuple(sources), version,
        front.captions, front.hints, front.options,
    ), faults  # fmt: skip


def _empty_faults(letter: TextFile, body: Document, background: TextFile, why: Document) -> Iterator[Fault]:
    if not body.blocks:
        yield Fault(letter.path, letter.line(len(letter.text)), "there is no letter below the front matter")
    if not why.blocks:
        yield Fault(background.path, 1, "the background is empty")
    for file, document in ((letter, body), (background, why)):
        for span in (span for block in document.blocks for span in block.spans):
            if span.link and not is_web_link(span.link):
                yield Fault(file.path, file.line(max(file.text.find(span.link), 0)), f"not a web link: {span.link}")
        for line in file.marks.images:
            yield Fault(file.path, line, "an image cannot be shown in a chat")
        for number, words in enumerate(file.text.splitlines(), 1):
            if any(is_forbidden(character) for character in words.replace("\t", "")):
                yield Fault(file.path, number, "a control character, or one that changes the writing direction")


def date_faults(folder: Path, text: PetitionText) -> Iterator[Fault]:
    """Sources whose date does not exist or has no year; only the check looks for them, since reading dates is slow."""
    import dateparser  # noqa: PLC0415  (takes as long to import as all the rest)

    file = TextFile.read(folder / "background.md")
    settings: Any = {"REQUIRE_PARTS": ["year"], "RELATIVE_BASE": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)}
    for source in text.sources:
        if dateparser.parse(source.date, languages=[text.language.split("_")[0]], settings=settings) is None:
            position = file.text.find(source.date, file.text.find(source.title))
            yield Fault(file.path, file.line(position), f"{source.date!r} is not a date. {_EXPECTED_DATE}")
