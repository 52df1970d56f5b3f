"""The terminal as people and scripts use it: the real command, with pipes and with a real terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.command import ROOT, UNDERSIGN, counted, environment, run
from tests.patience import limit, until_blocking

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("migrated")]


def test_a_script_signs_with_four_lines(tmp_path: Path) -> None:
    done = run(tmp_path, "try", stdin="Sign\nAda Lovelace\n90210\nConfirm\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Thank you! You've signed the letter to Salesforce CEO Marc Benioff." in done.stdout
    assert re.search(r"Receipt: [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\n", done.stdout)
    assert "\x1b" not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert counted(tmp_path) == 1


@pytest.mark.parametrize(
    ("stdin", "code"),
    [("Sing\n", 1), ("Hello\n\n/nonsense\n", 1), ("", 0), ("Hello\nRead\n", 0), ("4\n", 0), ("Sign\n@\n", 0)],
)
def test_a_pipe_of_which_no_line_is_understood_fails(tmp_path: Path, stdin: str, code: int) -> None:
    done = run(tmp_path, "try", stdin=stdin)
    assert done.returncode == code
    assert done.stderr.count("\n") == code
    assert ("none of the lines was understood" in done.stderr) is (code == 1)


def test_an_answer_that_is_refused_is_not_understood(tmp_path: Path) -> None:
    run(tmp_path, "try", stdin="Sign\n")
    assert run(tmp_path, "try", stdin="@\n").returncode == 1
    assert run(tmp_path, "try", stdin="Sign\nAda Lovelace\n").returncode == 0


def test_a_second_signature_is_recognized_and_another_person_is_new(tmp_path: Path) -> None:
    four = "Sign\nAda Lovelace\n90210\nConfirm\n"
    run(tmp_path, "try", stdin=four)
    again = run(tmp_path, "try", stdin="")
    assert "You are signature no. 1" in again.stdout
    run(tmp_path, "try", "--signer", "ben", stdin=four)
    assert counted(tmp_path) == 2


def test_a_conversation_goes_on_after_a_restart(tmp_path: Path) -> None:
    run(tmp_path, "try", stdin="Sign\nAda Lovelace\n")
    later = run(tmp_path, "try", stdin="Sign\n90210\nConfirm\n")
    assert "You haven't finished signing." in later.stdout
    assert "Name: Ada Lovelace" in later.stdout
    assert counted(tmp_path) == 1


def test_letter_background_and_sources_are_read(tmp_path: Path) -> None:
    done = run(
        tmp_path, "try", stdin="Read\nNext page\nSource 2: Footwear News\nBack to the page\nBack to the petition\n"
    )
    flat = " ".join(done.stdout.split())
    assert "refuse to be complicit in traumatizing families." in flat
    assert "he refused.[1]" in flat
    assert "Published by: Footwear News" in flat
    assert "Date: March 9, 2018" in flat
    assert flat.count("Background to the letter · page 2 of 2") == 2


@pytest.mark.parametrize("stdin", ["1\nAda Lovelace\n90210\n7\n", "sign\nAda Lovelace\n90210\nconfirm, and\n"])
def test_buttons_by_number_and_by_the_beginning_of_their_words(tmp_path: Path, stdin: str) -> None:
    run(tmp_path, "try", stdin=stdin)
    assert counted(tmp_path) == 1


def test_spanish(tmp_path: Path) -> None:
    done = run(tmp_path, "try", "--language", "es", stdin="Firmar\nAda Lovelace\n90210\nConfirmar\n")
    assert done.returncode == 0
    assert counted(tmp_path) == 1
    assert "inglés" in done.stdout


def test_a_script_reads_english_in_any_locale_and_after_any_language(tmp_path: Path) -> None:
    run(tmp_path, "try", "--language", "es", stdin="")
    run(tmp_path, "try", stdin="Sign\nAda Lovelace\n90210\nConfirm\n", LANG="es_ES.UTF-8")
    assert counted(tmp_path) == 1


def test_refused_values_keep_what_was_given(tmp_path: Path) -> None:
    done = run(tmp_path, "try", stdin="Sign\nAda Lovelace\nnowhere\n90210\nConfirm\n")
    assert "! That isn't a valid postal code (United States)." in done.stdout
    assert counted(tmp_path) == 1


def test_news_has_no_warning_sign(tmp_path: Path) -> None:
    done = run(tmp_path, "try", stdin="Sign\nAda Lovelace\nCancel\n")
    assert "\nCanceled. You haven't signed, and we've erased your answers." in done.stdout


def test_invalid_utf8_is_refused_in_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [*UNDERSIGN, "try"], input=b"Sign\n\xff\xfe\n[bold]Ada[/bold]\n90210\nConfirm\n", capture_output=True,
        cwd=tmp_path, env=environment(tmp_path), check=False, timeout=limit(),
    )  # fmt: skip
    assert done.returncode == 0
    assert b"We can't store some of those characters." in done.stdout
    assert b"A name can't contain a link" in done.stdout, "the slash; and no markup was interpreted"


@pytest.mark.parametrize("line", ["9" * 5000, "x" * 1_000_000, "\x1b]0;title\x07", "💥" * 5000])
def test_no_line_is_too_much(tmp_path: Path, line: str) -> None:
    done = run(tmp_path, "try", stdin=f"{line}\nSign\n{line}\nAda\n90210\nConfirm\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert len(done.stdout) < 20_000
    assert "Thank you!" in done.stdout


def test_a_number_may_be_an_answer(tmp_path: Path) -> None:
    done = run(tmp_path, "try", stdin="Sign\nAda\n90210\nEdit\nAdd: Comment\n2\nConfirm\n")
    assert "Comment: 2" in done.stdout
    assert counted(tmp_path) == 1


def test_text_typed_at_the_list_is_not_an_answer(tmp_path: Path) -> None:
    for folder in (ROOT / "tests" / "petitions" / "town-trees", ROOT / "core" / "petitions" / "salesforce-cbp"):
        (tmp_path / "both").mkdir(exist_ok=True)
        (tmp_path / "both" / folder.name).symlink_to(folder)
    both = {"PETITIONS_DIR": str(tmp_path / "both")}
    run(tmp_path, "try", "--petition", "town-trees", stdin="Sign\n", **both)
    done = run(tmp_path, "try", stdin="What is this\n2\n", **both)
    assert done.stdout.count("Choose one of these 2 petitions:") == 2
    assert "You haven't finished signing" not in done.stdout


def test_closed_input_is_a_short_visit(tmp_path: Path) -> None:
    command = f"exec {sys.executable} -m bots try <&-"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, cwd=tmp_path, env=environment(tmp_path), check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Goodbye." in done.stdout


def test_a_petitions_own_language_can_be_read(tmp_path: Path) -> None:
    own = tmp_path / "own" / "town-trees"
    shutil.copytree(ROOT / "tests" / "petitions" / "town-trees", own)
    (own / "es").rename(own / "ca")
    facts = (own / "petition.toml").read_text().replace('"es"', '"ca"')
    (own / "petition.toml").write_text(facts)
    done = run(tmp_path, "try", "--language", "ca", stdin="More\nLanguage\n", PETITIONS_DIR=str(own.parent))
    assert "Salvemos los olmos" in done.stdout
    assert "Català" in done.stdout


def test_several_petitions_are_listed(tmp_path: Path) -> None:
    own = {"PETITIONS_DIR": str(ROOT / "tests" / "petitions")}
    single = run(tmp_path, "try", stdin="", **own)
    assert "Keep the elms" in single.stdout
    both = tmp_path / "both"
    both.mkdir()
    for folder in (ROOT / "tests" / "petitions" / "town-trees", ROOT / "core" / "petitions" / "salesforce-cbp"):
        (both / folder.name).symlink_to(folder)
    two = run(tmp_path, "try", stdin="2\nSign\n", PETITIONS_DIR=str(both))
    assert "Choose one of these 2 petitions:" in two.stdout
    assert "Your first and last name" in two.stdout
    named = run(tmp_path, "try", "--petition", "town-trees", PETITIONS_DIR=str(both))
    assert "forty elms" in " ".join(named.stdout.split())
    wrong = run(tmp_path, "try", "--petition", "gone", PETITIONS_DIR=str(both))
    assert wrong.returncode == 2
    assert "choose from: salesforce-cbp, town-trees" in wrong.stderr


def _sit_down() -> None:
    """Make the terminal the new process's own, so that Ctrl-C reaches it, whatever our own process ignores."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A real terminal with a person in front of it."""

    def __init__(self, folder: Path) -> None:
        self.process, self._far = self._start(folder)
        self.seen = ""

    def _start(self, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
        far, near = pty.openpty()
        process = subprocess.Popen(
            [*UNDERSIGN, "try"], stdin=near, stdout=near, stderr=near, cwd=folder,
            env=environment(folder, TERM="xterm", COLUMNS="60", LINES="40"), start_new_session=True,
            preexec_fn=_sit_down,  # noqa: PLW1509  (no thread runs here)
        )  # fmt: skip
        os.close(near)
        return process, far

    def sees(self, words: str) -> None:
        """Wait until something is on the screen."""
        try:
            until_blocking(lambda: words in self._look())
        except TimeoutError as error:
            raise TimeoutError(f"{words!r} did not come; seen: {self.seen}") from error

    def _look(self) -> str:
        if select.select([self._far], [], [], 0)[0]:
            self.seen += os.read(self._far, 65536).decode()
        return self.seen

    def types(self, keys: str) -> None:
        """Press keys; what was seen before counts no longer."""
        self.seen = ""
        os.write(self._far, keys.encode())

    def ends(self) -> int:
        """Wait for the end; the exit code."""
        return self.process.wait(timeout=limit())

    def close(self) -> None:
        """Switch it off, whatever runs on it."""
        self.process.kill()
        self.process.wait()
        os.close(self._far)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal on which the conversation has begun."""
    with closing(Terminal(tmp_path)) as terminal:
        yield terminal


def test_a_person_at_a_terminal(terminal: Terminal, tmp_path: Path) -> None:
    terminal.sees("> ")
    assert "\x1b[1" in terminal.seen, "bold words"
    terminal.types("1\n")
    terminal.sees("Your first and last name")
    terminal.types("Ada Lovelace\n")
    terminal.sees("Your postal code")
    terminal.types("\x04")  # Ctrl-D
    terminal.sees("Goodbye.")
    assert terminal.ends() == 0
    assert "Ada" not in run(tmp_path, "try", stdin="").stderr


@pytest.mark.parametrize("stop", ["\x03", signal.SIGKILL])
def test_leaving_in_the_middle_loses_nothing(terminal: Terminal, tmp_path: Path, stop: str | int) -> None:
    terminal.sees("> ")
    terminal.types("1\n")
    terminal.sees("Your first and last name")
    terminal.types("Ada Lovelace\n")
    terminal.sees("Your postal code")
    terminal.sees("> ")
    if isinstance(stop, str):
        terminal.types(stop)
        terminal.sees("Goodbye.")
        assert terminal.ends() == 0
    else:
        terminal.process.kill()
        terminal.ends()
    later = run(tmp_path, "try", stdin="Sign\n90210\nConfirm\n")
    assert "Name: Ada Lovelace" in later.stdout
    assert counted(tmp_path) == 1


def test_a_signature_that_was_confirmed_survives_kill_9(terminal: Terminal, tmp_path: Path) -> None:
    terminal.sees("> ")
    for line, then in (
        ("1", "Your first and last name"),
        ("Ada Lovelace", "Your postal code"),
        ("90210", "about to sign"),
    ):
        terminal.types(line + "\n")
        terminal.sees(then)
        terminal.sees("> ")
    terminal.types("7\n")
    terminal.sees("Receipt")
    terminal.process.kill()
    terminal.ends()
    assert counted(tmp_path) == 1
