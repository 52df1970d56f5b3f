"""Lists every module with the first line of its docstring: `python -m tests.modules` renews docs/modules.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
OVERVIEW = ROOT / "docs" / "modules.md"
_HEAD = """# Modules

Each module with the first line of its docstring. Written by `make docs`; a test keeps it current.
"""


def overview() -> str:
    """The page as Markdown: a heading for each package, a line for each of its modules."""
    packages = (folder for root in ("core", "storage", "bots") for folder in _packages(ROOT / root))
    return _HEAD + "".join(map(_section, packages))


def _packages(root: Path) -> Iterator[Path]:
    yield from sorted(path.parent for path in root.rglob("__init__.py") if "migrations" not in path.parts)


def _section(folder: Path) -> str:
    lines = [f"\n## {folder.relative_to(ROOT)}\n", f"{_first_line(folder / '__init__.py')}\n\n"]
    modules = sorted(path for path in folder.glob("*.py") if not path.name.startswith("__"))
    lines += [f"- `{path.stem}`: {_first_line(path)}\n" for path in modules]
    return "".join(lines)


def _first_line(module: Path) -> str:
    """The docstring begins each file; parsing all of them to find it would take a second."""
    return module.read_text(encoding="utf-8").removeprefix('"""').partition("\n")[0].removesuffix('"""')


def main() -> None:
    """Write the overview into docs/modules.md."""
    OVERVIEW.write_text(overview(), encoding="utf-8")


if __name__ == "__main__":
    main()
