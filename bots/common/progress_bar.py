"""A bar in the terminal that shows how far a file is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from bots.delivery.exports import Progress


@contextmanager
def progress_bar(console: Console) -> Iterator[Progress]:
    """What is told how far it is; it shows nothing where nobody looks."""
    bar = Bar(
        BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console, disable=not console.is_terminal,
        transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("")
        yield lambda done, total: bar.update(task, completed=done, total=total)
