"""The choices that complete an option stay within Discord's limits."""

from __future__ import annotations

from bots.discord.commands import Invocation
from bots.discord.completion import offered

TYPED = Invocation("organize export", {}, "filters")


def test_a_choice_whose_value_would_be_cut_is_left_out() -> None:
    """Discord refuses all choices if a value has more than 100 characters; a shorter one would mean something else."""
    choices = [("too long", "v" * 101), ("as long as any", "v" * 100), ("n" * 101, "short")]
    assert offered(TYPED, choices) == [
        {"name": "as long as any", "value": "v" * 100}, {"name": "n" * 99 + "…", "value": "short"},
    ]  # fmt: skip


def test_no_more_than_25_choices_are_offered() -> None:
    choices = [(f"choice {number}", str(number)) for number in range(26)]
    assert [choice["value"] for choice in offered(TYPED, choices)] == [value for _, value in choices[:25]]
