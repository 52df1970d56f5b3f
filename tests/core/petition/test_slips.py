"""Slips in petition.toml and in the front matter: each is named with its line and the fix, and hides no other."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from core.petition.front_matter import read_front_matter
from core.petition.loading import check_petitions
from core.petition.petition_file import read_petition_file
from core.petition.toml_text import read_toml
from core.petition.yaml_text import lost_words, read_yaml

KEYS = ("title", "summary", "labels", "hints", "options")
NUMBER = "this isn't a number"
DATE = "not a date. Expected: 2027-06-30, without quotes"
UNREADABLE_LINE = "this line can't be read. Expected: a key"
UNREADABLE = "this line can't be read. Expected: key = value"
TOML = [
    ("organizer = “Elm”", 1, 'TOML needs straight quotes: organizer = "Elm"'),
    ("languages = [“en”, „es“]", 1, 'TOML needs straight quotes: languages = ["en", "es"]'),
    ("goal\u00a0= 5", 1, "this line contains an unusual space"),
    ("organizer = Elm Street", 1, 'put it in quotes: organizer = "Elm Street"'),
    ("languages = [en, es]", 1, 'put each of them in quotes: languages = ["en", "es"]'),
    ('organizer = "Elm', 1, 'the quotes at the end are missing: organizer = "Elm"'),
    ('organizer = "The "Elm" Street"', 1, 'put a backslash in front of quotes inside quotes: organizer = "The \\"Elm'),
    ("organizer = 'It's Elm'", 1, 'use double quotes: organizer = "It\'s Elm"'),
    ('organizer = "C:\\path"', 1, "a backslash means something else in double quotes. Write single ones: "),
    ("goal = 2,500", 1, "write the number with digits only: goal = 2500"),
    ("goal = 2 500", 1, "write the number with digits only: goal = 2500"),
    ("goal = 100 people", 1, NUMBER), ("goal = 1O0", 1, NUMBER),
    ("goal =", 1, "goal has no value"), ("goal: 5", 1, "write an equals sign instead of the colon: goal = 5"),
    ("target: the Town Council", 1, 'instead of the colon: target = "the Town Council"'),
    ("closes = 31.12.2027", 1, DATE), ("closes = 2027-13-01", 1, DATE), ("closes = December 31, 2027", 1, DATE),
    ("required = Yes", 1, "write true or false, in small letters: required = true"),
    ("goal = 1\ngoal = 2", 2, "goal appears twice: remove one"),
    ("[petition]\n[petition]", 2, "[petition] appears twice"),
    ("[petitions]", 1, "write [petition] instead of [petitions]"),
    ("[[field]]", 1, "write [[fields]] instead of [[field]]"),
    ("[fields]", 1, "write [[fields]] instead of [fields]"), ("[petition", 1, "write [petition] instead of [petition"),
    ("fields]", 1, "write [[fields]] instead of fields]"),
    ('languages = [\n  "en",\n\ngoal = 5', 1, "the list that begins here has no end: close it with ]"),
    ('fields = [\n  { name = "a" }\n  { name = "b" },\n]', 2, "put a comma at the end of this line"),
    ('fields = [\n  { name = "a",\n  kind = "name" },\n]', 2, "a table in braces must be on one line: join its lines"),
    ('a = """x\ny', 2, UNREADABLE), ("just words", 1, UNREADABLE), ("a = " + "[" * 2000, 1, "nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "said"), TOML)
def test_a_slip_in_toml_is_named_with_its_fix(text: str, line: int, said: str) -> None:
    [(where, sentence)] = read_toml(text).faults
    assert where == line
    assert said in sentence


def test_after_a_slip_everything_else_is_read() -> None:
    found = read_toml('[petition]\norganizer = “Elm”\nnonsense\ngoal = 2,500\ntarget = "x"\n[fields]\nname = ‘a’\n')
    assert found.facts == {"petition": {"organizer": "Elm", "goal": 2500, "target": "x"}, "fields": [{"name": "a"}]}
    assert sorted(line for line, _ in found.faults) == [2, 3, 4, 6, 7]


@pytest.mark.parametrize("text", ['a = "“curly” inside"', "a = 1 # “x”", 'a = "b" # note "c"', "a = 2027-06-30", ""])
def test_good_toml_is_read_as_it_is(text: str) -> None:
    assert read_toml(text).faults == ()


