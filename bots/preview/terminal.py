"""Draws the output of a terminal as HTML, with the colors that a person sees."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from bots.terminal.renderer import WIDEST, TerminalRenderer
from core.conversation.screen import Prompt, View
from core.messages import Catalog
from core.platforms import Platform

_DARK, _PALE = (13, 15, 18), (252, 252, 252)  # what is dim lies between, with a contrast above 4.5
_COLORS = [
    _DARK, (255, 110, 103), (120, 205, 110), (235, 200, 90), (120, 165, 255), (220, 140, 230), (95, 205, 215), _PALE,
]  # fmt: skip
_THEME = TerminalTheme(_DARK, _PALE, _COLORS)


@dataclass(frozen=True)
class TerminalChat:
    """A terminal, with `link` for links to a petition with a label."""

    catalog: Catalog
    link: Callable[[str, str], str]
    name = "Terminal"
    has_forms = False
    platform = Platform.TERMINAL

    def greeting(self, locale: str) -> str:  # noqa: ARG002
        """Nothing, since nothing comes before the first screen."""
        return ""

    def draw(self, view: View) -> str:
        """A screen, as printed."""
        return draw_output(self.catalog, self.link, lambda renderer: renderer.show(view.screen, view.locale))

    def asks(self, view: View) -> Sequence[Prompt]:
        """The question on a screen."""
        return view.screen.prompts[:1]

    def question(self, view: View) -> str:
        """The screen, which asks one question."""
        return self.draw(view)

    def card(self, view: View, label: str) -> str:  # noqa: ARG002
        """Nothing, since a terminal has no company."""
        return ""


def draw_output(catalog: Catalog, link: Callable[[str, str], str], print_on: Callable[[TerminalRenderer], None]) -> str:
    """The output after something is printed; the environment's own settings of colors don't matter."""
    console = Console(
        file=io.StringIO(), record=True, width=WIDEST, force_terminal=True, color_system="truecolor",
        highlight=False, emoji=False, legacy_windows=False, _environ={},
    )  # fmt: skip
    print_on(TerminalRenderer(console, catalog, link))
    html = console.export_html(theme=_THEME, code_format="{code}", inline_styles=True)
    return f'<pre tabindex="0">{html.rstrip()}</pre>'  # keys scroll it where the screen is narrower
