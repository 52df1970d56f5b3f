"""The right address for one that people mistyped, or that a program changed."""

from __future__ import annotations

import re
from collections.abc import Collection

_SLASHES = re.compile("/{2,}")
_AROUND = "/.,;:!?)]}>*_ \"'»”’…"  # a link ends with these if the text around it was copied too


def right_path(path: str, known: Collection[str]) -> str | None:
    """The known path that is meant by one with capital letters, doubled slashes, or a slash or punctuation at its end.

    `path` is decoded, so that percent-encoded characters mean the same as plain ones.
    """
    plain = _SLASHES.sub("/", path.lower()).rstrip(_AROUND) or "/"
    return plain if plain in known else None
