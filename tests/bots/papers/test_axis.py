"""Axes start at zero, end above what they show, and have as many ticks as a phone has room for."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.papers.axis import count_axis, count_label, time_ticks

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@given(st.integers(0, 10**9))
def test_counts_from_zero_in_round_steps(most: int) -> None:
    axis = count_axis(most)
    step = axis.ticks[1]
    assert axis.ticks == tuple(range(0, axis.top + 1, step))
    assert most < axis.top <= max(2 * most, most + 2)
    assert len(axis.ticks) <= 7
    assert str(step).rstrip("0") in ("1", "2", "5")


@given(
    st.timedeltas(dt.timedelta(days=-9000), dt.timedelta(days=9000)).map(lambda delta: START + delta),
    st.timedeltas(dt.timedelta(minutes=1), dt.timedelta(days=3000)),
    st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"]),
    st.sampled_from(["en", "es", "ar", "zh_Hans", "de"]),
)
def test_time_has_a_few_ticks_within_the_period(
    start: dt.datetime, period: dt.timedelta, zone: str, locale: str
) -> None:
    ticks = time_ticks(start, start + period, ZoneInfo(zone), locale)
    moments = [tick.moment for tick in ticks]
    assert 2 <= len(ticks) <= 7
    assert moments == sorted(moments)
    assert start <= moments[0]
    assert moments[-1] <= start + period
    assert all(tick.label for tick in ticks)


@pytest.mark.parametrize(
    ("days", "locale", "labels"),
    [
        (1, "en", ["Jan 1", "6:00\u202fAM", "12:00\u202fPM", "6:00\u202fPM", "Jan 2"]),
        (7, "es", ["1 ene", "3 ene", "5 ene", "7 ene"]),
        (30, "en", ["Jan 5", "Jan 12", "Jan 19", "Jan 26"]),
        (365, "en", ["Jan 2026", "Apr", "Jul", "Oct", "Jan 2027"]),
        (3 * 365, "de", ["2026", "2027", "2028"]),
    ],
)
def test_time_is_called_as_the_reader_calls_it(days: int, locale: str, labels: list[str]) -> None:
    ticks = time_ticks(START, START + dt.timedelta(days=days), dt.UTC, locale)
    assert [tick.label for tick in ticks][: len(labels)] == labels


def test_days_are_those_of_the_zone() -> None:
    ticks = time_ticks(START, START + dt.timedelta(days=5), ZoneInfo("America/New_York"), "en")
    assert {(tick.moment.hour, tick.moment.minute) for tick in ticks} == {(0, 0)}
    assert str(ticks[0].moment.tzinfo) == "America/New_York"


def test_numbers_are_short_where_they_are_long() -> None:
    assert [count_label(number, 3_000_000, "en") for number in (0, 500_000, 1_000_000)] == ["0", "500K", "1M"]
    assert count_label(1500, 2000, "es") == "1.500"
    assert count_label(20_000, 25_000, "es") == "20\xa0mil"


def test_no_hour_is_shown_that_clocks_skip() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    start = dt.datetime(2026, 3, 8, 8, tzinfo=dt.UTC)
    ticks = time_ticks(start, start + dt.timedelta(hours=4), zone, "en")
    assert [tick.label.replace("\u202f", " ") for tick in ticks] == [
        "Mar 8",
        "1:00 AM",
        "3:00 AM",
        "4:00 AM",
        "5:00 AM",
    ]
