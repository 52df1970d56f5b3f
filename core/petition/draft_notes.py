"""Finds the sources of a text, in any form, and turns them and the marks that cite them into footnotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, product

from core.messages import DEFAULT_LOCALE
from core.petition.draft_paragraphs import DraftParagraph
from core.petition.note_attributes import LONGEST, attributes_begin
from core.petition.note_references import Reference, read_reference
from core.petition.source import Source
from core.petition.source_dates import is_date
from core.petition.sources import NoteEntry, read_note
from core.text.document import Span
from core.text.lookalikes import is_above_sources
from core.text.markdown import Numbering, parse
from core.text.note_marks import is_marked, marks_in, source_key, source_label
from core.text.survey import without_addresses

Doubt = tuple[int, str]
"""A line of the text, from 1, and a sentence about what was guessed there."""

_DEFINED = re.compile(r"\[\^([^\]\s]+)\]:\s*")
_CITED = re.compile(r"(?P<code>`+)(?!`).+?(?<!`)(?P=code)(?!`)|\[\^(?P<label>[^\]\s]+)\](?!:)", re.DOTALL)
_MARKED = re.compile(r"\W{0,2}(?:\d{1,3}|[ivx]{1,5}|[a-e]|[⁰¹²³⁴-⁹]+)[\W\s]|\W{0,2}[*†‡]|\[\^")
_FEWEST_SOURCES = 2  # in a list that has other items, too
_LINK = re.compile(r"https?://[^\s<>]+")


@dataclass(frozen=True)
class Note:
    """A source's note; `key` is its mark in the text, and `label` its label as a footnote.

    `source` is the label of the note whose source it cites again; empty if it has a source of its own.
    """

    line: int
    key: str
    label: str
    text: str
    source: str = ""


def take_notes(
    paragraphs: Sequence[DraftParagraph], doubts: list[Doubt]
) -> tuple[list[DraftParagraph], list[Note]]:  # fmt: skip
    """The paragraphs without the sources, and the notes that these make."""
    kept, found, is_list = list[DraftParagraph](), list[Note](), False
    for paragraph in paragraphs:
        is_list = is_list and not paragraph.is_heading
        if is_above_sources(paragraph.lines[0].rstrip("\\")):
            is_list = True
            paragraph = DraftParagraph(paragraph.line + 1, paragraph.lines[1:])  # noqa: PLW2901
        elif is_above_sources(paragraph.words):
            is_list = True
            continue
        if not paragraph.lines:
            continue
        pieces = list(_pieces(paragraph, is_list=is_list))
        notes = [each for each in pieces if is_list or _is_note(each[1])]
        if len(notes) == len(pieces) or len(notes) >= max(_FEWEST_SOURCES, len(pieces) // 2 + 1):
            for line, piece in notes:
                found.append(_note(line, piece, len(found) + 1))
            kept += _left(paragraph, pieces, notes, doubts)
        else:
            kept.append(paragraph)
    return kept, explicit(list(_labeled(found)))


def _left(
    paragraph: DraftParagraph, pieces: Sequence[Doubt], notes: Sequence[Doubt], doubts: list[Doubt]
) -> Iterator[DraftParagraph]:
    """The items of a list of sources that aren't sources themselves."""
    lines = {line for line, _ in notes}
    ends = [*(line for line, _ in pieces[1:]), paragraph.line + len(paragraph.lines)]
    for (line, piece), end in zip(pieces, ends, strict=True):
        if line not in lines:
            if line > paragraph.line or is_marked(piece):
                doubts.append((line, f"left in the text, because it doesn't read like the sources around it: {piece}"))
            yield DraftParagraph(line, paragraph.lines[line - paragraph.line : end - paragraph.line])


def _is_note(piece: str) -> bool:
    """True for a footnote, and for a source with a mark in front or with an address."""
    is_sure = is_marked(piece) or _LINK.search(piece) is not None
    return _DEFINED.match(piece) is not None or (is_sure and source_label(piece) != "") or _cites_again(piece)


