"""Where a petition stands on the web front."""

from __future__ import annotations

from urllib.parse import urlencode


def page_of(public_url: str, petition: str, label: str = "") -> str:
    """The address of a petition's page, with the label that a signature by it is counted under."""
    return f"{public_url}/p/{petition}" + (f"?{urlencode({'source': label})}" if label else "")
