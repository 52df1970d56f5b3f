"""The sheet of a workbook that has the days of signing, with their chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.export.days import SigningDay

SHEET = "Days"
HEADINGS = ("day", "signed", "of them counted", "set aside", "withdrawn", "counted in total")
_WIDTH = 18  # of a column, in characters
_SIZE = {"width": 860, "height": 420}  # of the chart, in pixels


def write_days(book: Workbook, days: Sequence[SigningDay], zone: str, heading: Format) -> str:
    """Add the sheet to a workbook; returns the words of its cells, to estimate its size.

    `zone` is the name of the days' time zone.
    """
    sheet = book.add_worksheet(SHEET)
    above_numbers = book.add_format({"bold": True, "bottom": 1, "align": "right"})
    first = f"{HEADINGS[0]} ({zone})"
    for place, words in enumerate((first, *HEADINGS[1:])):
        sheet.write_string(0, place, words, above_numbers if place else heading)
    look = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    thousands = book.add_format({"num_format": "#,##0"})
    sheet.set_column(0, 0, max(_WIDTH, len(first) + 2))
    sheet.set_column(1, len(HEADINGS) - 1, _WIDTH)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    cells: list[str] = []
    for number, day in enumerate(days, 1):
        sheet.write_datetime(number, 0, dt.datetime.combine(day.day, dt.time()), look)
        figures = (day.signed, day.counted, day.set_aside, day.withdrawn, day.total)
        for place, figure in enumerate(figures, 1):
            sheet.write_number(number, place, figure, thousands)
        cells += (f'<c r="F{number}" s="1"><v>{figure}</v></c>' for figure in (*figures, day.day.toordinal()))
    _draw(book, sheet, len(days))
    return "".join(cells)


def _draw(book: Workbook, sheet: Worksheet, last: int) -> None:
    """Put a chart beside the figures: a bar for each day, and a line for the total."""
    chart, line = book.add_chart({"type": "column"}), book.add_chart({"type": "line"})
    for drawn, place, more in ((chart, 1, {}), (line, 5, {"y2_axis": True})):
        drawn.add_series({
            "name": [SHEET, 0, place],
            "categories": [SHEET, 1, 0, last, 0],
            "values": [SHEET, 1, place, last, place],
            **more,
        })  # fmt: skip
    chart.combine(line)
    kind = "date_axis" if last > 1 else "text_axis"  # LibreOffice takes a single date for its year
    chart.set_x_axis({kind: True, "num_format": "yyyy-mm-dd"})
    chart.set_y_axis({"name": HEADINGS[1], "num_format": "#,##0", "min": 0})
    line.set_y2_axis({"name": HEADINGS[5], "num_format": "#,##0", "min": 0})
    chart.set_legend({"position": "bottom"})
    chart.set_size(_SIZE)
    sheet.insert_chart(1, len(HEADINGS) + 1, chart)
