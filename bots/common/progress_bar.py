"""A bar in the terminal that shows how much is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

OnProgress: TypeAlias = Callable[[int, int], None]
"""Called with the number that is done, such as signatures in a file, and the total."""


@contextmanager
def progress_bar(console: Console) -> Iterator[OnProgress]:
    """A bar that moves at each call; without a terminal, it shows nothing."""
    bar = Progress(
        BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console, disable=not console.is_terminal,
        transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("")
        yield lambda done, total: bar.update(task, completed=done, total=total)
