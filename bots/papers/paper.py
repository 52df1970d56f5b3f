"""Sheets of paper, and the rows and columns that fit on a page of names. All lengths are in points (1/72 inch)."""

from __future__ import annotations

import math
from dataclasses import dataclass

MARGIN_X, MARGIN_TOP, MARGIN_BOTTOM = 50.0, 62.0, 54.0
GUTTER = 20.0
PITCH = 11.5  # from row to row
COLUMNS = 2
_BETWEEN = 13.0  # number, name and place
_DIGIT = 4.4  # a digit or a separator of the numbers
_PLACE_SHARE = 0.33  # of what the number leaves


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet by its width and height."""

    width: float
    height: float

    @property
    def rows(self) -> int:
        """The number of rows in a column."""
        return math.floor((self.height - MARGIN_TOP - MARGIN_BOTTOM) / PITCH)

    @property
    def rows_on_a_page(self) -> int:
        """The number of names on a page."""
        return COLUMNS * self.rows

    def widths(self, longest_number: int) -> tuple[float, float, float]:
        """The widths of number, name and place; `longest_number` is in characters."""
        column = (self.width - 2 * MARGIN_X - (COLUMNS - 1) * GUTTER) / COLUMNS
        number = _DIGIT * max(longest_number, 4)
        place = (column - number - _BETWEEN) * _PLACE_SHARE
        return number, column - number - _BETWEEN - place, place

    def frame(self) -> dict[str, float]:
        """The measurements that the templates need."""
        return {
            "width": self.width, "height": self.height, "gutter": GUTTER, "pitch": PITCH,
            "margin-x": MARGIN_X, "margin-top": MARGIN_TOP, "margin-bottom": MARGIN_BOTTOM,
        }  # fmt: skip


A4 = Paper(595.28, 841.89)
LETTER = Paper(612.0, 792.0)
