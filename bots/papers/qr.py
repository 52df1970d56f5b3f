"""QR codes of links, as pictures to scan from a screen or from paper."""

from __future__ import annotations

import io
from itertools import groupby

import segno

from bots.papers.qr_symbol import row_bytes, symbol_of
from bots.papers.typesetting import set_png

_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d"><path fill="#fff" d="M0 0h999v999H0z"/>'
    b'<path stroke="#000" d="M%d %d.5%s"/></svg>'
)
SIDE = 800  # pixels, roughly
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

    It takes a fiftieth of the time of segno's own, so that a web page can have one for each label.

    Raises:
        ValueError: the link is longer than a QR code can hold (about 2,300 bytes).
    """
    symbol = symbol_of(link)
    width = row_bytes(symbol.size)
    lines = [_LINES[eight] for eight in symbol.rows]
    next_row = b"m-%d 1" % (8 * width)
    lines[width - 1 :: width] = [line + next_row for line in lines[width - 1 :: width]]
    return _SVG % (symbol.size + 2 * QUIET_ZONE, symbol.size + 2 * QUIET_ZONE, QUIET_ZONE, QUIET_ZONE, b"".join(lines))


def _code(link: str) -> segno.QRCode:
    return segno.make_qr(link, error="m", boost_error=False)


def _line(eight: int) -> bytes:
    """The path along eight modules: lines over the dark ones, moves over the light ones."""
    runs = ((module, len(list(run))) for module, run in groupby(f"{eight:08b}"))
    return b"".join(b"h%d" % length if module == "1" else b"m%d 0" % length for module, length in runs)


_LINES = tuple(_line(eight) for eight in range(256))
