"""Screens as text in a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from bots.terminal.renderer import TerminalRenderer
from core.conversation.screen import Line, Screen, Style
from core.messages import Message
from tests.world import catalog


def test_news_and_refusals_come_last_where_people_type_next() -> None:
    output = io.StringIO()
    parts = (Line("Refused.", Style.ALERT), Line("A line."), Line("News.", Style.NOTICE), Line(Message("button.sign")))
    TerminalRenderer(Console(file=output), catalog(), lambda *_: "").show(Screen(parts), "en")
    lines = output.getvalue().split()
    assert [word for word in ("A", "Sign", "Refused.", "News.") if word not in " ".join(lines)] == []
    assert lines.index("line.") < lines.index("Refused.") < lines.index("News.")
