"""Shapes on a sheet, and the sheet as SVG: system fonts, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.pictures.words import Line, Run

WIDTH, HEIGHT = 310, 730  # of a phone's screen, in pixels


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with round corners; `look` names its style, and `fill` is a color that no style has."""

    x: float
    y: float
    width: float
    height: float
    look: str
    radius: float = 0
    fill: str = ""
    kind: str = "box"


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text on its baseline; `anchor` is start, middle or end."""

    x: float
    y: float
    runs: Line
    look: str
    anchor: str = "start"
    kind: str = "text"


@dataclass
class Sheet:
    """Shapes in the order in which they are drawn. Texts of an `x`, `y` are placed by their baseline."""

    shapes: list[Box | Text] = field(default_factory=list)

    def box(
        self, x: float, y: float, width: float, height: float, look: str, radius: float = 0, *, fill: str = ""
    ) -> None:
        """Add a rectangle."""
        self.shapes.append(Box(round(x, 1), round(y, 1), round(width, 1), round(height, 1), look, radius, fill))

    def text(self, x: float, y: float, runs: Line | str, look: str, anchor: str = "start") -> None:
        """Add a line of text."""
        line = (Run(runs),) if isinstance(runs, str) else runs
        self.shapes.append(Text(round(x, 1), round(y, 1), line, look, anchor))

    def lines(self, x: float, y: float, lines: Iterable[Line], look: str, height: float) -> float:
        """Add lines below each other, the first one's top at `y`; return where the last one ends."""
        for line in lines:
            if line:
                self.text(x, y + height * 0.74, line, look)
            y += height
        return y


@dataclass(frozen=True)
class Scroll:
    """A sheet that is seen through a window from `top` to `bottom`, moved down by `shift`."""

    sheet: Sheet
    top: float
    bottom: float
    shift: float = 0


def drawn(name: str, title: str, description: str, scrolls: Iterable[Scroll]) -> str:
    """The SVG of a phone's screen; `name` is that of the style sheet beside this module."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    values = {"name": name, "title": title, "description": description, "width": WIDTH, "height": HEIGHT}
    return templates.get_template("phone.svg.jinja").render(scrolls=list(scrolls), **values) + "\n"