FACTS = """\
[petition]
organizer = "Elm Street"
target = "the Town Council"
languages = ["en"]
goal = 100
retention_days = 180

[[fields]]
name = "full_name"
kind = "name"
"""
VALUES = [
    ("goal = 100", "goal = 2.5", r"5: petition.goal: expected a whole number, without a dot"),
    ("goal = 100", 'goal = "2,500"', r"5: petition.goal: expected a whole number, without quotes: 2500"),
    ("goal = 100", "goal = true", r"5: petition.goal: expected a whole number"),
    ("goal = 100\n", "", r"1: petition.goal: it's missing. Add: goal = 100"),
    ('languages = ["en"]', 'languages = "en"', r'4: petition.languages: expected a list: \["en"\]'),
    ('languages = ["en"]', 'languages = ["English"]', r"4: petition.languages.1: 'English' isn't .*Did you mean en\?"),
    ('languages = ["en"]', 'languages = ["Español"]', r"4: petition.languages.1: 'Español' isn't .*Did you mean es\?"),
    ('languages = ["en"]', 'languages = ["pt-br"]', r"4: petition.languages.1: 'pt-br' isn't .*Did you mean pt_BR\?"),
    ('languages = ["en"]', "languages = []", r"4: petition.languages: it's empty: give at least 1"),
    ('languages = ["en"]', "languages = [1]", r'4: petition.languages.1: put it in quotes: "1"'),
    ('target = "the Town Council"', 'target = ""', r"3: petition.target: it's empty"),
    ('target = "the Town Council"', f'target = "{"x" * 101}"', r"3: petition.target: it's 101 characters long: use at"),
    ("retention_days = 180", "retention_days = -1", r"6: petition.retention_days: -1 is too small: use at least 0"),
    ("retention_days = 180", "retention_days = 99999", r"99999 is too large: use at most 36500"),
    ("retention_days = 180", 'retention_days = 180\ncountry = "usa"', r"7: petition.country: 'usa' .*mean US"),
    ("retention_days = 180", "retention_days = 180\ncloses = 3001-01-01", r"7: petition.closes: .*too late: use a day"),
    ('kind = "name"', 'kind = "name"\ngoal = 5', r"11: fields.1.goal: it belongs under \[petition\]: move the"),
    ('kind = "name"', 'kind = "name"\nrequired = "yes"', r"11: fields.1.required: expected true or false, without"),
    ('name = "full_name"', 'name = "Full name"', r"9: fields.1.name: 'Full name' can't be a name: use a-z, 0-9 and _"),
    ('kind = "name"', 'kind = "e-mail"', r"10: fields.1.kind: there's no kind 'e-mail'. Did you mean email\?"),
    ("[petition]\n", "", r"1: the first line must be \[petition\]"),
    ("[[fields]]\n", "", r"1: fields: it's missing. Add: a line \[\[fields\]\]"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), VALUES)
