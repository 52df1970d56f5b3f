"""Finds settings in .env that nothing reads, because their names are misspelt or no equals sign follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bots.common.settings import Settings
from core.petition.wording import nearest

_SURE = 0.75  # similarity from which another program's variable is unlikely
_LINE = re.compile(r"\s*(?:export\s+)?(?P<name>[A-Za-z_][\w-]*)\s*(?P<sign>=|:|\s|$)")


def misspelt_settings(path: Path = Path(".env")) -> Iterator[str]:
    """A sentence for each line of the file that is most likely meant to be a setting, but isn't one."""
    known = [name.upper() for name in Settings.model_fields]
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):  # load_settings reports what can't be read
        return
    for number, line in enumerate(lines, 1):
        written = _LINE.match(line)
        if not written:
            continue
        name = written["name"].upper()
        if name in known and written["sign"] != "=":
            yield f"{path}:{number}: {name} isn't read: write {name}=..., with an equals sign"
        elif name not in known and (near := nearest(name, known, _SURE)):
            yield f"{path}:{number}: there's no setting {written['name']}. Did you mean {near}?"
