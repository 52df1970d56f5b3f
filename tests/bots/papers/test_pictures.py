"""Pictures of a screen: drawn in the reader's language, with words for who cannot see them."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from bots.papers.pictures import Painter, PictureFile
from core.conversation.picture import Course, LinkCode, Picture
from core.conversation.screen import Screen, View
from core.messages import Message
from tests.world import NOW, SALESFORCE, catalog

START = NOW - dt.timedelta(days=7)


def course(*series: tuple[str, int]) -> Course:
    headline = Message("organizer.number", {"number": sum(count for _, count in series)})
    parts = tuple((name, ((START, 0), (NOW, count))) for name, count in series)
    return Course("Keep the elms", headline, "7 days", parts, START, NOW, goal=2500)


def drawn(*pictures: Picture, locale: str = "en", link: str = "https://x.org/{}?{}") -> tuple[PictureFile, ...]:
    return Painter(catalog(), link.format).draw(View(Screen((), pictures=pictures), locale))


def opened(picture: PictureFile) -> Image.Image:
    image = Image.open(io.BytesIO(picture.content))
    assert image.format == "PNG"
    return image


def test_a_code_leads_where_its_words_say() -> None:
    (picture,) = drawn(LinkCode(SALESFORCE, "flyer"))
    (code,) = zxingcpp.read_barcodes(opened(picture))
    assert code.text == f"https://x.org/{SALESFORCE}?flyer"
    assert picture.words == f"QR code of https://x.org/{SALESFORCE}?flyer."
    assert picture.name == f"{SALESFORCE}-flyer.png"


def test_a_surface_without_links_has_no_codes() -> None:
    assert drawn(LinkCode(SALESFORCE, "flyer"), link="") == ()


@pytest.mark.parametrize(
    ("locale", "series", "words"),
    [
        ("en", [("all", 1234)], "Chart. 7 days. Total: 1,234. Goal: 2,500."),
        ("es", [("all", 12345)], "Gráfico. 7 days. Total: 12.345. Meta: 2.500."),
        ("en", [("telegram", 1200), ("discord", 34)],
         "Chart. 7 days. Total: 1,234 (telegram 1,200 and discord 34). Goal: 2,500."),
        ("en", [("all", 0)], "Chart. 7 days. Total: 0. Goal: 2,500."),
    ],
)  # fmt: skip
def test_a_course_is_a_chart_and_says_what_it_shows(locale: str, series: list[tuple[str, int]], words: str) -> None:
    (picture,) = drawn(course(*series), locale=locale)
    assert picture.words == words
    assert opened(picture).width == 1000


def test_dark_charts_are_dark() -> None:
    light, dark = (
        opened(chart).convert("L").getpixel((2, 2))
        for chart in drawn(course(("a", 9)), replace(course(("a", 9)), dark=True))
    )
    assert isinstance(light, int)
    assert isinstance(dark, int)
    assert light > 250
    assert dark < 60


def test_the_words_come_when_a_picture_cannot_be_drawn(caplog: pytest.LogCaptureFixture) -> None:
    assert drawn(replace(course(("a", 9)), end=START)) == ()
    assert "a picture was not drawn" in caplog.text


async def test_they_are_drawn_beside_the_event_loop() -> None:
    painter = Painter(catalog(), "https://x.org/{}?{}".format)
    assert len(await painter.draw_in_thread(View(Screen((), pictures=(LinkCode(SALESFORCE, "flyer"),)), "en"))) == 1
    assert await painter.draw_in_thread(View(Screen(()), "en")) == ()
