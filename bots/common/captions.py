"""Captions: written before a value, or cut to fit into the cells of a terminal or a page."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

_ENDINGS = ("?", "？", "؟", ":")


def with_colon(caption: str) -> str:
    """A caption before its value; a question needs no colon after its mark."""
    return caption if caption.endswith(_ENDINGS) else f"{caption}:"


def truncate_cells(words: str, longest: int) -> str:
    """The text in at most `longest` cells: Chinese, Japanese and Korean take two each, combining marks none."""
    return words if cell_len(words) <= longest else set_cell_size(words, longest - 1).rstrip() + "…"
