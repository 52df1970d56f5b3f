"""Charts show their data: values are checked by position, the picture by its pixels."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bots.papers.chart import draw_chart, drawing_of
from bots.papers.chart_layout import BAR_HEIGHT, HEIGHT, NAME_HEIGHT, WIDTH
from bots.papers.chart_values import Chart, DataPoint, DataSeries

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
BLUE, DARK_PAPER = (0x00, 0x72, 0xB2), (0x17, 0x21, 0x2B)


def growing(total: int, days: int = 100) -> tuple[DataPoint, ...]:
    return tuple((START + DAY * day, total * day // days) for day in range(1, days + 1))


def chart(*series: DataSeries, goal: int | None = None, days: int = 100) -> Chart:
    return Chart(
        "Keep the elms",
        "Signatures",
        "100 days",
        series,
        START,
        START + DAY * days,
        goal,
        f"Goal: {goal}",
        others="other",
    )


def picture(of: Chart) -> Image.Image:
    png = draw_chart(of)
    assert len(png) < 130_000
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.width) == ("PNG", 1000)
    assert 600 < image.height < 960
    return image.convert("RGB")


def colours(of: Image.Image) -> set[tuple[int, int, int]]:
    return {colour for _, colour in of.getcolors(1 << 24) or []}  # type: ignore[misc]


RIGHT_TO_LEFT_MARK = "\u200f"


@pytest.mark.parametrize("words", ["أنقذوا الأشجار!", "הצילו את העצים!"])
def test_words_keep_the_direction_of_their_language(words: str) -> None:
    marked = words + RIGHT_TO_LEFT_MARK
    expected = picture(replace(chart(DataSeries("", growing(5)), DataSeries(words, growing(9))), title=words))
    series = DataSeries("", growing(5)), DataSeries(marked, growing(9))
    assert picture(replace(chart(*series), title=marked)) == expected


@pytest.mark.parametrize("name", ["हस्ताक्षरकर्ताओं के अपने लिंक", "W" * 90])
def test_a_long_name_ends_before_the_edge(name: str) -> None:
    drawn = picture(chart(DataSeries("x", growing(5)), DataSeries(name, growing(9))))
    assert colours(drawn.crop((980, 0, 1000, drawn.height))) == {(255, 255, 255)}
    assert len(colours(drawn.crop((900, 200, 980, drawn.height - 200)))) > 1, "most of the room is used"


@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"])
def test_days_touch_when_clocks_change(day: str) -> None:
    zone = ZoneInfo("America/Los_Angeles")
    middle = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), zone)
    days = tuple((middle + DAY * number, 5) for number in (-1, 0, 1))
    shown = Chart(
        "", "", "", (DataSeries("", growing(5)),), days[0][0].astimezone(dt.UTC), (middle + 2 * DAY).astimezone(dt.UTC),
        zone=zone, days=days,
    )  # fmt: skip
    first, second, third = drawing_of(shown).bars
    assert (second.x, third.x) == pytest.approx((first.x + first.width, second.x + second.width), abs=0.02)
    assert first.width == pytest.approx(third.width, abs=0.02)
    assert second.width / first.width == pytest.approx(23 / 24 if middle.month == 3 else 25 / 24, rel=0.01)


@pytest.mark.parametrize("total", [0, 1, 57, 12_345, 2_000_000])
@pytest.mark.parametrize("days", [1, 365])
def test_any_count_and_period_make_a_picture(total: int, days: int) -> None:
    image = picture(chart(DataSeries("", growing(total, days)), goal=total * 2 + 100, days=days))
    assert BLUE in colours(image)
    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_the_line_is_the_values_and_starts_at_zero() -> None:
    drawing = drawing_of(chart(DataSeries("", growing(10_000))))
    top = 12_000
    assert drawing.count_ticks[0].words == "0"
    assert drawing.count_ticks[0].y == HEIGHT
    assert drawing.line[0] == (0, HEIGHT)
    assert drawing.line[-1][0] == WIDTH
    assert drawing.line[-1][1] == pytest.approx(HEIGHT * (1 - 10_000 / top), abs=0.01)
    halfway = next(y for x, y in drawing.line if x == WIDTH / 2)
    assert halfway == pytest.approx(HEIGHT * (1 - 5_000 / top), abs=0.01)


def test_the_picture_has_the_line_where_the_drawing_has_it() -> None:
    given_chart = chart(DataSeries("", ((START + DAY * 50, 80),)))
    image, drawing = picture(given_chart), drawing_of(given_chart)
    blue = [
        (x, y) for x in range(0, image.width, 2) for y in range(0, image.height, 2) if image.getpixel((x, y)) == BLUE
    ]
    level = [(x, y) for x, y in blue if x > 700]
    ground = [(x, y) for x, y in blue if 200 < x < 500]
    rise = (sum(y for _, y in ground) / len(ground) - sum(y for _, y in level) / len(level)) / 2.5
    assert rise == pytest.approx(drawing.line[0][1] - drawing.line[-1][1], abs=2)


def test_few_signatures_are_a_stair() -> None:
    drawing = drawing_of(chart(DataSeries("", ((START + DAY * 10, 1), (START + DAY * 50, 2)))))
    xs, ys = zip(*drawing.line, strict=True)
    assert all(xs[at] == xs[at + 1] or ys[at] == ys[at + 1] for at in range(len(xs) - 1))


def test_a_period_starts_with_what_was_there_before() -> None:
    drawing = drawing_of(chart(DataSeries("", ((START, 70), (START + DAY, 75))), days=7))
    assert drawing.line[0][1] == pytest.approx(HEIGHT * (1 - 70 / 80), abs=0.01)


def test_milestones_stand_where_they_were_passed() -> None:
    drawing = drawing_of(chart(DataSeries("", growing(12_345))))
    assert [mark.words for mark in drawing.milestones] == ["10,000"]
    assert drawing.milestones[0].x == pytest.approx(WIDTH * 0.82, abs=0.1)
    before = DataSeries("", ((START, 10_500), *((moment, 10_500 + count) for moment, count in growing(500))))
    assert drawing_of(chart(before)).milestones == ()


def test_a_goal_is_on_the_axis_unless_it_would_flatten_the_line() -> None:
    near, far = (drawing_of(chart(DataSeries("", growing(1000)), goal=goal)) for goal in (2000, 50_000))
    assert near.goal is not None
    assert far.goal is not None
    assert near.goal_in_sight
    assert 0 < near.goal.y < near.line[-1][1]
    assert not far.goal_in_sight
    assert int(far.count_ticks[-1].words.replace(",", "")) < 2000
    assert drawing_of(chart(DataSeries("", growing(5)))).goal is None


def test_parts_are_stacked_the_largest_below_and_the_seventh_with_all_others() -> None:
    series = [DataSeries(f"source-{size}", growing(size)) for size in (10, 400, 200, 90, 80, 70, 60, 50, 40)]
    drawing = drawing_of(chart(*series))
    assert [band.name for band in drawing.bands] == [f"source-{size}" for size in (400, 200, 90, 80, 70, 60)] + [
        "other"
    ]
    assert drawing.bands[-1].count == "100"
    assert drawing.line[-1][1] == pytest.approx(drawing_of(chart(DataSeries("", growing(1000)))).line[-1][1], abs=0.01)
    places = [band.name_y for band in drawing.bands]
    assert all(low - high >= NAME_HEIGHT - 0.02 for low, high in itertools.pairwise(places))
    assert {BLUE, (0xE6, 0x9F, 0x00), (0x00, 0x9E, 0x73)} <= colours(picture(chart(*series)))


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=20))
def test_names_stay_apart_and_near_the_plot(sizes: list[int]) -> None:
    drawing = drawing_of(chart(*(DataSeries(f"s{at}", ((START, size),)) for at, size in enumerate(sizes))))
    places = [band.name_y for band in drawing.bands]
    assert all(low - high >= NAME_HEIGHT - 0.02 for low, high in itertools.pairwise(places))
    assert all(0 <= place <= HEIGHT for place in places)


def test_many_points_are_thinned_but_the_last_count_stays() -> None:
    points = tuple((START + dt.timedelta(minutes=minute), minute) for minute in range(100_000))
    drawing = drawing_of(chart(DataSeries("", points), days=69))
    assert len(drawing.line) < 500
    assert drawing.line[-1][1] == pytest.approx(HEIGHT * (1 - 99_360 / 120_000), abs=0.01)


def test_dark_is_dark() -> None:
    image = picture(replace(chart(DataSeries("", growing(100))), dark=True))
    assert image.getpixel((0, 0)) == DARK_PAPER


def test_words_of_any_script_and_markup_are_drawn() -> None:
    for title, locale in (
        ("أنقذوا أشجار الدردار", "ar"),
        ("请保留榆树街的榆树", "zh_Hans"),
        ("#let *x* $y$ <a>", "en"),
    ):
        picture(replace(chart(DataSeries(title, growing(9)), DataSeries("b", growing(2))), title=title, locale=locale))
    long = picture(
        replace(chart(DataSeries("", growing(9))), title="Salvemos los olmos de la calle Olmo " * 4, locale="es")
    )
    assert long.height > picture(chart(DataSeries("", growing(9)))).height


def test_a_chart_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="series"):
        draw_chart(chart())
    with pytest.raises(ValueError, match="ends"):
        draw_chart(chart(DataSeries("", ()), days=0))


def test_threads_draw_the_same_as_one() -> None:
    charts = [chart(DataSeries("", growing(total)), goal=2 * total) for total in (10, 200, 3000, 40_000)] * 4
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(draw_chart, charts)) == [draw_chart(chart) for chart in charts]


def test_each_day_with_signatures_is_a_bar_below_the_line() -> None:
    days = ((START - DAY / 2, 5), (START + DAY, 10), (START + DAY * 2, 0), (START + DAY * 3, 1))
    of = replace(chart(DataSeries("all", growing(16, 4)), days=4), days=days, days_words="Signed on each day")
    half, first, last = drawing_of(of).bars
    assert (half.x, half.width, half.height) == (0, WIDTH / 8, BAR_HEIGHT / 2), "as much of it as is in the period"
    assert (first.x, first.width, first.height) == (WIDTH / 4, WIDTH / 4, BAR_HEIGHT)
    assert (last.x, last.height) == (WIDTH * 3 / 4, BAR_HEIGHT / 10)
    assert picture(of).height > picture(replace(of, days=())).height
