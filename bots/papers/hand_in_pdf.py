"""The hand-in: the document for the target, with the text, the count and its explanation, the names, and the answers.

It is set part by part in a separate process (bots/papers/press.py), and each part is written as soon as it is set, so
the memory it takes doesn't depend on the number of signers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bots.papers.hand_in_content import HandIn
from bots.papers.hand_in_rows import SignerLine
from bots.papers.hand_in_sheets import Sheets
from bots.papers.hand_in_shelf import Shelf
from bots.papers.press import Press
from bots.papers.volumes import About, Binder


@dataclass(frozen=True, slots=True)
class HandInFiles:
    """The written files in order, the total number of pages, and the number of signers."""

    files: tuple[Path, ...]
    pages: int
    signers: int


def write(
    describe: Callable[[], HandIn],
    signers: Iterable[SignerLine],
    folder: Path,
    stem: str,
    *,
    largest: int | None = None,
    progress: Callable[[int, int], object] = lambda *_: None,
) -> HandInFiles:
    """Write the hand-in into `folder` as stem.pdf, or as stem-1.pdf, stem-2.pdf ... of at most `largest` bytes each.

    `signers` is read once and kept in an unnamed temporary file. Only then is `describe` called, so the count on the
    first page comes from this very reading. An exception from `progress` ends the work; finished files stay.

    Raises:
        OSError: the folder cannot be written.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder) as file, Press() as press:
        shelf = Shelf(file)
        shelf.fill(signers)
        hand_in = describe()
        about = About(hand_in.title, hand_in.organizer, hand_in.locale.replace("_", "-"), hand_in.date)
        done = 0
        with Binder(about, folder, stem, largest, hand_in.attachments) as binder:
            for part in Sheets(press, hand_in, shelf).parts():
                binder.add(part.pages, *part.bookmarks)
                done += part.signers
                progress(done, shelf.signers)
            files = binder.finish()
    return HandInFiles(files, binder.pages, shelf.signers)
