"""Draws a screen as text: wrapped lines, quotes with a bar, numbered buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bots.common.captions import with_colon
from bots.common.goal import draw_goal, goal_words
from core.conversation.screen import Button, Emphasis, Facts, Line, Part, Passage, Progress, Screen, ShareLink, Style
from core.messages import Catalog, Message, Words
from core.petition.form import FieldKind
from core.text.document import Block, BlockKind, Document

WIDEST = 80
_STYLES = {
    Style.TITLE: "bold underline",
    Style.HEADING: "bold",
    Style.PLAIN: "",
    Style.NOTE: "dim",
    Style.NOTICE: "bold",
    Style.ALERT: "bold yellow",
    Style.COPY: "bold",
}
_BOLD = (Emphasis.PRIMARY, Emphasis.SUCCESS)
_CELLS = 24  # of the progress bar


class TerminalRenderer:
    """Prints screens on a console, in one locale."""

    def __init__(self, console: Console, catalog: Catalog, link: Callable[[str, str], str]) -> None:
        self._console, self.catalog, self._link = console, catalog, link

    def show(self, screen: Screen, locale: str) -> None:
        """Print a screen: its parts, with an empty line between them, then its buttons."""
        last = [part for part in screen.parts if isinstance(part, Line) and part.style in (Style.NOTICE, Style.ALERT)]
        for part in (*(part for part in screen.parts if part not in last), *last):  # just above the buttons
            self._console.print(self._part(part, locale))
            self._console.print()
        numbers = iter(range(1, sum(map(len, screen.buttons)) + 1))
        for row in screen.buttons:
            cells = [
                self._button("" if takes_numbers(screen) else f"{next(numbers)}", button, locale) for button in row
            ]
            self._console.print(Text("   ").join(cells))
        self._console.print()

    def note(self, message: Message, locale: str) -> None:
        """Print a remark that is not part of a screen."""
        self._console.print(Text(self.catalog.words(message, locale), style="dim"))

    def _button(self, number: str, button: Button, locale: str) -> Text:
        words = Text(self.catalog.words(button.text, locale), style="bold" if button.emphasis in _BOLD else "")
        cell = Text.assemble((f"[{number}] ", "cyan"), words) if number else Text.assemble(("· ", "cyan"), words)
        return cell.append(f" <{button.url}>") if button.url else cell

    def _part(self, part: Part, locale: str) -> RenderableType:
        match part:
            case Line(words, style):
                mark = "! " if style is Style.ALERT else ""
                return Text(mark + self.catalog.words(words, locale), style=_STYLES[style])
            case Passage(document, quoted):
                return self._passage(document, quoted=quoted)
            case Facts(rows):
                return Group(*(self._fact(name, value, locale) for name, value in rows))
            case Progress():
                bar = Text(draw_goal(part, _CELLS, full="█", empty="░"), style="cyan")
                return Group(bar, Text(self.catalog.words(goal_words(part), locale)))
            case ShareLink(petition, label, _, invitation):
                link = (self._link(petition, label), "underline")
                return Text.assemble(self.catalog.words(invitation, locale), "\n\n", link)

    def _fact(self, name: Words, value: Words, locale: str) -> Text:
        caption = with_colon(self.catalog.words(name, locale))
        return Text.assemble((f"{caption} ", "bold"), self.catalog.words(value, locale))

    def _passage(self, document: Document, *, quoted: bool) -> RenderableType:
        lines: list[RenderableType] = []
        for block in document.blocks:
            bar = "│ " if quoted or block.kind is BlockKind.QUOTE else ""
            if lines:
                lines.append(Text(bar.rstrip() or " "))
            lines += list(self._block(block, bar))
        return Group(*lines)

    def _block(self, block: Block, bar: str) -> Iterator[RenderableType]:
        text = Text(style="bold" if block.kind is BlockKind.HEADING else "")
        for span in block.spans:
            look = " ".join(name for name, on in (("bold", span.bold), ("italic", span.italic)) if on)
            text.append(span.text, style="cyan" if span.citation else look)
            if span.link and span.link != span.text:
                text.append(f" <{span.link}>", style="dim")
        if block.kind is BlockKind.ITEM:
            text = Text.assemble(f"{block.marker} " if block.marker else "  ", text)
        indent = 2 * (block.level - 1) if block.kind is BlockKind.ITEM else 0
        if not bar:
            yield Padding(text, (0, 0, 0, indent)) if indent else text
            return
        for line in text.wrap(self._console, self._console.width - len(bar) - indent):
            line.rstrip()
            yield Text.assemble((bar, "cyan"), " " * indent, line)


def takes_numbers(screen: Screen) -> bool:
    """Return True if a number may be an answer here; buttons are then chosen only by their words."""
    return bool(screen.prompts) and screen.prompts[0].field.kind is FieldKind.TEXT
