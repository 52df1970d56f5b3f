"""The sheet of days: every figure equals a recount of the signatures, and the file is never larger than it says."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.export.days import signing_days
from core.export.formats import FILE_FORMATS
from core.export.table import TableContext
from core.signatures.signature import SignatureStatus, Tally
from tests.world import SALESFORCE, petitions

PETITION = petitions()[SALESFORCE]
HOURS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 3, 1), timezones=st.just(dt.UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(minute=0, second=0, microsecond=0)
)
SIGNED = st.lists(st.tuples(HOURS, st.sampled_from(SignatureStatus)), max_size=60)


@given(SIGNED)
def test_every_day_equals_a_recount(
    tmp_path_factory: pytest.TempPathFactory, signed: list[tuple[dt.datetime, SignatureStatus]]
) -> None:
    hours = Counter(signed)
    tallies = [(hour, Tally({status: count})) for (hour, status), count in hours.items()]
    path = tmp_path_factory.mktemp("days") / "x.xlsx"
    most = write(path, tallies)
    assert path.stat().st_size <= most
    rows = days_in(path)
    assert [row[0] for row in rows] == sorted({hour.date() for hour, _ in signed})
    for day, *figures in rows:
        assert isinstance(day, dt.date)
        assert figures == _recount(day, signed)


@pytest.mark.parametrize("days", [1, 2])
def test_a_single_day_is_not_taken_for_its_year(tmp_path: Path, days: int) -> None:
    path = tmp_path / "x.xlsx"
    first, signed = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC), Tally({SignatureStatus.COUNTED: 4})
    write(path, [(first + dt.timedelta(days=number), signed) for number in range(days)])
    with zipfile.ZipFile(path) as file:
        assert (b"<c:dateAx>" in file.read("xl/charts/chart1.xml")) == (days > 1)


def write(path: Path, hours: list[tuple[dt.datetime, Tally]]) -> int:
    """Write a workbook with the days of these hours; returns the size that it says it has at most."""
    table = FILE_FORMATS["xlsx"].table(TableContext(PETITION, days=signing_days(hours, dt.UTC)))
    with path.open("wb") as stream:
        file = FILE_FORMATS["xlsx"].open(stream, table)
        file.close()
    return file.size


def _recount(day: dt.date, signed: list[tuple[dt.datetime, SignatureStatus]]) -> list[int]:
    counts, gone = SignatureStatus.COUNTED, SignatureStatus.WITHDRAWN
    of_day = [status for hour, status in signed if hour.date() == day]
    kept, withdrawn = of_day.count(counts), of_day.count(gone)
    total = sum(status is counts for hour, status in signed if hour.date() <= day)
    return [len(of_day), kept, len(of_day) - kept - withdrawn, withdrawn, total]


def days_in(path: Path) -> list[list[object]]:
    """The rows of the sheet, below the heading; none if the workbook doesn't have it."""
    book = load_workbook(path)
    if "Days" not in book.sheetnames:
        return []
    sheet = book["Days"]
    assert [cell.value for cell in sheet[1]] == [
        "day (UTC)", "signed", "of them counted", "set aside", "withdrawn", "counted in total"
    ]  # fmt: skip
    rows = sheet.iter_rows(min_row=2, values_only=True)
    return [[value.date() if isinstance(value, dt.datetime) else value for value in row] for row in rows]