def _cites_again(piece: str) -> bool:
    """True for a mark and then words such as "Ibid., p. 12"."""
    return is_marked(piece) and isinstance(read_reference([Span(source_key(piece)[1])], {}), Reference)


def _pieces(paragraph: DraftParagraph, *, is_list: bool) -> Iterator[tuple[int, str]]:
    """The sources in a paragraph, each on one line, with the number of its first line."""
    gathered: list[str] = []
    are_whole = is_list and all(re.search(r"\d{4}", line) for line in paragraph.lines)
    starred = sum(line.lstrip().startswith("* ") for line in paragraph.lines)
    item = re.compile(r"\s*[-*+]\s+" if starred > 1 else r"\s*[-+]\s+")
    for number, written in enumerate(paragraph.lines, paragraph.line):
        line = item.sub("", written, count=1).rstrip("\\") if item.match(written) else written.rstrip("\\")
        begins = _MARKED.match(line) or line != written.rstrip("\\") or source_label(line)
        if gathered and (are_whole or begins):
            yield number - len(gathered), " ".join(gathered)
            gathered = []
        gathered.append(line.strip())
    if gathered:
        yield paragraph.line + len(paragraph.lines) - len(gathered), " ".join(gathered)


def _note(line: int, piece: str, number: int) -> Note:
    if defined := _DEFINED.match(piece):
        return Note(line, "", defined[1], piece[defined.end() :])
    key, text = source_key(piece)
    return Note(line, key or str(number), key if key.isalnum() else "", text)


def _labeled(notes: Sequence[Note]) -> Iterator[Note]:
    """The notes with a label of its own for each."""
    given = {note.label for note in notes}
    seen: set[str] = set()
    numbers = map(str, count(1))
    for note in notes:
        label = note.label
        if not label or label in seen:
            label = next(number for number in numbers if number not in given and number not in seen)
        seen.add(label)
        yield replace(note, label=label)


def cite(paragraph: DraftParagraph, notes: Sequence[Note], doubts: list[Doubt]) -> DraftParagraph:
    """The paragraph with a footnote for each mark of a note; a footnote without a note becomes a number."""
    labels, known = {note.key: note.label for note in reversed(notes) if note.key}, {note.label for note in notes}
    lines = []
    for number, line in enumerate(paragraph.lines, paragraph.line):
        for mark in sorted(marks_in(without_addresses(line)), key=lambda mark: mark.start, reverse=True):
            if mark.key not in labels:
                continue
            end = mark.start + len(mark.mark)
            if mark.is_bare:
                around = line[: mark.start].split()[-1] + mark.mark
                doubts.append((number, f"{mark.mark!r} in {around!r} was read as a note"))
            line = f"{line[: mark.start].rstrip()}[^{labels[mark.key]}]{line[end:]}"  # noqa: PLW2901
        lines.append(replace_citations(line, lambda label: f"[^{label}]" if label in known else f"[{label}]"))
    return replace(paragraph, lines=tuple(lines))


def cited_labels(paragraphs: Sequence[DraftParagraph]) -> set[str]:
    """The labels that paragraphs cite."""
    found = (match["label"] for paragraph in paragraphs for match in _CITED.finditer(paragraph.text))
    return {label for label in found if label}


def replace_citations(markdown: str, new: Callable[[str], str]) -> str:
    """The text with each citation replaced by what its label becomes; in code, there are none."""
    return _CITED.sub(lambda match: new(match["label"]) if match["label"] else match[0], markdown)