def test_a_wrong_value_is_named_with_what_is_expected(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "petition.toml"
    assert old in FACTS
    path.write_text(FACTS.replace(old, new), encoding="utf-8")
    faults = [f"{fault.line}: {fault.text}" for fault in read_petition_file(path).faults]
    assert any(re.match(said, fault) or re.search(said, fault) for fault in faults), faults
    assert sum("missing" in fault for fault in faults) <= 1


def test_one_wrong_value_hides_no_other(tmp_path: Path) -> None:
    path = tmp_path / "petition.toml"
    wrong = (
        'languages = ["xx", "yy"]\norganizer_url = "x"\ncontact = "y"\nopens = 2027-02-01\ncloses = 2027-01-01\nx = 1'
    )
    path.write_text(FACTS.replace('languages = ["en"]', wrong), encoding="utf-8")
    assert [fault.line for fault in sorted(read_petition_file(path).faults)] == [4, 4, 5, 6, 8, 9]


YAML = [
    ("title: Save X: no Y", 1, 'put the title in quotes: title: "Save X: no Y"'),
    ('title: "Save" X', 1, "put the title in quotes: title: '\"Save\" X'"),
    ("title: 'It's X'", 1, 'put the title in quotes: title: "It\'s X"'),
    ("title: *Save* X", 1, 'title: "*Save* X"'), ("title: @X", 1, 'title: "@X"'), ("title: [X] Y", 1, 'title: "[X] Y"'),
    ("title: yes", 1, 'title: "yes"'), ("title: 2027", 1, 'title: "2027"'), ("title: 2027-01-01", 1, '"2027-01-01"'),
    ("title: # X", 1, 'title: "# X"'), ('title: "Save\nsummary: We', 1, "put the title in quotes"),
    ("labels:\n  role: A: B", 2, "put the words of 'role' in quotes: role: \"A: B\""),
    ("title:Save X", 1, "write a colon and a space after title: title: Save X"),
    ("title Save X\nsummary: Y", 1, "write a colon and a space after title: title: Save X"),
    ("title = Save X", 1, "write a colon and a space after title"),
    ("title： X", 1, "write a colon and a space after title"),
    ("title:\u00a0X", 1, "this line contains an unusual space"),
    ("labels:\n\trole: X", 2, "begin the line with two spaces instead of a tab"),
    ("title: X\n\tsummary: Y", 2, "begin the line without a tab"),
    ("title: X\n  summary: Y", 2, "remove the spaces in front: summary: Y"),
    ("title: X\ntitle: Y", 2, "'title' appears twice: remove one"),
    ("- title: X", 1, "expected lines such as title:"), ("title: X\n!!", 2, "this line can't be read. Expected: a key"),
    ("a: " + "[" * 2000, 1, "nested too deeply"), ("[link]: x", 1, UNREADABLE_LINE), ("{name}: x", 1, UNREADABLE_LINE),
    ("labels:\n  2018-02-30: x", 2, UNREADABLE_LINE), ("title: 2018-02-30", 1, 'title: "2018-02-30"'),
    ("title: !!int x", 1, 'title: "!!int x"'), ("title: !!timestamp x", 1, 'title: "!!timestamp x"'),
    ("title: !!bool maybe", 1, 'title: "!!bool maybe"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "said"), YAML)
def test_a_slip_in_the_front_matter_is_named_with_its_fix(text: str, line: int, said: str) -> None:
    [(where, sentence)] = read_yaml(text, KEYS).faults
    assert where == line
    assert said in sentence


def test_words_after_a_number_sign_are_not_lost_unnoticed() -> None:
    [(line, said)] = lost_words('title: We are #1 in town\nsummary: "We # you"')
    assert (line, "don't see the words after #" in said, 'title: "We are #1 in town"' in said) == (1, True, True)


@pytest.mark.parametrize(
    ("letter", "line", "said"),
    [
        ("title: X\nsummary: Y\n\nLetter", 1, "the front matter is missing: begin the file with title"),
        ("—\ntitle: X\n—\nLetter", 1, "the front matter must begin with a line of three hyphens: ---"),
        ("\n---\ntitle: X\n---\nLetter", 1, "must begin on the first line: remove the empty lines above"),
        ("---\ntitle: X\n—\nLetter", 3, "the front matter must end with a line of three hyphens: ---"),
    ],
)
def test_front_matter_that_isnt_there_is_explained(letter: str, line: int, said: str) -> None:
    [(where, sentence)] = read_front_matter(letter).faults
    assert where == line
    assert said in sentence


def test_a_fault_in_the_front_matter_has_its_line_in_the_file() -> None:
    [(line, _)] = read_front_matter("---\ntitle: X\n  summary: Y\n---\nLetter").faults
    assert line == 3


SHORT = 'organizer = "A"\ntarget = "B"\nlanguages = ["en"]\ngoal = 1\nretention_days = 1\n'


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (f'[petition]\n{SHORT}[[petition.fields]]\nname = "a"\nkind = "name"\n',
         "7: write [[fields]] instead of [[petition.fields]]"),
        (f'[petition]\n{SHORT}fields = [{{name = "a", kind = "name"}}]\n', "7: fields doesn't belong to [petition]"),
        (f'[petition]\n{SHORT}required = true\n[[fields]]\nname = "a"\nkind = "name"\n',
         "7: petition.required: it belongs to a field"),
        (f'[petition]\n{SHORT}country = "UK"\n[[fields]]\nname = "a"\nkind = "name"\n', "Did you mean GB?"),
        (f'[petition]\n{SHORT}country = "USA"\n[[fields]]\nname = "a"\nkind = "name"\n', "Did you mean US?"),
        (f'[petition]\n{SHORT}country = "England"\n[[fields]]\nname = "a"\nkind = "name"\n', "Did you mean GB?"),
        (f'[petition]\n{SHORT}contact = "email: a@b.example"\n[[fields]]\nname = "a"\nkind = "name"\n',
         "write the address alone: a@b.example"),
    ],
)  # fmt: skip
def test_a_misplaced_or_misnamed_fact_is_one_fault(toml: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "petition.toml").write_text(toml)
    [fault] = read_petition_file(tmp_path / "petition.toml").faults
    assert said in f"{fault.line}: {fault.text}"


def test_a_language_by_its_name_is_one_fault(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parents[2] / "petitions" / "pasted" / "bom", tmp_path / "bom")
    path = tmp_path / "bom" / "petition.toml"
    path.write_text(path.read_text("utf-8-sig").replace('"en"', '"English"'))
    [fault] = check_petitions(tmp_path)
    assert "Did you mean en?" in fault.text


def test_a_fault_inside_misplaced_fields_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "petition.toml"
    path.write_text(f'[petition]\n{SHORT}[[petition.fields]]\nname = "a"\nkind = "nam"\n')
    assert sorted(fault.line for fault in read_petition_file(path).faults) == [7, 9]
