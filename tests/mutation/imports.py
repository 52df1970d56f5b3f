"""The imports between the modules of the product."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath

import grimp

from tests.mutation.copies import ROOT
from tests.mutation.sampling import PACKAGES


@cache
def imports() -> grimp.ImportGraph:
    """The product's import graph."""
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def name_of(path: str) -> str:
    """A module's dotted name: `core/text/__init__.py` is `core.text`."""
    return ".".join(PurePosixPath(path).with_suffix("").parts).removesuffix(".__init__")


def path_of(name: str) -> str:
    """A module's path; the other way round."""
    path = name.replace(".", "/")
    return f"{path}/__init__.py" if (ROOT / path).is_dir() else f"{path}.py"
