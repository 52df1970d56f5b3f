"""Reading a text on each platform: the size of its pages, and if it also comes whole, in one scroll."""

from __future__ import annotations

from collections.abc import Mapping

from core.platforms import Platform
from core.signatures.signature import SignerContext
from core.text.pages import PageSize

_SCREENFUL = PageSize(1800)
_SIZES: Mapping[str, PageSize] = {
    Platform.TELEGRAM: PageSize(3750),  # of the 4096 of a message; the rest is for the lines above the page
    Platform.DISCORD: PageSize(3650, markdown=True, components=28),  # of 4000 and 40, and of about 10,000 bytes
}


def page_size(platform: str) -> PageSize:
    """The size of a page that fits one message of a platform, or one screen of a terminal."""
    return _SIZES.get(platform, _SCREENFUL)


def offers_whole(known: SignerContext) -> bool:
    """True if this reader can ask for the whole text in one scroll: their platform has it, and they can read it."""
    return known.platform == Platform.TELEGRAM and known.reads_whole is not False
