"""Addresses that headers and pages give, resolved as browsers do."""

from __future__ import annotations

import re
from urllib.parse import urljoin

_NOT_UTF8 = re.compile("[\udc80-\udcff]")  # a byte of a header that isn't UTF-8, as aiohttp gives it


def resolved(base: str, written: str) -> str:
    """The whole address that a page at `base` means; empty if it gives none, or one that makes no sense.

    Blanks and bytes in another encoding, which some servers send as they are, are percent-encoded.
    """
    encoded = _NOT_UTF8.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", written.strip()).replace(" ", "%20")
    try:
        return urljoin(base, encoded) if encoded else ""
    except ValueError:
        return ""
