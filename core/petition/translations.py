"""Reads .po files: msgctxt is the key of a message, msgid the English sentence, msgstr its translation.

This is gettext's bilingual form, which editors, Weblate and pofilter expect: a translator sees the English next to the
translation. The English is written once, in the msgid of en.po, which is also the template for every other language.
"""

from __future__ import annotations

import gettext
import string
from collections.abc import Callable, Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.core import UnknownLocaleError
from babel.messages import Catalog as PoFile
from babel.messages.catalog import Message as Entry
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po

from core.errors import ContentError
from core.messages import Sentence, Translation

_COUNTS_TRIED = 1000


class TranslationFileError(ContentError):
    """A .po file that can't be read, with the line, from 1, and the reason."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.line, self.reason = line, reason


def read_po_file(path: Path) -> PoFile:
    """Parse a .po file; the same text gives the same object, so don't change it. Raises TranslationFileError."""
    try:
        words = _parsed(path.read_bytes(), path.stem)
    except PoFileError as error:
        raise TranslationFileError(path, error.lineno + 1, _reason(str(error))) from None
    except UnicodeDecodeError:
        raise TranslationFileError(path, 1, "the file is not UTF-8 text: save it again as UTF-8") from None
    except (ValueError, UnknownLocaleError):
        raise TranslationFileError(path, 1, "the file's name must be the code of a language, such as fr.po") from None
    try:
        plural_form(words)
    except ValueError as error:
        line = next(_lines_with(path, "Plural-Forms"), 1)
        reason = str(error) if "announces" in str(error) else f"Plural-Forms can't be read. {_expected(path.stem)}"
        raise TranslationFileError(path, line, reason) from None
    return words


@lru_cache(maxsize=8)
def _parsed(text: bytes, locale: str) -> PoFile:
    """The messages of a file; a command that checks the files reads each of them several times."""
    return read_po(BytesIO(text), locale=locale, abort_invalid=True)


def _reason(error: str) -> str:
    if "num_plurals" in error:
        return "the message has more forms than Plural-Forms announces: correct nplurals, or remove a msgstr[...]"
    return 'this line can\'t be read. Expected: msgctxt, msgid or msgstr, and words in quotes "..."'


def _expected(locale: str) -> str:
    return f"Expected: {get_plural(locale)}"


def _lines_with(path: Path, words: str) -> Iterator[int]:
    return (number for number, line in enumerate(path.read_text("utf-8").split("\n"), 1) if words in line)


def entries(words: PoFile) -> dict[str, Entry]:
    """The messages of a file by key, without its header."""
    return {entry.context or "": entry for entry in words if entry.id}


def plural_form(words: PoFile) -> Callable[[int], int]:
    """The function that chooses a plural form for a count. Raises ValueError if the header is wrong."""
    return _plural_form(words.plural_expr, words.num_plurals)


@lru_cache(maxsize=8)
def _plural_form(formula: str, forms: int) -> Callable[[int], int]:
    choose = gettext.c2py(formula)
    if any(choose(count) >= forms for count in range(_COUNTS_TRIED)):
        raise ValueError(f"Plural-Forms announces {forms} forms, but its formula gives more")
    return choose


def english(entry: Entry) -> tuple[str, ...]:
    """The English sentence, or its singular and plural."""
    return _forms(entry.id)


def translated(entry: Entry) -> tuple[str, ...]:
    """All forms of the translation, empty if missing."""
    return _forms(entry.string)


def _forms(sentence: object) -> tuple[str, ...]:
    return tuple(form or "" for form in sentence) if isinstance(sentence, list | tuple) else (str(sentence or ""),)


def arguments(sentence: str) -> set[str]:
    """The names in braces. Raises ValueError if the braces do not match."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@lru_cache(maxsize=8)
def english_translation(words: PoFile) -> Translation:
    """The English sentences of en.po."""
    return Translation({key: _sentence(english(entry)) for key, entry in entries(words).items()}, plural_form(words))


@lru_cache(maxsize=8)
def translation(words: PoFile, original: PoFile) -> Translation:
    """The usable sentences of a language; `original` is en.po.

    A translation of an earlier English sentence is used as long as its arguments still fit; `undersign check` reports
    it.
    """
    known = entries(original)
    usable = {
        key: _sentence(translated(entry))
        for key, entry in entries(words).items()
        if key in known and not entry.fuzzy and _is_usable(entry, words.num_plurals, known[key])
    }
    return Translation(usable, plural_form(words))


def _is_usable(entry: Entry, plurals: int, original: Entry) -> bool:
    sentences = translated(entry)
    try:
        fits = set().union(*map(arguments, sentences)) <= set().union(*map(arguments, english(original)))
    except ValueError:
        return False
    return fits and all(sentences) and len(sentences) == (plurals if entry.pluralizable else 1)


def _sentence(forms: tuple[str, ...]) -> Sentence:
    return forms if len(forms) > 1 else forms[0]
