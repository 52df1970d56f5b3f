"""Signers' files as text: CSV for spreadsheets and for importers, JSON Lines for programs. All are in UTF-8."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import json
import re
from functools import lru_cache
from typing import IO, Literal

from core.export.table import ColumnKind, Row, Table, Value, in_utc

_HARMLESS_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
_STARTS = "=+@-＝＋－＠"  # the full-width forms too, which spreadsheets in East Asian languages take for the same
_SIGNS = re.escape(_STARTS)
_FORMULA = re.compile(rf"\A(?=[{_SIGNS}\t\r\n])|([;\t\r\n]\"*)(?=[{_SIGNS}])")
_MAYBE_FORMULA = re.compile(rf"[;\t\r\n]|\0[{_SIGNS}]")  # in texts that each begin after a null
_REFERENCES = 256  # different texts in columns of references, such as digests and words of choices


class CsvFile:
    """CSV for importers: each value is as it is stored, and nothing comes before the first heading."""

    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL

    def __init__(self, stream: IO[bytes], table: Table) -> None:
        self.size = 0
        self._stream, self._columns = stream, table.columns
        self._line = io.StringIO(newline="")
        self._writer = csv.writer(self._line, lineterminator="\n", quoting=self.quoting)
        self._write([column.name for column in table.columns])

    def add(self, row: Row) -> None:
        """Write a row."""
        self._write(self.cells([_text(row[column.name]) for column in self._columns]))

    def cells(self, texts: list[str]) -> list[str]:
        """The texts of a row as they are."""
        return texts

    def close(self) -> None:
        """Do nothing: every row is written."""

    def _write(self, cells: list[str]) -> None:
        self._writer.writerow(cells)
        self._put(self._line.getvalue().encode())
        self._line.seek(0)
        self._line.truncate()

    def _put(self, raw: bytes) -> None:
        self.size += len(raw)
        self._stream.write(raw)


class SpreadsheetCsvFile(CsvFile):
    """CSV that a spreadsheet opens: it finds the encoding by the mark, and runs nothing as a formula.

    It keeps OWASP's rules for CSV injection (owasp.org/www-community/attacks/CSV_Injection, read on November 26, 2026):
    every value is quoted, and an apostrophe goes before what would be a formula. Email addresses stay as they are.
    """

    quoting = csv.QUOTE_ALL

    def __init__(self, stream: IO[bytes], table: Table) -> None:
        kinds = [column.kind for column in table.columns]
        self._references = [place for place, kind in enumerate(kinds) if kind is ColumnKind.REFERENCE]
        self._others = [place for place, kind in enumerate(kinds) if kind is not ColumnKind.REFERENCE]
        self._defused_reference = lru_cache(maxsize=_REFERENCES)(defused)  # the same few long texts in every row
        stream.write(codecs.BOM_UTF8)
        super().__init__(stream, table)
        self.size += len(codecs.BOM_UTF8)

    def cells(self, texts: list[str]) -> list[str]:
        """The texts of a row, defused; nearly always, one look tells that only those of references need it."""
        others = "\0".join(["", *(texts[place] for place in self._others)])
        for place in range(len(texts)) if _MAYBE_FORMULA.search(others) else self._references:
            texts[place] = self._defused(self._columns[place].kind, texts[place])
        return texts

    def _defused(self, kind: ColumnKind, text: str) -> str:
        """The text, defused.

        An address may begin with a hyphen or a plus. Without brackets, quotes, = | or ! it cannot call anything.
        """
        if kind is ColumnKind.REFERENCE:
            return self._defused_reference(text)
        return text if kind is ColumnKind.ADDRESS and _HARMLESS_ADDRESS.fullmatch(text) else defused(text)


class JsonLinesFile:
    """One JSON object per line; docs/signers.schema.json describes them."""

    def __init__(self, stream: IO[bytes], table: Table) -> None:
        self.size = 0
        self._stream, self._columns = stream, table.columns

    def add(self, row: Row) -> None:
        """Write a row."""
        values = {column.name: _plain(row[column.name]) for column in self._columns}
        raw = f"{json.dumps(values, ensure_ascii=False)}\n".encode()
        self.size += len(raw)
        self._stream.write(raw)

    def close(self) -> None:
        """Do nothing: every row is written."""


def defused(text: str) -> str:
    """The text, changed so that every spreadsheet reads it as text.

    A spreadsheet that expects semicolons or tabs between cells finds them inside a value, and begins a cell there; one
    that expects no quotes does so after a line break.
    """
    if not text or not (text[0] in _STARTS or ";" in text or "\t" in text or "\r" in text or "\n" in text):
        return text  # like nearly all; the expression would need ten times as long to find that out
    return _FORMULA.sub(lambda match: f"{match[1] or ''}'", text)


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else str(_plain(value))


def _plain(value: Value) -> str | int | None:
    return in_utc(value) if isinstance(value, dt.datetime) else value