def explicit(notes: Sequence[Note]) -> list[Note]:
    """The notes, in which those that cite a source again name its label: "Ibid., p. 12" becomes "[^1], p. 12"."""
    found, sources = list[Note](), dict[str, str]()  # the label of the source that each note cites
    labels = {note.key: note.label for note in reversed(notes) if note.key} | {note.label: note.label for note in notes}
    for note in notes:
        reference = _reference(note.text, labels)
        before = found[-1].label if found else ""
        target = sources.get(labels.get(reference.label, "") if reference.label else before) if reference else None
        sources[note.label] = target or note.label
        if target and reference:
            locator = f", {reference.locator}" if reference.locator else ""
            note = replace(note, text=f"[^{target}]{locator}.", source=target)  # noqa: PLW2901
        found.append(note)
    return found


def _reference(text: str, labels: Mapping[str, str]) -> Reference | None:
    entries = _read(text, labels=labels)
    return entries[0] if len(entries) == 1 and isinstance(entries[0], Reference) else None


def readable(note: Note, language: str, doubts: list[Doubt]) -> Note:
    """The note in the form that a source needs; whatever is added is a doubt."""
    if note.source:
        return note
    begin = attributes_begin(note.text)
    words, attributes = note.text[:begin].rstrip(), "" if begin is None else f" {note.text[begin:]}"
    for (text, added), more in product(_forms(words), dict.fromkeys((attributes, ""))):
        if _is_source(f"{text}{more}", language):
            if attributes and not more:
                doubts.append((note.line, f"the source [^{note.label}] has braces that can't be read:{attributes}"))
            if added:
                doubts.append((note.line, f"the source [^{note.label}] {added}: {text}"))
            return replace(note, text=f"{text}{more}")
    msg = f"no form of {note.text!r} is a source"
    raise AssertionError(msg)


def _forms(text: str) -> Iterator[tuple[str, str]]:
    """The note as it is written, and then in forms with ever less of its own."""
    yield text, ""
    yield f"{text.rstrip(' .,')}, n.d.", "has no date, so n.d. was added"
    fault = _reading(text)
    if isinstance(fault, str) and "Write: " in fault:
        yield fault.partition("Write: ")[2], "has no quotes around its title, so they were guessed"
    text = re.sub(r"\[([^\]]*)\]\((https?://[^)\s]*)\)([^\[]*)", _link_last, text)
    yield text, "has its link inside, so it was moved to the end"
    link = _LINK.search(text)
    address = link[0].rstrip(".,;)") if link else ""
    host = address.split("/")[2] if address else "Unknown"
    words = re.sub(r"[“”„«»\"<>\[\]^]", "", text.replace(address, "") if address else text).strip(" .,;:()")
    words = words[:LONGEST].strip() if len(words) > len("at") else address.partition("//")[2][:LONGEST]
    end = f" <{address}>" if address else ""
    yield (
        f"{host}, “{words or 'Untitled'},” n.d.{end}",
        "lacks a publication, a title in quotes, or a date; complete it",
    )
    yield f"{host}, “Untitled,” n.d.", "can't be read; complete it"


def _link_last(link: re.Match[str]) -> str:
    """A link in Markdown and what comes after it, with the address at the end."""
    words = "" if link[1].casefold() in {"link", "here", link[2]} else link[1]
    return f"{words}{link[3].strip()} <{link[2]}>"


def _is_source(text: str, language: str) -> bool:
    sources = [entry for entry in _read(text, language) if isinstance(entry, Source)]
    spoken = (language, DEFAULT_LOCALE)
    return bool(sources) and all(not source.date or is_date(source.date, spoken) for source in sources)


def _read(text: str, language: str = DEFAULT_LOCALE, labels: Iterable[str] = ()) -> tuple[NoteEntry, ...]:
    """The entries of a note; none if it can't be read."""
    found = _reading(text, language, labels)
    return () if isinstance(found, str) else found


def _reading(text: str, language: str = DEFAULT_LOCALE, labels: Iterable[str] = ()) -> tuple[NoteEntry, ...] | str:
    numbering = Numbering()
    document, _ = parse(text, labels, numbering)
    return read_note(document, {number: label for label, number in numbering.numbers.items()}, language)
