"""Sheets of paper, and the rows and columns that fit on a page of names. All lengths are in points (1/72 inch)."""

from __future__ import annotations

import math
from dataclasses import dataclass

MARGIN_X, MARGIN_TOP, MARGIN_BOTTOM = 50.0, 62.0, 54.0
GUTTER = 20.0
PITCH = 11.5  # from row to row
COLUMNS = 2
TYPE_SIZE = 7.5  # of names and places
BETWEEN = 13.0  # number, name and place
_DIGIT = 4.4  # a digit or a separator of the numbers


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet by its width and height."""

    width: float
    height: float

    @property
    def rows_height(self) -> float:
        """The height of a column of names."""
        return self.height - MARGIN_TOP - MARGIN_BOTTOM

    @property
    def rows_on_a_page(self) -> int:
        """The number of names on a page, if each fits on one line."""
        return COLUMNS * math.floor(self.rows_height / PITCH)

    @property
    def column_width(self) -> float:
        """The width of a column of names."""
        return (self.width - 2 * MARGIN_X - (COLUMNS - 1) * GUTTER) / COLUMNS

    def number_width(self, longest: int) -> float:
        """The width of the numbers, if the longest has so many characters."""
        return _DIGIT * max(longest, 4)

    def frame(self) -> dict[str, float]:
        """The measurements that the templates need."""
        return {
            "width": self.width, "height": self.height, "gutter": GUTTER, "pitch": PITCH,
            "margin-x": MARGIN_X, "margin-top": MARGIN_TOP, "margin-bottom": MARGIN_BOTTOM,
        }  # fmt: skip


A4 = Paper(595.28, 841.89)
LETTER = Paper(612.0, 792.0)
