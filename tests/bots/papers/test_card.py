"""The card beside a link: always the same size, with everything on it, in any script."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bots.papers.card import HEIGHT, WIDTH, SocialCard, draw_card

ACCENT, PAPER = (11, 107, 93), (251, 250, 246)


def drawn(**changed: object) -> Image.Image:
    usual = {
        "target_line": "A petition to the Council",
        "title": "Keep the elms",
        "count": "12",
        "goal": "Next goal: 25",
    }
    card = SocialCard(**usual | {"done": 0.5} | changed)  # type: ignore[arg-type]
    return Image.open(io.BytesIO(draw_card(card))).convert("RGB")


@pytest.mark.parametrize(
    ("title", "locale"),
    [("x", "en"), ("Word " * 30, "en"), ("#let *x* $", "en"), ("أشجار الدردار " * 8, "ar"), ("榆树" * 40, "zh")],
)
def test_any_title_fits(title: str, locale: str) -> None:
    picture = drawn(title=title, locale=locale)
    assert picture.size == (WIDTH, HEIGHT)
    gap = picture.crop((0, 410, WIDTH, 440))  # between the title and the count
    assert gap.getcolors() == [(30 * WIDTH, PAPER)]
    title_box = picture.crop((0, 120, WIDTH, 410)).convert("L").point(lambda value: 255 * (value < 100))
    box = title_box.getbbox()
    assert box is not None
    assert box[0] >= 70
    assert box[2] <= WIDTH - 70


@pytest.mark.parametrize("done", [0.0, 0.25, 0.5, 1.0])
def test_the_bar_is_as_long_as_the_part_that_is_done(done: float) -> None:
    picture = drawn(done=done)
    filled = sum(picture.getpixel((x, 550)) == ACCENT for x in range(80, WIDTH - 80))
    assert filled / (WIDTH - 160) == pytest.approx(max(done, 0.012), abs=0.01)
