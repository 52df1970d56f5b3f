"""The choice of test files for a place by names and imports alone, which needs no measuring run.

Most breaks fail one of these within seconds, so only those that survive them wait for the measured choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tests.mutation.copies import ROOT
from tests.mutation.imports import imports, name_of, path_of
from tests.mutation.places import Place

MOST = 8
"""Files for one place: the later ones are far from it, and take longer than they are worth."""
MIGRATIONS = "storage/migrations/"
_IMPORT = re.compile(r"^ *(?:from|import) ([\w.]+)", re.MULTILINE)


class Likely:
    """Chooses test files for a place, the likeliest to fail first. `sources` is the digest of the sources."""

    def __init__(self, sources: str) -> None:
        self._measured, self.sources = sources, f"likely-{sources}"

    def of(self, place: Place) -> list[str]:
        """Files of its name, those that import it, the same of its importers, and the folder's; at most MOST."""
        if place.module.startswith(MIGRATIONS):  # nothing imports them; the tests of migrations import what goes back
            return list(_importing({"tests.storage.migrations"}))[:MOST]
        name, graph = name_of(place.module), imports()
        importers = sorted(graph.find_modules_that_directly_import(name)) if name in graph.modules else []
        groups = ([name], importers)
        files = [file for group in groups for file in (*_named_after(group), *_importing(set(group)))]
        folder = (Path("tests") / place.module).parent.as_posix()
        files += [file for file in _imported() if file.startswith(f"{folder}/")]
        return list(dict.fromkeys(files))[:MOST]

    def has_tried(self, sources: str) -> bool:
        """Tell if it survived these files, or the tests of a measuring run."""
        return sources in {self.sources, self._measured}


def _named_after(modules: Iterable[str]) -> Iterator[str]:
    """The mirrored file of each module, then those of its package that begin with the same name."""
    for path in map(Path, map(path_of, modules)):
        name = f"test_{path.stem}"
        yield from (file for file in _imported() if file == (Path("tests") / path.with_name(f"{name}.py")).as_posix())
        tests = [Path(file) for file in _imported() if file.startswith(f"tests/{path.parts[0]}/")]
        yield from (file.as_posix() for file in tests if file.stem == name or file.stem.startswith(f"{name}_"))


def _importing(modules: set[str]) -> Iterator[str]:
    return (file for file, imported in _imported().items() if not modules.isdisjoint(imported))


@cache
def _imported() -> dict[str, set[str]]:
    """The modules that every test file imports, by its path."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return {f.relative_to(ROOT).as_posix(): set(_IMPORT.findall(f.read_text(encoding="utf-8"))) for f in files}
