"""Finds settings in .env that nothing reads, because their names are misspelt or no equals sign follows."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from bots.common.settings import Settings
from core.petition.wording import nearest

_SURE = 0.75  # similarity from which another program's variable is unlikely


def misspelt_settings(path: Path = Path(".env")) -> Iterator[str]:
    """A sentence for each line of the file that is most likely meant to be a setting, but isn't one."""
    known = [name.upper() for name in Settings.model_fields]
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):  # load_settings reports what can't be read
        return
    for binding in parse_stream(StringIO(text)):
        name = _name(binding)
        place = f"{path}:{_line(binding)}"
        if name.upper() in known and binding.value is None:
            yield f"{place}: {name.upper()} isn't read: write {name.upper()}=..., with an equals sign"
        elif name and name.upper() not in known and (near := nearest(name.upper(), known, _SURE)):
            yield f"{place}: there's no setting {name}. Did you mean {near}?"


def _name(binding: Binding) -> str:
    """The name that a line begins with; empty for a comment or an empty line."""
    if binding.key is not None or not binding.error:
        return binding.key or ""
    words = binding.original.string.removeprefix("export ").split()
    return words[0].partition(":")[0] if words else ""


def _line(binding: Binding) -> int:
    """The line (from 1) with the name; a binding includes the empty lines above it."""
    written = binding.original.string
    return binding.original.line + written[: len(written) - len(written.lstrip())].count("\n")
