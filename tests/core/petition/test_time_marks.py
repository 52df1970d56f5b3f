"""A time mark opens a video at that second, where its site can do that."""

from __future__ import annotations

import pytest

from core.petition.time_marks import link_at, seconds_of


@pytest.mark.parametrize(
    ("locator", "seconds"),
    [
        ("03:15", 195),
        ("1:02:03", 3723),
        ("at 0:07", 7),
        ("min. 75:00", 4500),
        ("p. 12", None),
        ("", None),
        ("3:75", None),
    ],
)
def test_the_seconds_of_a_locator(locator: str, seconds: int | None) -> None:
    assert seconds_of(locator) == seconds


@pytest.mark.parametrize(
    ("link", "opened"),
    [
        ("https://youtu.be/abc", "https://youtu.be/abc?t=195"),
        ("https://www.youtube.com/watch?v=abc&t=9s", "https://www.youtube.com/watch?v=abc&t=195"),
        ("https://m.youtube.com/watch?v=abc", "https://m.youtube.com/watch?v=abc&t=195"),
        ("https://www.youtube-nocookie.com/embed/abc?start=9", "https://www.youtube-nocookie.com/embed/abc?start=195"),
        ("https://vimeo.com/123", "https://vimeo.com/123#t=195s"),
        ("https://courier.example.org/video", ""),
        ("https://youtube.com.example.org/watch?v=abc", ""),
        ("", ""),
    ],
)
def test_the_link_at_a_time_mark(link: str, opened: str) -> None:
    assert link_at(link, "03:15") == opened
    assert link_at(link, "p. 12") == ""
