"""The pictures in the documents show what is sent today."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.pictures.album import FOLDER, PAGE, chats
from tests.pictures.page import noted_words, page_words
from tests.pictures.words import Run, width, wrap

pytestmark = pytest.mark.server
_SVG = "{http://www.w3.org/2000/svg}"


async def test_the_pictures_of_the_chats_are_current() -> None:
    for name, picture in (await chats()).items():
        assert (FOLDER / name).read_text(encoding="utf-8") == picture, f"{name}: run make pictures"


async def test_the_picture_of_the_page_shows_its_present_words() -> None:
    assert noted_words(FOLDER / PAGE) == await page_words(), "run make pictures"


@pytest.mark.parametrize("name", ["telegram.svg", "discord.svg"])
def test_a_picture_can_be_read_aloud_and_asks_nobody_for_anything(name: str) -> None:
    root = ET.fromstring((FOLDER / name).read_text(encoding="utf-8"))  # noqa: S314  (our own file)
    assert root.findtext(f"{_SVG}title")
    assert "Salesforce" in (root.findtext(f"{_SVG}desc") or "")
    assert {element.tag for element in root.iter()} & {f"{_SVG}image", f"{_SVG}script", f"{_SVG}use"} == set()


def test_lines_fit_their_column_and_keep_every_word() -> None:
    words = "Thank you! You've signed the letter.\n\nhttps://t.me/undersign_bot?start=salesforce-cbp--rt5vw8c3hn6ra"
    runs = [Run(words[:10], "bold"), Run(words[10:])]
    lines = wrap(runs, 150, 14)
    assert all(width(line, 14) <= 150 for line in lines)
    assert lines[0][0].look == "bold"
    assert () in lines, "an empty line stays"
    assert "".join(run.text for line in lines for run in line).replace(" ", "") == "".join(words.split())
