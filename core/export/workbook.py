"""Signers' files as an Excel workbook: numbers and dates are typed, and everything else is text to the letter."""

from __future__ import annotations

import datetime as dt
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from core.export.days_sheet import write_days
from core.export.table import ColumnKind, Row, Table, Value

MOST_ROWS = 1_048_575  # Excel's limit, less the heading
_NARROWEST, _WIDEST = 8, 45  # of a column, in characters
_LINE, _MOST_LINES = 15, 6  # the height of a line in points; LibreOffice doesn't measure rows by itself
_MOMENT = "yyyy-mm-dd hh:mm:ss"
_FRAME = 12_000  # bytes of a workbook without rows, rounded up; a chart of the days takes a third
_UNPACKED = 16_000  # bytes of rows of which the compressed size is not known yet, at most


class WorkbookFile:
    """An .xlsx with typed cells, a frozen heading, and columns as wide as their values; and a sheet of the days.

    Until it is closed, the rows wait beside it, in a folder that only the owner can read. A time has its zone, UTC, in
    the heading, since cells have none.
    """

    def __init__(self, stream: IO[bytes], table: Table) -> None:
        columns = table.columns
        self._columns, self._rows, self._size = columns, 0, _Deflated()
        self._letters = [xl_col_to_name(place) for place in range(len(columns))]
        self._folder = TemporaryDirectory(prefix="rows-", dir=Path(stream.name).parent)
        self._book = Workbook(stream, {"constant_memory": True, "tmpdir": self._folder.name})
        self._sheet = self._book.add_worksheet("Signatures", _PlainSheet)
        self._formats = {
            ColumnKind.NUMBER: self._book.add_format({"num_format": "0", "align": "left", "valign": "top"}),
            ColumnKind.TIME: self._book.add_format({"num_format": _MOMENT, "align": "left", "valign": "top"}),
            ColumnKind.REFERENCE: self._book.add_format({"num_format": "@", "valign": "top"}),
        }
        self._text = self._book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        heading = self._book.add_format({"bold": True, "bottom": 1})
        headings = [f"{column.name} (UTC)" if column.kind is ColumnKind.TIME else column.name for column in columns]
        for place, words in enumerate(headings):
            self._sheet.write_string(0, place, words, heading)
        self._widths = [len(words) for words in headings]
        if table.days:
            self._size.add(write_days(self._book, table.days, table.zone, heading))

    @property
    def size(self) -> int:
        """The bytes that the file would have by now, or slightly more."""
        return _FRAME + self._size.most

    def add(self, row: Row) -> None:
        """Write a row."""
        self._rows += 1
        most = 1
        for place, column in enumerate(self._columns):
            lines = self._write(place, column.kind, row[column.name]).split("\n")
            if column.kind is not ColumnKind.REFERENCE:
                self._widths[place] = max(self._widths[place], *map(len, lines))
                most = max(most, sum(1 + len(line) // (_WIDEST + 1) for line in lines))
        self._sheet.set_row(self._rows, _LINE * min(most, _MOST_LINES))
        self._size.add(f'<row r="{self._rows}" spans="1:{len(self._columns)}" ht="15" customHeight="1"></row>')

    def close(self) -> None:
        """Write the workbook: only now are the widths known."""
        for place, (column, width) in enumerate(zip(self._columns, self._widths, strict=True)):
            look = self._formats.get(column.kind, self._text)
            self._sheet.set_column(place, place, min(max(width, _NARROWEST), _WIDEST) + 2, look)
        self._sheet.freeze_panes(1, 0)
        last = (self._rows, len(self._columns) - 1)
        self._sheet.autofilter(0, 0, *last)
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{self._rows + 1}"})
        self._book.close()
        self._folder.cleanup()

    def _write(self, place: int, kind: ColumnKind, value: Value) -> str:
        """Write a cell; returns its words."""
        look = self._formats.get(kind, self._text)
        if kind is ColumnKind.REFERENCE and isinstance(value, str):
            value = value.replace("\n", " / ")  # LibreOffice would draw a second line over the next row
        match value:
            case None | "":
                return ""
            case int():
                self._sheet.write_number(self._rows, place, value, look)
            case dt.datetime():
                self._sheet.write_datetime(self._rows, place, value.astimezone(dt.UTC).replace(tzinfo=None), look)
            case str():
                self._sheet.write_string(self._rows, place, value, look)
        words = _MOMENT if isinstance(value, dt.datetime) else str(value)
        self._size.add(
            f'<c r="{self._letters[place]}{self._rows}" s="1" t="inlineStr"><is><t>{escape(words)}</t></is></c>'
        )
        return words


class _PlainSheet(Worksheet):  # type: ignore[misc]
    """A sheet without rich text, for which the library takes any text between <r> and </r>, and doesn't escape it."""

    def _xml_rich_inline_string(self, string: str, attributes: Any = None) -> None:
        self._xml_inline_string(string, True, attributes or [])


class _Deflated:
    """The size that text has once it is compressed as in a workbook: `most` is at least that."""

    def __init__(self) -> None:
        self._compressor, self._packed, self._waiting = zlib.compressobj(), 0, 0

    @property
    def most(self) -> int:
        return self._packed + self._waiting

    def add(self, text: str) -> None:
        raw = text.encode()
        self._packed += len(self._compressor.compress(raw))
        self._waiting += len(raw)
        if self._waiting > _UNPACKED:
            self._packed += len(self._compressor.flush(zlib.Z_SYNC_FLUSH))
            self._waiting = 0
