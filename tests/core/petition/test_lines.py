"""Keys and values are found on their lines, however a file is laid out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.petition.lines import Lines, toml_lines, yaml_lines

TOML = """\
title = "[fields]" # kind = 1
fields = [
  {name = "who", kind = "name"},  # the first
  {name = "mail",
   "kind" = "nme"},
]
[petition."a.b"]
text = \"\"\"
kind = 1
\"\"\"
c.d = 1
[[shops]]
[[shops]]
names = ["ü",
  "ö"]
[shops.owner]
name = 'x'
[[shops.goods]]
price = 1
[[shops.goods]]
price = 2
"""


def test_toml_of_every_layout() -> None:
    lines = toml_lines(TOML)
    assert [lines.of("fields"), lines.of("fields", 0, "kind"), lines.of("fields", 1)] == [2, 3, 4]
    assert [lines.of("petition"), lines.of("petition", "a.b", "text"), lines.of("petition", "a.b", "c", "d")] == [
        7,
        8,
        11,
    ]
    assert [lines.of("shops"), lines.of("shops", 1), lines.of("shops", 1, "names", 1)] == [12, 13, 15]
    assert [lines.of("shops", 1, "owner"), lines.of("shops", 1, "owner", "name")] == [16, 17]
    assert lines.of("shops", 1, "goods", 1, "price") == 21


def test_what_is_missing_is_on_the_line_of_what_is_around_it() -> None:
    lines = toml_lines(TOML)
    assert [lines.of("fields", 0, "options", 2), lines.of("goal"), lines.of()] == [3, 1, 1]


def test_yaml_below_other_lines() -> None:
    lines = yaml_lines("title: x\nlabels: {role: a,\n  'who': b}\nlist:\n- 1\n- - 2\n", above=1)
    assert [lines.of("title"), lines.of("labels", "role"), lines.of("labels", "who")] == [2, 3, 4]
    assert [lines.of("list"), lines.of("list", 0), lines.of("list", 1, 0), lines.of("goal")] == [5, 6, 7, 1]


def test_an_alias_that_leads_to_itself() -> None:
    assert yaml_lines("a: &a\n  b: *a\nc: 1").of("c") == 3
    assert yaml_lines("").known == {}


KEYS = st.text("ab.\"'# ü", max_size=4)
VALUES = st.recursive(
    st.integers(0, 9) | st.text("a]}#='\n", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield tuple(map(str, (*path, key)))
        yield from paths(item, (*path, key))


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def toml(value: Any) -> str:
    """A value over as many lines as TOML 1.0 allows."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[ # ]\n" + "".join(f"\n{toml(item)}, # a\n" for item in value) + "]"
    return quoted(value) if isinstance(value, str) else str(value)


def check(lines: Lines, value: Any) -> None:
    assert set(lines.known) == set(paths(value))


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_every_path_of_a_toml_text_has_a_line(value: dict[str, Any]) -> None:
    text = "".join(f"\n{quoted(key)} = {toml(item)}\n" for key, item in value.items())
    assert tomllib.loads(text) == value
    lines = toml_lines(text)
    check(lines, value)
    written = text.split("\n")
    assert all(written[lines.of(key) - 1].startswith(quoted(key)) for key in value)


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.booleans())
def test_every_path_of_a_yaml_text_has_a_line(value: dict[str, Any], flow: bool) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow)
    assert yaml.safe_load(text) == value
    check(yaml_lines(text), value)
