"""The card beside a link: always the same size, with everything on it, in any script."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops

from bots.papers import typesetting
from bots.papers.card import HEIGHT, WIDTH, SocialCard, draw_card

ACCENT, PAPER = (11, 107, 93), (251, 250, 246)
ABOVE_CAPITALS = {
    "es": "Éxito: Ñandú",
    "ar": "أنقذوا أشجار الدردار في شارعنا، إنها سليمة",
    "hi": "हिन्दी में पेड़ों को बचाओ: कुर्सी, र्कैं, ड़ौं और शृंखला",
    "vi": "Ễ Ẫ Ổ Cứu lấy những cây du của phố",
    "th": "ที่นี่ ปี่ ตั้ง น้ำ ญี่ปุ่น รักษาต้นไม้",
    "ur": "اُردو میں درخواست: ہمارے درخت بچائیں",
    "he": "הַצִּילוּ אֶת הָעֵצִים שֶׁלָּנוּ",
    "bo": "བོད་སྐད་ ཧཱུྃ་ ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ",
    "my": "မြန်မာဘာသာ ကျွန်ုပ်တို့ ဣန္ဒြေ",
    "km": "ជួយសង្គ្រោះដើមឈើ ស្ត្រី ប៉័ង",
    "yo": "Ọ̀kánjúà Ẹ̀ẹ́kẹ́ Ǭ̀ Ṩ́́́",  # stacked marks
}


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


@pytest.mark.parametrize("locale", ABOVE_CAPITALS)
def test_nothing_that_fits_is_cut_off(locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ABOVE_CAPITALS[locale]
    card = drawn(title=words, target_line=words, locale=locale)
    template = typesetting._template("card.typ")
    monkeypatch.setattr(typesetting, "_template", lambda _: template.replace("clip: true", "clip: false"))
    difference = ImageChops.difference(card, drawn(title=words, target_line=words, locale=locale)).convert("L")
    strongest = max(difference.crop((0, 0, WIDTH, 500)).tobytes())
    assert strongest < 40, "edges are smoothed in another way"


@pytest.mark.parametrize(("words", "bare"), [("Éxito: Ñandú", "Exito: Nandú"), ("أنقذوا", "انقذوا"), ("की में", "का मा")])
def test_marks_above_the_letters_are_drawn(words: str, bare: str) -> None:
    with_marks, without = (ink(drawn(title=title)) for title in (words, bare))
    assert with_marks[1] < without[1] - 4


def ink(card: Image.Image) -> tuple[int, int, int, int]:
    """The box around the title's ink."""
    box = card.crop((0, 70, WIDTH, 440)).convert("L").point(lambda value: 255 * (value < 60)).getbbox()
    assert box is not None
    return box
