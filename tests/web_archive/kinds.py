"""The kinds of pages in kinds.toml, as recorded answers."""

from __future__ import annotations

import gzip
import io
import re
import tomllib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from bots.sources.page_reader import PageReader
from tests.web_archive.recording import Recorded

_FILE = Path(__file__).with_name("kinds.toml")
_MEGABYTE = 2**20
_ARTICLE = (
    "<article><h1>Forty elms to go by spring</h1><p>The city will fell forty elms on Elm Street by spring. The mayor "
    "said on Thursday that the trees are sick, but nobody asked the neighbors.</p>"
    + "".join(
        f"<p>Neighbor number {number} has lived on the street for years and says that the trees give shade in summer, "
        "keep the rain off the pavement, and are home to more birds than anyone has counted so far.</p>"
        for number in ("one", "two", "three", "four", "five", "six")
    )
    + "</article>"
)


@dataclass(frozen=True)
class Kind:
    """A kind of page: the source's link and quote, what servers answer, and what the checker must find.

    `before` is the state at the look before; empty without one. `reader` has the limits for reading the page.
    """

    name: str
    link: str
    quote: str
    state: str
    passage: str
    final_link: str
    facts: dict[str, str]
    before: str
    reader: PageReader
    recordings: Callable[[], tuple[Recorded, ...]] = field(compare=False, repr=False)

    @cached_property
    def answers(self) -> tuple[Recorded, ...]:
        """The recorded answers, made when first asked for: one unpacks to 200 megabytes."""
        return self.recordings()


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds in the table."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(_kind(table["defaults"] | row) for row in table["kind"])


def _kind(row: dict[str, Any]) -> Kind:
    site = re.sub(r"\W+", "-", row["name"].lower()).strip("-")[:60].strip("-") + ".example"

    def full(link: str) -> str:
        return link.replace("~", site)

    link = full(row.get("link", "http://~/2018/06/elms"))

    def recordings() -> tuple[Recorded, ...]:
        return tuple(_recorded(answer, link, full) for answer in row.get("answers", [row]))

    facts: dict[str, str] = {name: row[name] for name in ("title", "publication", "date") if name in row}
    passage = row.get("passage", "unread")
    final = full(row.get("final_link", ""))
    reader = PageReader(row.get("seconds", 1e6), row.get("memory", 2048) * _MEGABYTE)
    return Kind(
        row["name"], link, row["quote"], row["state"], passage, final, facts, row.get("before", ""), reader, recordings
    )


def _recorded(answer: dict[str, Any], link: str, full: Any) -> Recorded:
    headers = {"Content-Type": answer.get("type", "text/html"), "Location": full(answer.get("to", ""))}
    headers |= {"Content-Encoding": answer.get("coding", ""), "Set-Cookie": answer.get("cookie", "")}
    headers |= answer.get("headers", {})
    body = _MADE[answer["made"]]() if "made" in answer else _text(answer, full)
    return Recorded(
        full(answer.get("link", link)), _coded(body, answer.get("coding", "")), answer.get("status", "200 OK"),
        {name: value for name, value in headers.items() if value}, answer.get("trouble", ""),
    )  # fmt: skip


def _text(answer: dict[str, Any], full: Any) -> bytes:
    html = full(answer.get("html", "")).replace("ARTICLE", _ARTICLE)
    return (answer.get("text", "") + html).encode(answer.get("encoding", "utf-8"))  # type: ignore[no-any-return]


def _coded(body: bytes, coding: str) -> bytes:
    if coding == "gzip":
        return gzip.compress(body, mtime=0)
    if coding == "deflate":
        bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        return bare.compress(body) + bare.flush()
    return body


def pdf(title: str, *lines: str, pages: int = 1) -> bytes:
    """A PDF with the same lines of text on each page, in a standard font."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {shown} ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{'3 0 R ' * pages}]/Count {pages}>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", f"<</Title({title})/CreationDate(D:20180628090000Z)>>",
    )  # fmt: skip
    file, places = io.BytesIO(b"%PDF-1.4\n"), []
    file.seek(0, io.SEEK_END)
    for number, content in enumerate(objects, 1):
        places.append(file.tell())
        file.write(f"{number} 0 obj{content}endobj\n".encode())
    start = file.tell()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 7\n0000000000 65535 f \n{table}trailer<</Size 7/Root 1 0 R/Info 6 0 R>>\nstartxref\n{start}\n%%EOF"
    return file.getvalue() + end.encode()


def _report() -> bytes:
    return pdf("Report on the elms", "The city will fell forty elms on Elm", "Street by spring.")


def _bomb() -> bytes:
    return b"<p>" + b" " * (200 * _MEGABYTE) + b"The city will fell forty elms on Elm Street by spring."


def _huge() -> bytes:
    return _ARTICLE.encode() + b"<!--" + b"x" * (6 * _MEGABYTE) + b"-->"


def _deep() -> bytes:
    return b"<div>" * 1500 + _ARTICLE.encode() + b"</div>" * 1500


def _bottomless() -> bytes:
    return (
        b'<script type="application/ld+json">{"isAccessibleForFree": '
        + b"[" * 100_000
        + b"</script>"
        + _ARTICLE.encode()
    )


def _cut() -> bytes:
    return gzip.compress(_ARTICLE.encode(), mtime=0)[:-12]


def _volume() -> bytes:
    return pdf("The elms, in many pages", "Elms.", pages=301)


def _lines() -> bytes:
    return b"<p>Elm</p>\n" * 100_000


def _comments() -> bytes:
    return _ARTICLE.encode() + b"<p>Elm</p>\n" * 20_000


def _drawing() -> bytes:
    return pdf("A drawing of the elms", *["Elm"] * 20_000, pages=300)


def _rows() -> bytes:
    return b"<table>" + b"<tr><td>" * 600_000


def _blanks() -> bytes:
    return b"<p>Error" + b" " * 50_000 + b"now"


def _rules() -> bytes:
    """Rules of which the 500 KiB that are read end within a rule."""
    cut = b"\nDisallow: /2018"
    return b"User-agent: *\n#" + b"x" * (500 * 2**10 - 15 - len(cut)) + cut + b"/oaks\n"


_MADE = {
    "pdf": _report, "bomb": _bomb, "huge": _huge, "deep": _deep, "bottomless": _bottomless, "cut": _cut,
    "volume": _volume, "blanks": _blanks, "rules": _rules, "lines": _lines, "drawing": _drawing, "rows": _rows,
    "comments": _comments,
}  # fmt: skip


def recorded() -> Iterator[Recorded]:
    """The answers of all kinds."""
    for kind in kinds():
        yield from kind.answers
