"""A QR code leads where it should."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bots.papers.qr import draw_qr, draw_qr_svg
from tests.bots.papers.qr_path import PIXELS, painted
from tests.effort import scaled

LINK = "https://t.me/undersignbot?start=salesforce-cbp--newsletter_12"
WORDS = "t.me/undersignbot"


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG"
    return picture.convert("L")


@pytest.mark.parametrize("link", ["https://x.org", LINK, "https://x.org/é?a=b&c#d", "https://x.org/" + "a" * 1500])
@pytest.mark.parametrize("words", ["t.me/undersignbot", "x.org/" + "a" * 90, "وقّع العريضة", "#let *x* $"])
@pytest.mark.parametrize("width", [None, 400])
def test_it_is_read_again(link: str, words: str, width: int | None) -> None:
    picture = opened(draw_qr(link, words, "en"))
    if width and len(link) < 100:  # as on a phone's screen
        picture = picture.resize((width, picture.height * width // picture.width))
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == link
    assert str(code.ec_level) == "M"


def test_there_is_white_around_it_and_it_is_sharp() -> None:
    picture = opened(draw_qr(LINK, WORDS, "en"))
    assert 600 <= picture.width <= 1000
    module = picture.width // 41  # version 4 has 33 modules, and 4 of white on each side
    code = picture.crop((0, 0, picture.width, 39 * module))
    assert set(code.tobytes()) == {0, 255}
    assert code.point(lambda value: 255 - value).getbbox() == (4 * module, 4 * module, 37 * module, 37 * module)


@given(st.integers(0, 700), st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=30))
@settings(max_examples=scaled(40))
def test_the_svg_of_any_size_is_read_again(size: int, label: str) -> None:
    link = f"{LINK}{'a' * size}{label}"
    picture = painted(draw_qr_svg(link).decode())
    (code,) = zxingcpp.read_barcodes(picture)
    assert (code.text, code.ec_level) == (link, "M")
    white, side = 4 * PIXELS, picture.width
    assert picture.point(lambda value: 255 - value).getbbox() == (white, white, side - white, side - white)


def test_words_stand_below_it() -> None:
    short, long = (opened(draw_qr(LINK, words, "en")) for words in (WORDS, "x.org/" + "a" * 90))
    assert long.width == short.width
    assert long.height > short.height, "in several lines"
    below = short.crop((0, short.width, short.width, short.height))
    assert below.point(lambda value: value < 50).getbbox() is not None


def test_a_link_that_no_code_holds_is_refused() -> None:
    for draw in (lambda link: draw_qr(link, WORDS, "en"), draw_qr_svg):
        with pytest.raises(ValueError, match="too long"):
            draw("https://x.org/" + "a" * 3000)
