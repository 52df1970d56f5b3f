"""A QR code leads where it should."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bots.papers.qr import draw_qr, draw_qr_svg
from tests.bots.papers.qr_path import painted
from tests.effort import scaled

LINK = "https://t.me/undersignbot?start=salesforce-cbp--newsletter_12"


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG"
    return picture.convert("L")


@pytest.mark.parametrize("link", ["https://x.org", LINK, "https://x.org/é?a=b&c#d", "https://x.org/" + "a" * 1500])
@pytest.mark.parametrize("words", ["", "t.me/undersignbot", "x.org/" + "a" * 90, "وقّع العريضة", "#let *x* $"])
@pytest.mark.parametrize("width", [None, 400])
def test_it_is_read_again(link: str, words: str, width: int | None) -> None:
    picture = opened(draw_qr(link, words))
    if width and len(link) < 100:  # as on a phone's screen
        picture = picture.resize((width, picture.height * width // picture.width))
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == link
    assert str(code.ec_level) == "M"


def test_there_is_white_around_it_and_it_is_sharp() -> None:
    picture = opened(draw_qr(LINK))
    assert set(picture.tobytes()) == {0, 255}
    dark = picture.point(lambda value: 255 - value).getbbox()
    assert dark is not None
    module = picture.width // 41  # version 4 has 33 modules, and 4 of white on each side
    assert dark[:2] == (4 * module, 4 * module)
    assert 600 <= picture.width == picture.height <= 1000


@given(st.integers(0, 700), st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=30))
@settings(max_examples=scaled(40))
def test_the_svg_of_any_size_is_read_again(size: int, label: str) -> None:
    link = f"{LINK}{'a' * size}{label}"
    (code,) = zxingcpp.read_barcodes(painted(draw_qr_svg(link).decode()))
    assert (code.text, code.ec_level) == (link, "M")


def test_words_make_it_higher() -> None:
    alone, worded = opened(draw_qr(LINK)), opened(draw_qr(LINK, "t.me/undersignbot"))
    assert worded.width == alone.width
    assert worded.height > alone.height
    below = worded.crop((0, alone.height, worded.width, worded.height))
    assert below.point(lambda value: value < 50).getbbox() is not None


def test_a_link_that_no_code_holds_is_refused() -> None:
    for draw in (draw_qr, draw_qr_svg):
        with pytest.raises(ValueError, match="too long"):
            draw("https://x.org/" + "a" * 3000)
