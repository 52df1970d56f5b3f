"""Answers of servers, recorded as WARC (ISO 28500), as web archives keep them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

TROUBLE = "WARC-X-Trouble"


@dataclass(frozen=True)
class Recorded:
    """One answer: what a server says to a request for a link.

    `trouble` is how the connection fares: "hang up" before the answer, "wait" with it, "cut off" within the body, or
    "drip" without an end; empty if all goes well. `at` is the moment of the recording as WARC writes it; empty for now.
    """

    link: str
    body: bytes = b""
    status: str = "200 OK"
    headers: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
    at: str = ""


def write_warc(file: Path, answers: Iterable[Recorded]) -> None:
    """Write answers into a WARC file."""
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for answer in answers:
            http = StatusAndHeaders(answer.status, list(answer.headers.items()), protocol="HTTP/1.1")
            about = {name: words for name, words in ((TROUBLE, answer.trouble), ("WARC-Date", answer.at)) if words}
            record = writer.create_warc_record(
                answer.link, "response", payload=BytesIO(answer.body), http_headers=http, warc_headers_dict=about
            )
            writer.write_record(record)
            record.raw_stream.close()


def read_warc(file: Path) -> dict[str, Recorded]:
    """Read a WARC file's answers, by their links."""
    found = {}
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream):
            link = record.rec_headers.get_header("WARC-Target-URI")
            http = record.http_headers
            body = record.raw_stream.read()  # as it was sent, not decompressed
            trouble = record.rec_headers.get_header(TROUBLE, "")
            found[link] = Recorded(link, body, http.statusline, dict(http.headers), trouble)
    return found
