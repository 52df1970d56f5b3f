"""The formats of signers' files: which table each has, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO

from core.export.crm import action_network_table, actionkit_table
from core.export.signers import signers_table
from core.export.table import RowFile, Table, TableContext
from core.export.text_formats import CsvFile, JsonLinesFile, SpreadsheetCsvFile
from core.export.workbook import MOST_ROWS, WorkbookFile


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format: the part of the file's name that says what it holds, its suffix, its table, and its writer.

    A file that is not `streamed` needs a name, because it is written through files beside it. One that is
    `contactable_only` lists only people who may be contacted. One that `has_days` has a sheet with the days of signing.
    """

    kind: str
    suffix: str
    table: Callable[[TableContext], Table]
    open: Callable[[IO[bytes], Table], RowFile]
    streamed: bool = True
    most_rows: int | None = None
    contactable_only: bool = False
    has_days: bool = False


FILE_FORMATS: Mapping[str, FileFormat] = {
    "xlsx": FileFormat(
        "signers", ".xlsx", signers_table, WorkbookFile, streamed=False, most_rows=MOST_ROWS, has_days=True
    ),
    "csv": FileFormat("signers", ".csv", signers_table, SpreadsheetCsvFile),
    "jsonl": FileFormat("signers", ".jsonl", signers_table, JsonLinesFile),
    "actionkit": FileFormat("actionkit", ".csv", actionkit_table, CsvFile, contactable_only=True),
    "action_network": FileFormat("action-network", ".csv", action_network_table, CsvFile, contactable_only=True),
}
"""The formats by the name to type; the hand-in is not one of them."""

CRM_FORMATS = frozenset(name for name, form in FILE_FORMATS.items() if form.contactable_only)
"""The formats that list only people who may be contacted."""
