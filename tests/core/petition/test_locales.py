"""Translation files: each message that a language lacks is English, and every fault is found with its line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bots.common.log import FLOORS
from bots.discord.card_menu import KIND as MESSAGE_MENU
from bots.discord.menu import definitions
from core.errors import ContentError
from core.messages import Catalog, Message
from core.organizer import COMMANDS, FAMILIES
from core.petition.loading import LOCALES, load_catalog
from core.petition.locale_check import check_locales, untranslated
from core.petition.translations import entries, read_po_file
from tests.renewal.locales import renew, renewed
from tests.world import catalog

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: {language}\\n"\n'
PLURALS = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
TWO_DAYS = 'msgctxt "days"\nmsgid "Last day"\nmsgid_plural "Last {count} days"\nmsgstr[0] "%s"\nmsgstr[1] "%s"\n'
ENGLISH = f"""{HEADER.format(language="en")}{PLURALS}
msgctxt "sign"
msgid "Sign"
msgstr ""

msgctxt "signed"
msgid "{{name}} signed on {{date}}"
msgstr ""

{TWO_DAYS % ("", "")}"""
SPANISH = (
    ENGLISH.replace("Language: en", "Language: es")
    .replace('msgid "Sign"\nmsgstr ""', 'msgid "Sign"\nmsgstr "Firmar"')
    .replace('on {date}"\nmsgstr ""', 'on {date}"\nmsgstr "{name} firmó el {date}"')
    .replace(TWO_DAYS % ("", ""), TWO_DAYS % ("Último día", "Últimos {count} días"))
)
SIGNED = Message("signed", {"name": "Ada", "date": dt.date(2026, 11, 24)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """English and a complete Spanish."""
    (tmp_path / "en.po").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "es.po").write_text(SPANISH, encoding="utf-8")
    return tmp_path


def spoil(file: Path, old: str, new: str) -> Catalog:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_catalog(file.parent)


def test_the_shipped_locales_have_no_fault_and_are_complete() -> None:
    assert check_locales(LOCALES) == []
    assert untranslated(LOCALES) == {}
    assert catalog().locales == ("en", "es")


def test_a_complete_language_has_no_fault(folder: Path) -> None:
    assert check_locales(folder) == []
    assert untranslated(folder) == {}
    words = load_catalog(folder)
    assert words.text(Message("sign"), "es") == "Firmar"
    assert words.text(SIGNED, "es") == "Ada firmó el 24 de noviembre de 2026"
    assert [words.text(Message("days", {"count": count}), "es") for count in (1, 2)] == ["Último día", "Últimos 2 días"]


LACKING = [
    ('msgstr "{name} firmó el {date}"', 'msgstr ""'),
    ('msgctxt "signed"', '#, fuzzy\nmsgctxt "signed"'),
    ('msgctxt "signed"', 'msgctxt "sined"'),
    ("firmó el {date}", "firmó el {fecha}"),
    ("firmó el {date}", "firmó el {date"),
]


@pytest.mark.parametrize(("old", "new"), LACKING)
def test_a_message_without_a_usable_translation_is_english_alone(folder: Path, old: str, new: str) -> None:
    words = spoil(folder / "es.po", old, new)
    assert words.text(SIGNED, "es") == "Ada signed on November 24, 2026", "its dates are English too"
    assert words.text(Message("sign"), "es") == "Firmar"
    assert untranslated(folder) == {"es": 1}


def test_a_message_without_all_its_plural_forms_is_english(folder: Path) -> None:
    words = spoil(folder / "es.po", "Último día", "")
    assert words.text(Message("days", {"count": 1234}), "es") == "Last 1,234 days"
    assert words.text(Message("days", {"count": 1}), "es") == "Last day"


def test_a_missing_translation_is_not_a_fault(folder: Path) -> None:
    spoil(folder / "es.po", "Firmar", "")
    assert check_locales(folder) == []


def test_a_translation_of_an_earlier_english_sentence_is_kept(folder: Path) -> None:
    assert spoil(folder / "en.po", 'msgid "Sign"', 'msgid "Sign it"').text(Message("sign"), "es") == "Firmar"


def test_a_message_in_a_message_has_its_own_language(folder: Path) -> None:
    words = spoil(folder / "es.po", "{name} firmó el {date}", "")
    inside = Message("signed", {"name": Message("sign"), "date": dt.date(2026, 11, 24)})
    assert words.text(inside, "es") == "Firmar signed on November 24, 2026"


FAULTS = [
    ("es", 'msgctxt "sign"', 'msgctxt "sing"', r"sing: no message has this key. Did you mean sign\?"),
    ("es", 'msgid "Sign"', 'msgid "Sign it"', "sign: the English has changed .* it is now “Sign”"),
    ("es", "Last {count} days", "The last {count} days", "days: the English has changed"),
    ("es", 'msgctxt "sign"', '#, fuzzy\nmsgctxt "sign"', "sign: marked as fuzzy"),
    ("es", "firmó el {date}", "firmó el {fecha}", r"signed: there's no argument \{fecha\}"),
    ("es", "firmó el {date}", "firmó", r"signed: the argument \{date\} is missing"),
    ("es", "firmó el {date}", "firmó el {date", "signed: the braces don't match"),
    ("es", "Último día", "", "days: some plural forms aren't translated"),
    ("es", 'msgctxt "sign"', 'msgctxt "days"\nmsgid "No"\nmsgstr "No"\n\nmsgctxt "sign"', "days appears twice"),
    ("es", "Language: es", "Language: en", "the header says Language: en, but the file is for es"),
    ("es", "nplurals=2", "nplurals=1", "the message has more forms than Plural-Forms"),
    ("es", "plural=(n != 1)", "plural=n", "Plural-Forms announces 2 forms"),
    ("es", "plural=(n != 1)", "plural=(n > 1 ? 2 : 0)", "Plural-Forms announces 2 forms"),
    ("es", "plural=(n != 1)", "plural=import", "Plural-Forms can't be read. Expected: nplurals=2"),
    ("en", 'msgid "Sign"\nmsgstr ""', 'msgid "Sign"\nmsgstr "Go"', "sign: English goes in the msgid"),
    ("en", 'msgctxt "sign"\n', "", "this message has no key"),
    ("en", "signed on {date}", "signed on {date", "signed: the braces don't match"),
]


@pytest.mark.parametrize(("locale", "old", "new", "text"), FAULTS)
def test_every_fault_is_found_and_located(folder: Path, locale: str, old: str, new: str, text: str) -> None:
    file = folder / f"{locale}.po"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    faults = [str(fault) for fault in check_locales(folder)]
    assert any(re.search(rf"{locale}\.po:\d+: {text}", fault) for fault in faults), faults


def test_a_file_with_faults_hides_those_of_no_other(folder: Path) -> None:
    (folder / "de.po").write_text("nonsense", encoding="utf-8")
    (folder / "fr.po").write_text(ENGLISH, encoding="utf-8")
    for name, old, new in (
        ("en", "on {date}", "on {date"),
        ("es", "firmó el {date}", "firmó"),
        ("es", "Último día", ""),
    ):
        text = (folder / f"{name}.po").read_text(encoding="utf-8")
        (folder / f"{name}.po").write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [f"{fault.file.name}:{fault.line}: {fault.text}" for fault in check_locales(folder)]
    for said in (
        "de.po:1: this line can't be read",
        "fr.po:1: nothing is translated yet",
        "en.po:12: signed: the braces",
    ):
        assert any(fault.startswith(said) for fault in found), (said, found)
    assert any(re.match(r"es\.po:\d+: days: some plural forms", fault) for fault in found), found


def test_a_copy_of_the_english_is_one_fault(folder: Path) -> None:
    (folder / "fr.po").write_text(ENGLISH, encoding="utf-8")
    (fault,) = check_locales(folder)
    assert str(fault).endswith("fr.po:1: nothing is translated yet: this is just a copy of en.po")
    assert untranslated(folder) == {"fr": 3}


def test_a_language_needs_plural_forms_of_its_own(folder: Path) -> None:
    (folder / "pl.po").write_text(SPANISH.replace("Language: es", "Language: pl"), encoding="utf-8")
    assert [fault.text.partition(":")[0] for fault in check_locales(folder)] == ["pl has 3 plural forms"]


def test_without_english_there_is_no_catalog(folder: Path) -> None:
    (folder / "en.po").unlink()
    with pytest.raises(ContentError, match=r"en\.po is missing"):
        load_catalog(folder)
    assert [fault.text for fault in check_locales(folder)] == ["en.po is missing"]


# --- the renewal after a change of the English


def test_a_changed_sentence_is_marked_and_a_new_one_is_added(folder: Path) -> None:
    spoil(folder / "en.po", 'msgid "Sign"\n', 'msgid "Sign it"\n')
    spoil(folder / "en.po", 'msgctxt "days"', 'msgctxt "new"\nmsgid "New"\nmsgstr ""\n\nmsgctxt "days"')
    renew(folder)
    text = (folder / "es.po").read_text(encoding="utf-8")
    assert '#, fuzzy\n#| msgid "Sign"\nmsgctxt "sign"\nmsgid "Sign it"\nmsgstr "Firmar"\n' in text
    assert 'msgctxt "new"\nmsgid "New"\nmsgstr ""\n' in text
    assert load_catalog(folder).text(SIGNED, "es") == "Ada firmó el 24 de noviembre de 2026"
    assert untranslated(folder) == {"es": 2}


def test_polish_of_the_english_marks_nothing(folder: Path) -> None:
    spoil(folder / "en.po", 'msgid "Sign"\n', 'msgid "Sign it"\n')
    renew(folder, same=True)
    assert check_locales(folder) == []
    assert untranslated(folder) == {}


def test_a_message_that_the_product_lost_is_dropped(folder: Path) -> None:
    spoil(folder / "es.po", 'msgctxt "sign"', 'msgctxt "old"\nmsgid "Old"\nmsgstr "Viejo"\n\nmsgctxt "sign"')
    renew(folder)
    assert check_locales(folder) == []


@pytest.mark.parametrize("path", sorted(LOCALES.glob("*.po")), ids=lambda path: path.name)
def test_the_shipped_files_are_renewed(path: Path) -> None:
    original = read_po_file(LOCALES / "en.po")
    assert renewed(path, original, same=False) == path.read_text("utf-8"), "run: python -m tests.renewal.locales"


# --- the shipped words


def test_every_message_in_the_code_has_words_and_the_other_way_round() -> None:
    root = Path(__file__).parents[3]
    files = [path for folder in ("core", "bots") for kind in ("*.py", "*.html") for path in (root / folder).rglob(kind)]
    code = "".join(path.read_text() for path in files)
    keys = set(entries(read_po_file(LOCALES / "en.po")))
    sections = "|".join(sorted({key.split(".")[0] for key in keys}))
    used = set(re.findall(rf'"((?:{sections})\.[a-z_]+)"', code))
    used |= set(re.findall(r'\b(?:say|Message)\(\s*"([^"{}]+)"', code))  # of a section that has no words at all, too
    loggers = set(FLOORS)
    names = {f"name.{name}" for one in definitions(catalog()) if one["type"] != MESSAGE_MENU for name in _names(one)}
    names |= {f"family.{family}" for family in FAMILIES}
    names |= {f"parameter.{parameter.name}" for command in COMMANDS for parameter in command.parameters}
    assert (used - loggers) | names == keys


def _names(command: dict[str, Any]) -> Iterator[str]:
    yield command["name"]
    for option in command.get("options", []):
        yield from _names(option)


def test_numbers_dates_and_plurals_follow_the_language() -> None:
    count = Message("progress.count", {"count": 1234, "goal": 2500})
    assert catalog().text(count, "en") == "1,234 people have signed. Next goal: 2,500."
    assert "1.234" in load_catalog().text(count, "es") or "1234" in load_catalog().text(count, "es")
    one = Message("progress.count", {"count": 1, "goal": 10})
    assert catalog().text(one, "en") == "1 person has signed. Next goal: 10."
    assert catalog().negotiate("fr", "es-AR") == "es"
    assert catalog().negotiate("fr") == "en"
