"""The body of a Bot API call: JSON, form fields, or files as multipart; and a watch over slow uploads."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import aiohttp
from telegram.request import RequestData

from bots.telegram.network_errors import WriteStalled

# The amount that the socket's buffer takes at once; a smaller body cannot stall.
_CHUNK = 64 * 1024
# Marks where a file read later goes in the body.
_PLACE = b"<the file>"


@dataclass(slots=True)
class Body:
    """The encoded body of one call, its headers, and (while it is being sent) its write time-out.

    A `file` follows the content, is read while it is sent, and comes before `tail`.
    """

    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None
    tail: bytes = b""
    _alarm: asyncio.Timeout | None = None
    _longest: float | None = None

    def stream(self) -> bytes | AsyncIterator[bytes] | None:
        """Data for aiohttp: None, the bytes, or the chunks of a large body."""
        return self._chunks() if self._is_large() else self.content or None

    def _is_large(self) -> bool:
        return self.file is not None or len(self.content) > _CHUNK

    @asynccontextmanager
    async def sending(self, longest: float | None) -> AsyncIterator[None]:
        """Raise WriteStalled inside the block as soon as one chunk takes longer than `longest` seconds."""
        if longest is None or not self._is_large():
            yield
            return
        alarm = asyncio.timeout(None)
        try:
            async with alarm:
                self._alarm, self._longest = alarm, longest
                try:
                    yield
                finally:
                    self._alarm = None
        except TimeoutError:
            if alarm.expired():
                raise WriteStalled from None
            raise

    async def _chunks(self) -> AsyncIterator[bytes]:
        for chunk in self._pieces():
            self._rearm(self._longest)
            yield chunk
        # Everything has been handed over; from here on the read time-out counts.
        self._rearm(None)

    def _pieces(self) -> Iterator[bytes]:
        for start in range(0, len(self.content), _CHUNK):
            yield self.content[start : start + _CHUNK]
        if self.file is not None:
            with self.file.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
            yield self.tail

    def _rearm(self, seconds: float | None) -> None:
        if self._alarm is not None:
            now = asyncio.get_running_loop().time()
            self._alarm.reschedule(None if seconds is None else now + seconds)


@dataclass(frozen=True, slots=True)
class JsonBody:
    """Parameters that are plain values, sent as they are."""

    values: dict[str, Any]
    contains_files: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class FileBody:
    """Parameters, one of which is a file: `content`, or the file at `path`, which is not read into memory."""

    values: dict[str, Any]
    parameter: str
    filename: str
    content: bytes = b""
    path: Path | None = None
    contains_files: ClassVar[bool] = True


async def encode(data: RequestData | JsonBody | FileBody) -> Body:
    """The call's parameters as JSON or as a form, or as multipart if they include files."""
    if isinstance(data, FileBody):
        return await _with_file(data)
    if isinstance(data, JsonBody):
        return Body(json.dumps(data.values, ensure_ascii=False).encode(), {"Content-Type": "application/json"})
    if data.contains_files:
        return await _multipart(data)
    return Body(data.url_encoded_parameters().encode(), {"Content-Type": "application/x-www-form-urlencoded"})


async def _multipart(data: RequestData) -> Body:
    # Telegram reads unquoted field names and file names; it does not know RFC 5987's filename*.
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        # aiohttp warns about large bare bytes; a warning turned into an error would print the file's whole content.
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=mime)
    payload = form()
    content = await payload.as_bytes()
    # The length is given because a streamed body would otherwise be sent in HTTP chunks.
    return Body(content, {"Content-Type": payload.headers["Content-Type"], "Content-Length": str(len(content))})


async def _with_file(data: FileBody) -> Body:
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in data.values.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    file = data.content if data.path is None else _PLACE
    form.add_field(data.parameter, io.BytesIO(file), filename=data.filename)
    payload = form()
    content = await payload.as_bytes()
    tail = b""
    if data.path:
        content, _, tail = content.rpartition(_PLACE)
    size = len(content) + len(tail) + (data.path.stat().st_size if data.path else 0)
    headers = {"Content-Type": payload.headers["Content-Type"], "Content-Length": str(size)}
    return Body(content, headers, data.path, tail)
