"""Reads the texts that organizers bring: plain text, Markdown, Word, OpenDocument, and HTML."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from core.errors import ConfigurationError

MARKDOWN = frozenset({".md", ".markdown"})
CONVERTED = {".docx": "docx", ".odt": "odt", ".html": "html", ".htm": "html", ".rtf": "rtf"}
"""By suffix, pandoc's name of the format."""
KNOWN = "Open it in the program that made it, and save it as .docx, .odt, .html, .rtf, .md, or .txt"
_FILTER = Path(__file__).with_name("documents.lua")
_ESCAPED = re.compile(r"\\(?=[\[\]().'\"]|\*(?:\s|$))")
_SEPARATOR = re.compile(r"^(?:&nbsp;|<!-- -->)$", re.MULTILINE)  # between two lists
_LONE_BREAK = re.compile(r"\\\n\\$", re.MULTILINE)  # an empty line between two line breaks
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Manuscript:
    """A text as it was read. `has_lines` is true if its lines are those of the file; `note` says what was guessed."""

    text: str
    is_markdown: bool
    has_lines: bool = True
    note: str = ""


def read_manuscript(path: Path) -> Manuscript:
    """The text in a file, by its suffix.

    Raises:
        ConfigurationError: the file can't be read, or the package that reads its format is missing.
        OSError: the file can't be opened.
    """
    suffix = path.suffix.lower()
    if suffix in CONVERTED:
        return Manuscript(_converted(path, CONVERTED[suffix]), is_markdown=True, has_lines=False)
    content = path.read_bytes()
    if suffix not in {".txt", ".text", ""} | MARKDOWN or b"\0" in content.removeprefix(codecs.BOM_UTF16_LE)[:1]:
        raise ConfigurationError(f"{path}: undersign can't read this format. {KNOWN}.")
    text, note = _decoded(content)
    return Manuscript(text, is_markdown=suffix in MARKDOWN, note=note)


def _decoded(content: bytes) -> tuple[str, str]:
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), "utf-8")
    try:
        return content.decode(encoding), ""
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "it isn't UTF-8, so it was read as Windows-1252"


def _converted(path: Path, form: str) -> str:
    """The text of a document in Markdown, without what a petition can't hold."""
    try:
        pandoc = import_module("pypandoc")
    except ImportError:
        install = "pip install 'undersign[new]', or pip install pypandoc_binary"
        raise ConfigurationError(f"{path}: to read {path.suffix} files, install pandoc: {install}.") from None
    path.open("rb").close()
    source = "html-native_divs-native_spans" if form == "html" else form
    options = ["--wrap=none", f"--lua-filter={_FILTER}"]
    try:
        text: str = pandoc.convert_file(str(path), "commonmark+footnotes-raw_html", format=source, extra_args=options)
    except (RuntimeError, OSError):
        advice = f"open it in the program that made it, and save it as {path.suffix} again"
        raise ConfigurationError(f"{path}: this isn't a {path.suffix} file, or it's damaged: {advice}.") from None
    return _SEPARATOR.sub("", _LONE_BREAK.sub("\n", _ESCAPED.sub("", text))).replace("&nbsp;", " ")
