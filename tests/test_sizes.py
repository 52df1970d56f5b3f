"""Modules and functions stay small, in the product and in the tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("core", "bots", "storage", "tests")
LONGEST_MODULE, LONGEST_FUNCTION = 300, 30  # lines, docstrings and signatures included


def test_no_module_and_no_function_is_too_long() -> None:
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    assert len(paths) > 600, "the project has more than that"
    too_long = [
        f"{path.relative_to(ROOT)}: {fault}" for path in paths for fault in faults(path.read_text(encoding="utf-8"))
    ]
    assert not too_long, "\n".join(too_long)


def test_every_kind_of_function_is_measured() -> None:
    body = "\n".join(f"    {number}" for number in range(LONGEST_FUNCTION))
    within = body.rpartition("\n")[0]
    assert list(faults(f"def a():\n{within}\n")) == []
    assert list(faults(f"@b\nasync def a():\n{body}\n")) == ["line 2: a has 31 lines"]
    method = body.replace("    ", "        ")
    assert list(faults(f"class A:\n    def a(self):\n{method}\n")) == ["line 2: a has 31 lines"]
    assert list(faults("0\n" * LONGEST_MODULE)) == []
    assert list(faults("0\n" * (LONGEST_MODULE + 1))) == ["301 lines"]


def faults(module: str) -> Iterator[str]:
    """Everything in a module that is too long, and the module itself."""
    lines = len(module.splitlines())
    if lines > LONGEST_MODULE:
        yield f"{lines} lines"
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"line {node.lineno}: {node.name} has {lines} lines"
