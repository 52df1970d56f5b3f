"""The signers of a hand-in on disk: read once from storage, then as often as the pages need them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from bots.papers.hand_in_rows import RowLayout, RowPage, SignerLine


@dataclass(slots=True)
class Shelf:
    """Signers in a temporary file. `longest` is the largest number printed; `answering` of them have answers."""

    file: IO[str]
    signers: int = 0
    longest: int = 0
    answering: int = 0

    def fill(self, signers: Iterable[SignerLine]) -> None:
        """Write the signers to the file."""
        for signer in signers:
            self.signers += 1
            self.answering += bool(signer.answers)
            self.longest = max(self.longest, signer.number)
            self.file.write(json.dumps((signer.number, signer.name, signer.place, signer.answers)) + "\n")

    def name_pages(self, layout: RowLayout, unnamed: str) -> Iterator[RowPage]:
        """The pages of names; `unnamed` replaces a name that is not given. Only one iteration at a time."""
        named = (signer if signer.name else SignerLine(signer.number, unnamed) for signer in self._read())
        return layout.pages(map(layout.row, named))

    def answer_pages(self, layout: RowLayout) -> Iterator[RowPage]:
        """The pages of the answers that are handed in. Only one iteration at a time."""
        if not self.answering:
            return iter(())
        return layout.pages(row for signer in self._read() if signer.answers for row in layout.answer_rows(signer))

    def _read(self) -> Iterator[SignerLine]:
        self.file.seek(0)
        for line in self.file:
            number, name, place, answers = json.loads(line)
            yield SignerLine(number, name, place, tuple(answers))
