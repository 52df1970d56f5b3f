"""Words that Telegram or Discord would refuse or cut are found in translations and petitions, with their line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bots.app.platform_limits import petition_limits, translation_limits
from core.petition.loading import LOCALES, PETITIONS
from tests.world import TREES

OWN = Path(__file__).parents[2] / "petitions" / TREES


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """A copy of the shipped translations."""
    shutil.copytree(LOCALES, tmp_path / "locales")
    return tmp_path / "locales"


def translate(folder: Path, key: str, words: str) -> None:
    """Put other words into a Spanish message."""
    file = folder / "es.po"
    entry = re.compile(rf'(msgctxt "{re.escape(key)}"\n(?:msgid .*\n|".*\n)+)msgstr (?:".*"\n)+')
    text, count = entry.subn(lambda found: f'{found[1]}msgstr "{words}"\n', file.read_text(encoding="utf-8"))
    assert count == 1, key
    file.write_text(text, encoding="utf-8")


def test_the_shipped_words_fit() -> None:
    assert translation_limits(LOCALES) == []
    assert petition_limits(PETITIONS) == []


CASES = [
    ("name.mysignatures", "Mes Signatures", "small letters and no spaces: write 'messignatures'"),
    ("name.mysignatures", "s" * 33, "at most 32"),
    ("name.withdraw", "privacidad", "'privacidad' is also the name of name.privacy"),
    ("name.read", "firmar", "'firmar' is also the name of name.sign"),
    ("command.withdraw", "d" * 300, "300 characters long, but Telegram's menu of commands has room for 256"),
    ("command.withdraw", "d" * 101, "but Discord's list of commands has room for 100"),
    ("discord.option_petition", "d" * 101, "but Discord's list of commands has room for 100"),
    ("command.stats", "d" * 257, "but Telegram's menu of commands has room for 256"),
    ("telegram.short_description", "d" * 200, "but the bot's profile on Telegram has room for 120"),
    ("telegram.description", "d" * 513, "has room for 512"),
    ("button.sign", "d" * 61, "but a button has room for 60"),
    ("caption.name", "d" * 46, "but a caption in Discord's form has room for 45"),
    ("hint.name", "d" * 101, "but a hint in Discord's form has room for 100"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "words", "said"), CASES)
def test_each_breach_is_found_and_located(locales: Path, key: str, words: str, said: str) -> None:
    translate(locales, key, words)
    lines = (locales / "es.po").read_text(encoding="utf-8").splitlines()
    found = [str(fault) for fault in translation_limits(locales)]
    assert any(said in fault for fault in found), found
    at = next(number for number, line in enumerate(lines, 1) if line == f'msgctxt "{key}"')
    assert any(re.search(rf"es\.po:(?:{at}|{at + 1}): {re.escape(key)}: ", fault) for fault in found), found


def test_scripts_without_capitals_can_name_commands(locales: Path) -> None:
    translate(locales, "name.withdraw", "वापस-लेना")
    assert translation_limits(locales) == []


def test_a_file_that_cannot_be_read_stops_no_other(locales: Path) -> None:
    (locales / "de.po").write_text("nonsense")
    translate(locales, "button.sign", "d" * 61)
    assert len(translation_limits(locales)) == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "One sentence is enough",
            "h" * 65,
            "letter.md:9: hints.reason: it's 65 characters long, but Telegram's input field",
        ),
        (
            "I own my home",
            "o" * 61,
            "letter.md:13: options.role.owner: it's 61 characters long, but a button on a phone",
        ),
        (
            "Keep the elms of Elm Street",
            "t" * 101,
            "letter.md:2: title: it's 101 characters long, but a list on Discord",
        ),
    ],
)
def test_words_of_a_petition_that_are_cut_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    shutil.copytree(OWN, tmp_path / TREES)
    assert petition_limits(tmp_path) == []
    letter = tmp_path / TREES / "en" / "letter.md"
    letter.write_text(letter.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (fault,) = petition_limits(tmp_path)
    assert said in str(fault)
