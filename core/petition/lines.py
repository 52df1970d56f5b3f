"""The line numbers of keys and values in a TOML or YAML text."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import tree_sitter
import tree_sitter_toml
import yaml

Path: TypeAlias = tuple[str, ...]
"""Keys and indices (from 0) that lead to a value, such as ("fields", "2", "kind")."""

_TOML = tree_sitter.Language(tree_sitter_toml.language())


@dataclass(frozen=True)
class Lines:
    """Line numbers, from 1, by path."""

    known: Mapping[Path, int]

    def of(self, *path: str | int) -> int:
        """The line of a path, or of the nearest table or list around it if the text lacks it."""
        keys = tuple(map(str, path))
        while keys and keys not in self.known:
            keys = keys[:-1]
        return self.known.get(keys, 1)


NO_LINES = Lines({})
"""The lines of a text that can't be read: every path is on the first one."""


def line_at(text: str, position: int) -> int:
    """The line, from 1, of a position in a text."""
    return text.count("\n", 0, position) + 1


def toml_lines(text: str) -> Lines:
    """The lines of a valid TOML text."""
    known: dict[Path, int] = {}
    for path, line in _toml_document(tree_sitter.Parser(_TOML).parse(text.encode()).root_node):
        for length in range(1, len(path) + 1):
            known.setdefault(path[:length], line)
    return Lines(known)


def yaml_lines(text: str, above: int = 0) -> Lines:
    """The lines of a valid YAML text that comes after `above` other lines in its file."""
    node = yaml.compose(text, yaml.SafeLoader)
    return Lines({path: line + above for path, line in _yaml_value(node, (), set())} if node else {})


def _toml_document(root: tree_sitter.Node) -> Iterator[tuple[Path, int]]:
    elements: Counter[Path] = Counter()  # of each [[array of tables]]
    for node in root.named_children:
        if node.type == "pair":
            yield from _toml_pair(node, ())
        elif node.type in ("table", "table_array_element"):
            header, *pairs = node.named_children
            path = _table_path(_toml_key(header), elements, new=node.type == "table_array_element")
            yield path, node.start_point.row + 1
            for pair in pairs:
                if pair.type == "pair":
                    yield from _toml_pair(pair, path)


def _table_path(keys: Path, elements: Counter[Path], *, new: bool) -> Path:
    """The path of a table header, in which the name of an array of tables means its last element."""
    path: Path = ()
    for number, key in enumerate(keys, 1):
        path += (key,)
        elements[path] += new and number == len(keys)
        if elements[path]:
            path += (str(elements[path] - 1),)
    return path


def _toml_key(node: tree_sitter.Node) -> Path:
    """The parts of a key, which may be bare, quoted or dotted."""
    value = tomllib.loads(f"{(node.text or b'').decode()} = 0")
    path: Path = ()
    while isinstance(value, dict):
        ((key, value),) = value.items()
        path += (key,)
    return path


def _toml_pair(pair: tree_sitter.Node, table: Path) -> Iterator[tuple[Path, int]]:
    key, value = pair.named_children[0], pair.named_children[-1]
    path = (*table, *_toml_key(key))
    yield path, pair.start_point.row + 1
    yield from _toml_value(value, path)


def _toml_value(value: tree_sitter.Node, path: Path) -> Iterator[tuple[Path, int]]:
    inside = [node for node in value.named_children if node.type != "comment"]
    if value.type == "inline_table":
        for pair in inside:
            if pair.type == "pair":
                yield from _toml_pair(pair, path)
    elif value.type == "array":
        for index, element in enumerate(inside):
            yield (*path, str(index)), element.start_point.row + 1
            yield from _toml_value(element, (*path, str(index)))


def _yaml_value(node: yaml.Node, path: Path, seen: set[int]) -> Iterator[tuple[Path, int]]:
    if id(node) in seen:  # an alias, which may lead to itself
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, str(key.value)), key.start_mark.line + 1
            yield from _yaml_value(value, (*path, str(key.value)), seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield (*path, str(index)), value.start_mark.line + 1
            yield from _yaml_value(value, (*path, str(index)), seen)
