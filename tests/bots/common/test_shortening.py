"""Texts that are too long lose entries by halves, but never more than people need to see."""

from __future__ import annotations

from bots.common.shortening import shorter_and_shorter
from core.conversation.screen import Facts, Screen


def test_a_long_table_loses_half_of_its_rows_at_a_time_down_to_five() -> None:
    table = Facts(tuple((f"Name {number}", "Value") for number in range(40)))
    screens = shorter_and_shorter(Screen((table,)))
    sizes = [len(part.rows) for shown in screens for part in shown.parts if isinstance(part, Facts)]
    assert list(dict.fromkeys(sizes)) == [40, 20, 10, 5]
