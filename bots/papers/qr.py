"""QR codes of links, as pictures to scan from a screen or from paper."""

from __future__ import annotations

import io

import segno

from bots.papers.typesetting import set_png

SIDE = 800  # pixels, roughly
_MASK = 2  # for links like ours, its penalty is 3% above that of the best mask of each
QUIET_ZONE = 4  # modules of white around it, as ISO/IEC 18004 requires


def draw_qr(link: str, words: str = "", locale: str = "en") -> bytes:
    """A PNG of the link as a QR code, black on white, with `words` (such as the link in readable form) below it.

    Error correction M: it can be read with 15% of it damaged. Every module is a whole number of pixels.

    Raises:
        ValueError: the link is longer than a QR code can hold (about 2,300 bytes).
    """
    code = _code(link)
    modules = code.symbol_size(border=QUIET_ZONE)[0]
    scale = max(SIDE // modules, 2)
    if words:
        rows = ["".join("1" if module else "0" for module in row) for row in code.matrix_iter(border=QUIET_ZONE)]
        values = {"rows": rows, "words": words}
        return set_png("qr.typ", values, locale, scale)
    file = io.BytesIO()
    code.save(file, kind="png", scale=scale, border=QUIET_ZONE)
    return file.getvalue()


def draw_qr_svg(link: str) -> bytes:
    """An SVG of the link as a QR code, black on white, that scales to any size.

    All have the same mask, since comparing eight takes most of the time (ISO/IEC 18004, 7.8.3), and a page may ask for
    one for each label. Readers take any of them.

    Raises:
        ValueError: the link is longer than a QR code can hold (about 2,300 bytes).
    """
    file = io.BytesIO()
    _code(link, _MASK).save(file, kind="svg", border=QUIET_ZONE, light="#fff", omitsize=True)
    return file.getvalue()


def _code(link: str, mask: int | None = None) -> segno.QRCode:
    return segno.make_qr(link, error="m", boost_error=False, mask=mask)
