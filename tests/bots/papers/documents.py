"""Hand-ins of made-up signers, and what a reader finds in them."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2

from bots.papers.hand_in_content import HandIn, HandInWords, LetterVersion
from bots.papers.hand_in_rows import SignerLine
from bots.papers.paper import A4, Paper
from core.petition.petition import PetitionText
from tests.world import SALESFORCE, petitions

WORDS = HandInWords(
    target="To", organizer="From", date="Day of the count", letter="Letter", background="Background", sources="Sources",
    signers="Signers", counting="How it was counted", version="Version", versions="Versions",
    page="Page {page} of {pages}", unnamed="Not named", no_link="No link. Search for:",
)  # fmt: skip
COUNTING = (("Received", 1234), ("Twice the same address", 31), ("Withdrawn", 10), ("Not reviewed", 2))


def text() -> PetitionText:
    return petitions()[SALESFORCE].text("en")


def hand_in(*of: PetitionText, paper: Paper = A4, locale: str = "en") -> Callable[[], HandIn]:
    versions = tuple(LetterVersion(text, f"in {text.language}") for text in of or (text(),))
    return lambda: HandIn(
        versions, "Salesforce CEO Marc Benioff", "Demand Progress", "1,191 signatures", COUNTING,
        dt.date(2026, 11, 23), locale, WORDS, paper,
    )  # fmt: skip


def signers(count: int) -> Iterator[SignerLine]:
    """People with a name of their own each."""
    for number in range(1, count + 1):
        yield SignerLine(number, f"Ada Lovelace-{number:06}x", f"{10000 + number % 89999}")


def pages_of(*files: Path) -> list[str]:
    """The text of every page, as a reader's search finds it."""
    pages = []
    for file in files:
        with pypdfium2.PdfDocument(file) as document:
            for page in document:
                words = page.get_textpage()
                pages.append(words.get_text_range())
                words.close()
                page.close()
    return pages


def plain(words: str) -> str:
    """Words without what search takes no notice of: white space, invisible characters, forms of the same letter."""
    folded = unicodedata.normalize("NFKC", words)
    return "".join(char for char in folded if not char.isspace() and unicodedata.category(char) != "Cf")
