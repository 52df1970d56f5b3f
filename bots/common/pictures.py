"""Draws the pictures of a screen: the one place where their values meet words, links and bots/papers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bots.papers.chart_values import Chart, Series
from core.conversation.picture import Course, LinkCode, Picture
from core.conversation.screen import View
from core.messages import Catalog, Message

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture as a PNG file, and `words` for who cannot see it."""

    name: str
    content: bytes
    words: str


@dataclass(frozen=True)
class Painter:
    """Draws for one surface; `link` gives its link of a petition with a label, or nothing where it has none."""

    catalog: Catalog
    link: Callable[[str, str], str]

    async def drawn(self, shown: View) -> tuple[PictureFile, ...]:
        """The pictures of a screen, drawn beside the event loop."""
        return await asyncio.to_thread(self.draw, shown) if shown.screen.pictures else ()

    def draw(self, shown: View) -> tuple[PictureFile, ...]:
        """The pictures of a screen; none where they cannot be drawn, since its words are to come all the same."""
        try:
            found = [self._draw(one, shown.locale) for one in shown.screen.pictures]
        except Exception:
            log.exception("a picture was not drawn")
            return ()
        return tuple(one for one in found if one)

    def _draw(self, picture: Picture, locale: str) -> PictureFile | None:
        match picture:
            case LinkCode(petition, label):
                link = self.link(petition, label)
                return self._code(link, f"{petition}-{label}", locale) if link else None
            case Course():
                return self._course(picture, locale)

    def _code(self, link: str, name: str, locale: str) -> PictureFile:
        from bots.papers.qr import draw_qr  # noqa: PLC0415  (a library that only pictures need)

        png = draw_qr(link, link.partition("://")[2], locale)
        return PictureFile(f"{name}.png", png, self.catalog.text(Message("picture.code", {"link": link}), locale))

    def _course(self, course: Course, locale: str) -> PictureFile:
        from bots.papers.chart import draw_chart  # noqa: PLC0415  (as above)

        return PictureFile("chart.png", draw_chart(self._chart(course, locale)), self._told(course, locale))

    def _chart(self, course: Course, locale: str) -> Chart:
        return Chart(
            title=course.title,
            headline=self.catalog.words(course.headline, locale),
            period=self.catalog.words(course.period, locale),
            series=tuple(Series(self.catalog.words(name, locale), points) for name, points in course.series),
            start=course.start,
            end=course.end,
            goal=course.goal,
            goal_words=self.catalog.words(_goal(course), locale),
            others=self.catalog.words(Message("picture.others"), locale),
            locale=locale,
            dark=course.dark,
        )

    def _told(self, course: Course, locale: str) -> str:
        """What the chart says, in a sentence."""
        parts = tuple(
            Message("picture.part", {"name": name, "number": points[-1][1] if points else 0})
            for name, points in course.series
        )
        said = {"headline": course.headline, "period": course.period, "goal": _goal(course)}
        by_part = Message("picture.course_by", {**said, "parts": parts})
        return self.catalog.words(by_part if len(parts) > 1 else Message("picture.course", said), locale)


def _goal(course: Course) -> Message:
    return Message("picture.goal", {"goal": course.goal})
