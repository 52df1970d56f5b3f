"""Lines in the terminal that are not plain answers: commands, empty ones, and words of buttons."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import counted, run

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("migrated")]


def test_signers_commands_are_taken_at_any_time(tmp_path: Path) -> None:
    lines = ("/privacy", "/back", "Sign", "/forget", "/back", "Ada", "/mysignatures", "/back", "90210", "/updates")
    done = run(tmp_path, "try", stdin="\n".join([*lines, "/cancel", "/help"]) + "\n")
    assert done.returncode == 0
    flat = " ".join(done.stdout.split())
    for words in (
        "What we store, and who sees it", "Erase everything we store about you", "You haven't signed anything yet",
        "You're about to sign", "only if you sign it and ask", "we've erased your answers",
        "What would you like to do?",
    ):  # fmt: skip
        assert words in flat, words
    assert counted(tmp_path) == 0


def test_a_command_is_understood_and_an_empty_line_is_not(tmp_path: Path) -> None:
    assert run(tmp_path, "try", stdin="/privacy\n").returncode == 0
    run(tmp_path, "try", stdin="Sign\nAda\n90210\nEdit\nAdd: Comment\nBecause\nEdit\nEdit: Comment\n")
    done = run(tmp_path, "try", stdin="Sign\nEdit\nEdit: Comment\n\n \n")
    assert done.stdout.count("That was empty. Please type an answer.") == 2
    assert "Comment: Because" in run(tmp_path, "try", stdin="Sign\n").stdout


def test_words_of_buttons_that_are_not_there_are_an_answer(tmp_path: Path) -> None:
    lines = ("Sign", "Ada", "90210", "Edit", "Add: Comment", "Cancel", "Edit", "Edit: Comment", "stop", "Confirm", "")
    done = run(tmp_path, "try", stdin="\n".join(lines))
    assert "Comment: Cancel" in done.stdout
    assert "Comment: stop" in done.stdout
    assert counted(tmp_path) == 1
