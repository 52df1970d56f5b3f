"""Draws the pictures and the file of a view: the one place that combines values with words, links, and bots/papers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from bots.papers.chart_values import Chart, DataSeries
from bots.papers.data_page import DataFile, data_file
from bots.papers.proof_file import proof_file
from bots.papers.signed_page import signed_file
from core.conversation.my_data import MyData
from core.conversation.picture import Course, LinkCode, Picture
from core.conversation.screen import View
from core.conversation.signed_text import SignedText
from core.log.proof import InclusionProof
from core.messages import Catalog, Message
from core.petition.zone import zone_words

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture as a PNG file, and `words` for people who cannot see it."""

    name: str
    content: bytes
    words: str
    media_type: ClassVar[str] = "image/png"


@dataclass(frozen=True)
class Painter:
    """Draws for one surface; `link` returns its link to a petition with a label, or nothing if it has none."""

    catalog: Catalog
    link: Callable[[str, str], str]

    async def draw_in_thread(self, view: View) -> tuple[PictureFile, ...]:
        """The pictures of a screen, drawn without blocking the event loop."""
        return await asyncio.to_thread(self.draw, view) if view.screen.pictures else ()

    async def file_in_thread(self, view: View) -> DataFile | None:
        """The file that goes with a view, made without blocking the event loop; None if there is none or that fails."""
        return await asyncio.to_thread(self.file, view)

    def file(self, view: View) -> DataFile | None:
        """The file that goes with a view; None if there is none or making it fails."""
        match view.data:
            case MyData():
                return data_file(view.data, self.catalog, view.locale)
            case SignedText():
                return signed_file(view.data, self.catalog, view.locale)
            case InclusionProof():
                return proof_file(view.data, self.catalog, view.locale)
        return None

    def draw(self, view: View) -> tuple[PictureFile, ...]:
        """The pictures of a screen; none if drawing fails, since the text is sent anyway."""
        try:
            files = [self._draw(picture, view.locale) for picture in view.screen.pictures]
        except Exception:
            log.exception("a picture was not drawn")
            return ()
        return tuple(file for file in files if file)

    def _draw(self, picture: Picture, locale: str) -> PictureFile | None:
        from bots.papers import chart, qr  # noqa: PLC0415  (they load Typst, which few conversations need)

        match picture:
            case LinkCode(petition, label):
                link = self.link(petition, label)
                if not link:
                    return None
                png = qr.draw_qr(link, link.partition("://")[2], locale)
                words = self.catalog.words(Message("picture.code", {"link": link}), locale)
                return PictureFile(f"{petition}-{label}.png", png, words)
            case Course():
                png = chart.draw_chart(self._chart(picture, locale))
                return PictureFile("chart.png", png, self._describe(picture, locale))

    def _chart(self, course: Course, locale: str) -> Chart:
        return Chart(
            title=course.title,
            headline=self.catalog.words(course.headline, locale),
            period=self.catalog.words(course.period, locale),
            series=tuple(DataSeries(self.catalog.words(name, locale), points) for name, points in course.series),
            start=course.start,
            end=course.end,
            goal=course.goal,
            goal_words=self.catalog.words(_goal(course), locale),
            others=self.catalog.words(Message("picture.others"), locale),
            zone=course.zone,
            locale=locale,
            dark=course.dark,
            days=course.days,
            days_words=self.catalog.words(_busiest(course), locale),
        )

    def _describe(self, course: Course, locale: str) -> str:
        """The chart in a sentence."""
        parts = tuple(
            Message("picture.part", {"name": name, "number": points[-1][1] if points else 0})
            for name, points in course.series
        )
        values = {"headline": course.headline, "period": course.period, "goal": _goal(course)}
        by_part = Message("picture.course_by", {**values, "parts": parts})
        return self.catalog.words(by_part if len(parts) > 1 else Message("picture.course", values), locale)


def _busiest(course: Course) -> Message:
    most = max((count for _, count in course.days), default=0)
    return Message("picture.days", {"count": most, "zone": zone_words(course.zone)})


def _goal(course: Course) -> Message:
    return Message("picture.goal", {"goal": course.goal})
