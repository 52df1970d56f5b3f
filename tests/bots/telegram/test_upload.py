"""Files on their way to Telegram: read from disk while they are sent, and sent again as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram.error import BadRequest

from bots.papers.pictures import PictureFile
from bots.telegram.calls import Calls
from bots.telegram.limiter import REPLY, Limiter, Retrying
from bots.telegram.network_errors import UploadStalled
from bots.telegram.transport import AiohttpRequest, Timeouts
from bots.telegram.upload import FileBody, encode
from tests.bots.telegram.test_transport import deaf_server
from tests.patience import patience
from tests.telegram_server import TOKEN, ChatView, TelegramServer


@asynccontextmanager
async def calls_to(root: str, stalled_after: float = 20.0) -> AsyncIterator[Calls]:
    async with AiohttpRequest(timeouts=Timeouts(media_write=stalled_after)) as request:
        yield Calls(request, Limiter(retrying=Retrying(tries=2, first_wait=0.01)), f"{root}/bot{TOKEN}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "signers-1.csv"
    path.write_bytes(bytes(range(256)) * 5000)
    return path


async def test_a_file_arrives_whole_under_its_name(server: TelegramServer, chat: ChatView, file: Path) -> None:
    async with calls_to(server.root) as calls:
        await calls.send_document(11, file)
    assert chat.last.file == file.read_bytes()  # noqa: ASYNC240
    assert chat.last.extra["document"]["file_name"] == "signers-1.csv"


async def test_it_is_not_taken_into_memory(file: Path) -> None:
    body = await encode(FileBody({"chat_id": 11}, "document", file.name, path=file))
    assert len(body.content) < 1000
    assert body.headers["Content-Length"] == str(len(body.content) + 256 * 5000 + len(body.tail))


async def test_a_second_try_begins_at_the_beginning(server: TelegramServer, chat: ChatView, file: Path) -> None:
    server.drop_next("sendDocument", applied=False)
    async with calls_to(server.root) as calls:
        await calls.send_document(11, file, REPLY)
    assert chat.last.file == file.read_bytes()  # noqa: ASYNC240


@pytest.mark.server
async def test_a_file_that_stalls_is_given_up(tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(20_000_000))
    async with patience(), deaf_server() as root, calls_to(root, 0.1) as calls:
        with pytest.raises(UploadStalled):
            await calls.send_document(11, large)


async def test_a_caption_that_is_too_long_is_cut(server: TelegramServer, chat: ChatView) -> None:
    async with calls_to(server.root) as calls:
        await calls.send_photo(11, PictureFile("a.png", b"\x89PNG" + bytes(20), "😀" * 2000))
    assert chat.last.text.endswith("…")


@pytest.mark.parametrize(
    ("picture", "error"),
    [
        (b"\x89PNG" + bytes(11 * 1024 * 1024), "is too big for a photo; the maximum size is 10485760 bytes"),
        (b"\x89PNG" + bytes(14) + b"\x27\x10" + bytes(2) + b"\x00\x01", "Photo_invalid_dimensions"),
    ],
)
@pytest.mark.usefixtures("chat")
async def test_pictures_that_telegram_does_not_take(server: TelegramServer, picture: bytes, error: str) -> None:
    async with calls_to(server.root) as calls:
        with pytest.raises(BadRequest, match=error):
            await calls.send_photo(11, PictureFile("a.png", picture, ""))


@pytest.mark.usefixtures("chat")
async def test_files_above_telegrams_limit_are_refused(server: TelegramServer, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    with large.open("wb") as sparse:
        sparse.truncate(50 * 1024 * 1024 + 1)
    async with calls_to(server.root) as calls:
        with pytest.raises(Exception, match="Request Entity Too Large"):
            await calls.send_document(11, large)
