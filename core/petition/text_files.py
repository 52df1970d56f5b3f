"""Reads letter.md and background.md, a petition's text in one language, and finds every fault, with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from core.messages import DEFAULT_LOCALE
from core.petition.cited_text import read_cited_text
from core.petition.form import Field, is_forbidden
from core.petition.front_matter import FrontMatter, FrontReading, body_of, caption_faults, read_front_matter
from core.petition.lines import line_at
from core.petition.petition import PetitionText
from core.petition.petition_file import Fault
from core.petition.source import Source
from core.petition.source_dates import EXPECTED, is_date
from core.petition.sources import is_web_link
from core.petition.text_digest import FirstForm
from core.text.document import Document
from core.text.excess import excess
from core.text.markdown import Marks, find_marks
from core.text.survey import survey

_SPACES = "\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # a tab, and line breaks of other kinds, which are worth a warning


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
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return cls(path, "", (Fault(path, 1, "the file is missing"),))
        except UnicodeDecodeError:
            return cls(path, "", (Fault(path, 1, "the file isn't in UTF-8: save it again as UTF-8"),))
        except OSError as error:
            return cls(path, "", (Fault(path, 1, f"the file can't be read: {error.strerror}"),))
        too_much = excess(text)
        return cls(path, "", (Fault(path, *too_much),)) if too_much else cls(path, text)

    def line(self, position: int) -> int:
        """The line number (from 1) of a position in the text."""
        return line_at(self.text, position)

    @cached_property
    def below(self) -> str:
        """The text below the front matter of a letter, with its lines where they are in the file."""
        return body_of(self.text) if self.path.name == "letter.md" else self.text

    @cached_property
    def marks(self) -> Marks:
        """The notes, citations, and images below the front matter, with their lines in the file."""
        return find_marks(self.below)


@dataclass(frozen=True)
class TextReading:
    """A petition's text in one language as far as it can be read; `text` is None if there are faults.

    `notes` are the lines of the sources' notes, by number.
    """

    text: PetitionText | None
    faults: list[Fault]
    letter: TextFile
    background: TextFile
    front: FrontReading
    sources: tuple[Source, ...] = ()
    notes: Mapping[int, int] = field(default_factory=dict)


def read_text(
    folder: Path, language: str, fields: tuple[Field, ...], named_if: str = "", names: frozenset[str] | None = None
) -> TextReading:
    """A petition's text in `language`, and all its faults.

    `named_if` is the question about the name, if the petition has one. `names` are those of all fields; if they can't
    be read, captions aren't checked.
    """
    letter, background = TextFile.read(folder / "letter.md"), TextFile.read(folder / "background.md")
    front = read_front_matter(letter.text)
    faults = [*letter.faults, *background.faults]
    if not letter.faults:
        faults += [Fault(letter.path, line, text) for line, text in front.faults]
    if front.facts is not None and names is not None:
        captions = caption_faults(front, fields, names, named_if)
        faults += [Fault(letter.path, line, text) for line, text in captions]
    if not background.faults:
        faults += list(_citation_faults(letter, background))
    return _assemble(language, front, letter, background, faults)


def _citation_faults(letter: TextFile, background: TextFile) -> Iterator[Fault]:
    for label, line in letter.marks.notes:
        yield Fault(letter.path, line, f"the note [^{label}] belongs at the foot of background.md: move it there")
    defined: set[str] = set()
    for label, line in background.marks.notes:
        if label in defined:
            yield Fault(background.path, line, f"the note [^{label}] is defined twice: give one of them another label")
        defined.add(label)
    moved = {label for label, _ in letter.marks.notes}
    for file in (letter, background):
        for label, line in file.marks.citations:
            if label not in defined | moved:
                text = f"[^{label}] is cited, but background.md has no note [^{label}]: add it at the foot"
                yield Fault(file.path, line, text)


def _assemble(
    language: str, front: FrontReading, letter: TextFile, background: TextFile, faults: list[Fault]
) -> TextReading:
    labels = dict(background.marks.notes)
    text = read_cited_text(front.body, background.text, labels, language)
    if not letter.faults and not background.faults:
        faults += _empty_faults(letter, front, text.letter, background, text.background)
        faults += _uncited(background, labels, text.cited)
    for label in (label for label in labels if label in text.faults):
        faults.append(Fault(background.path, labels[label], f"the note [^{label}] {text.faults[label]}"))
    lines = {number: labels[label] for number, label in text.labels.items() if label in labels}
    known, words = text.sources, front.front
    if faults or words is None:
        return TextReading(None, faults, letter, background, front, known, lines)
    first_form = FirstForm.of(words.title, front.body, background.text)
    whole = _text(language, words, (text.letter, text.background), known, first_form)
    return TextReading(whole, faults, letter, background, front, known, lines)


def _text(
    language: str,
    words: FrontMatter,
    parts: tuple[Document, Document],
    sources: tuple[Source, ...],
    first_form: FirstForm,
) -> PetitionText:
    return PetitionText(
        language, words.title, words.summary, *parts, sources, "", words.captions, words.hints, words.options,
        words.target or "", words.organizer or "", first_form=first_form,
    )  # fmt: skip


def _uncited(background: TextFile, labels: Mapping[str, int], cited: frozenset[str]) -> Iterator[Fault]:
    for label in labels.keys() - cited:
        text = f"the note [^{label}] is never cited: write [^{label}] where the text relies on it, or remove the note"
        yield Fault(background.path, labels[label], text)


def _empty_faults(
    letter: TextFile, front: FrontReading, body: Document, background: TextFile, why: Document
) -> Iterator[Fault]:
    if not body.blocks and front.body.strip() == "" and front.facts is not None:
        text = "the letter is missing: write it below the front matter"
        yield Fault(letter.path, letter.line(len(letter.text)), text)
    if not why.blocks:
        yield Fault(background.path, 1, "the background is empty: say why people should sign")
    for file in (letter, background):
        for line, _, address in survey(file.below).links:
            if address and not is_web_link(address):
                yield Fault(file.path, line, f"{address} isn't a web link. {_fix_of(address)}")
        for line in file.marks.images:
            yield Fault(
                file.path, line, "images can't be shown in a chat: remove this one, or write [words](https://...)"
            )
        for line, words in enumerate(file.text.split("\n"), 1):
            if any(is_forbidden(character) and character not in _SPACES for character in words):
                text = "this line has an invisible character that controls text or its direction: delete it"
                yield Fault(file.path, line, text)


def _fix_of(link: str) -> str:
    """The way to correct a link that leads nowhere."""
    if link.startswith("#"):
        return "If it led to a note, write [^1] instead, and the note after [^1]: at the foot of background.md"
    return "Write an address that begins with https://, or the words alone"


def date_faults(reading: TextReading, language: str, languages: Iterable[str]) -> Iterator[Fault]:
    """Sources whose date does not exist or has no year; only the check looks for them, since reading dates is slow.

    A date may be in the text's language, in English, or in another of `languages`, those of the interface.
    """
    file, spoken = reading.background, (language, DEFAULT_LOCALE, *languages)
    for source in reading.sources:
        if source.date and not is_date(source.date, spoken):
            first = reading.notes.get(source.number, 1)
            written = "\n".join(file.text.split("\n")[first - 1 :]).partition(source.date)
            line = first + written[0].count("\n") if written[1] else first
            yield Fault(file.path, line, f"{source.date!r} isn't a date. {EXPECTED}")
