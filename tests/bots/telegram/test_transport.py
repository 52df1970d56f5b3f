"""AiohttpRequest against the server: calls, files, polling, time-outs."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram import Bot, InputFile, Update
from telegram.error import BadRequest
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters
from telegram.request import RequestData

from bots.telegram import transport
from bots.telegram.network_errors import (
    AnswerTimedOut,
    ConnectTimedOut,
    GatewayFailed,
    RequestLost,
    Unsent,
    UploadStalled,
)
from bots.telegram.transport import AiohttpRequest, Timeouts
from tests.bots.telegram.bots import bot_on
from tests.patience import limit, load, patience, until
from tests.telegram_server import TOKEN, ChatView, TelegramServer

pytestmark = pytest.mark.server

QUICK = Timeouts(read=0.1)


@asynccontextmanager
async def deaf_server() -> AsyncIterator[str]:
    """Accepts connections and reads nothing."""
    done = asyncio.Event()

    async def ignore(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await done.wait()
        writer.transport.abort()

    listening = await asyncio.start_server(ignore, "127.0.0.1", 0, limit=1024)
    async with listening:
        try:
            yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        finally:
            done.set()


async def test_a_message_arrives_with_all_that_it_holds(server: TelegramServer, chat: ChatView) -> None:
    async with bot_on(server.root) as bot:
        message = await bot.send_message(11, "Zażółć & <b>ok</b> 😀", parse_mode="HTML")

    assert message.text == chat.last.text == "Zażółć & ok 😀"
    assert server.calls("sendMessage")[0].params["chat_id"] == 11


@pytest.mark.parametrize("size", [0x100, 0x40000])
async def test_a_document_arrives_byte_for_byte(server: TelegramServer, chat: ChatView, size: int) -> None:
    content = bytes(range(256)) * (size // 256)
    async with bot_on(server.root) as bot:
        await bot.send_document(11, content, filename='ünter "q".bin', caption="here & now")

    assert chat.last.file == content
    assert chat.last.extra["document"]["file_name"].startswith("ünter")
    assert chat.last.text == "here & now"


async def test_an_open_file_is_sent(server: TelegramServer, chat: ChatView, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(b"a,b\r\n")
    with path.open("rb") as file:
        async with bot_on(server.root) as bot:
            await bot.send_document(11, InputFile(file, read_file_handle=False))
            await bot.send_document(11, io.BytesIO(b"in memory"), filename="x.txt")

    assert [message.file for message in chat.messages] == [b"a,b\r\n", b"in memory"]


async def test_refusals_become_the_errors_of_the_library(server: TelegramServer, chat: ChatView) -> None:
    async with bot_on(server.root) as bot:
        with pytest.raises(BadRequest, match="Message is too long"):
            await bot.send_message(chat.chat.id, "x" * 4097)


async def test_connections_are_kept_alive(server: TelegramServer) -> None:
    async with bot_on(server.root, connections=1) as bot:
        for _ in range(5):
            await bot.get_me()
        session = bot.request._session  # type: ignore[attr-defined]
        assert len(session.connector._conns) == 1


async def test_a_long_poll_can_be_cancelled_and_taken_up_again(server: TelegramServer, chat: ChatView) -> None:
    async with bot_on(server.root) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=10))
        await until(lambda: server.world.updates.polls == 1, "the poll has come")
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        await chat.send("hello", wait=False)
        (update,) = await bot.get_updates(timeout=10)

    assert update.message
    assert update.message.text == "hello"


async def test_the_transport_lives_again_after_a_shutdown(server: TelegramServer) -> None:
    request = AiohttpRequest()
    bot = Bot(TOKEN, base_url=server.base_url, request=request, get_updates_request=AiohttpRequest())
    for _ in range(2):
        async with request:
            await request.initialize()
            await bot.get_me()
        await request.shutdown()
    with pytest.raises(RuntimeError, match="not initialized"):
        await request.do_request("http://127.0.0.1/", "GET")


async def test_no_redirect_is_followed() -> None:
    requests = []

    async def send_away(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        place = f"http://127.0.0.1:{writer.get_extra_info('sockname')[1]}/elsewhere"
        writer.write(f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(send_away, "127.0.0.1", 0)
    async with listening, AiohttpRequest() as request:
        port = listening.sockets[0].getsockname()[1]
        with pytest.raises(GatewayFailed, match="302"):
            await request.do_request(f"http://127.0.0.1:{port}/", "POST")
    assert len(requests) == 1


async def test_a_slow_answer_times_out(server: TelegramServer) -> None:
    server.slow_next("getMe", 0.3)
    async with bot_on(server.root, QUICK) as bot:
        with pytest.raises(AnswerTimedOut):
            await bot.get_me()
        server.slow_next("getMe", 0.15)
        await bot.get_me(read_timeout=limit())


async def test_a_504_leaves_doubt_and_a_502_does_not(server: TelegramServer, chat: ChatView) -> None:
    server.gateway_timeout_next("sendMessage")
    server.bad_gateway_next("sendMessage")
    async with bot_on(server.root) as bot:
        with pytest.raises(RequestLost, match="504") as lost:
            await bot.send_message(11, "carried out all the same")
        with pytest.raises(GatewayFailed, match="502"):
            await bot.send_message(11, "never handed on")
    assert not isinstance(lost.value, Unsent)
    assert [message.text for message in chat.messages] == ["carried out all the same"]


async def test_a_call_that_finds_no_free_connection_was_not_sent(server: TelegramServer) -> None:
    server.slow_next("getMe", 0.3)
    async with bot_on(server.root, Timeouts(pool=0.05), connections=1) as bot:
        first = asyncio.create_task(bot.get_me())
        await until(lambda: server._api.in_flight > 0, "the first call has come")
        with pytest.raises(ConnectTimedOut, match="busy"):
            await bot.get_me()
        await bot.get_me(pool_timeout=limit())
        await first
    assert len(server.calls("getMe")) == 2


async def test_an_upload_that_stalls_is_given_up() -> None:
    async with deaf_server() as root, bot_on(root, Timeouts(read=limit(), media_write=0.1)) as bot:
        with pytest.raises(UploadStalled):
            await bot.send_document(11, bytes(20_000_000))


async def test_a_large_upload_may_take_longer_than_the_write_time_out_altogether(
    server: TelegramServer, chat: ChatView
) -> None:
    server.slow_next("sendDocument", 0.3 * load())
    async with bot_on(server.root, Timeouts(read=limit(), media_write=0.2 * load())) as bot:
        await bot.send_document(11, bytes(1_000_000))
    assert len(chat.last.file or b"") == 1_000_000


async def test_an_application_polls_and_answers(server: TelegramServer, chat: ChatView) -> None:
    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        await update.message.reply_text(update.message.text or "")

    builder = ApplicationBuilder().token(TOKEN).base_url(server.base_url)
    app = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest(connections=1)).build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    assert app.updater
    async with app:
        await app.updater.start_polling()
        await app.start()
        server.wait_also(app.update_queue.join)
        await chat.send("hello")
        await app.updater.stop()
        await app.stop()

    assert chat.transcript() == "Anna: hello\n\nUndersign: hello"


async def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "BODY_SECONDS", 0.3)
    gone = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not (reader.at_eof() or writer.is_closing()):
            writer.write(b" ")
            await asyncio.sleep(0.05)
        writer.transport.abort()
        gone.set()

    listening = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with listening, patience():
        async with bot_on(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}") as bot:
            with pytest.raises(AnswerTimedOut):
                await bot.get_me()
        await gone.wait()


async def test_a_get_without_data_is_possible(server: TelegramServer) -> None:
    async with AiohttpRequest() as request:
        status, body = await request.do_request(f"{server.base_url}{TOKEN}/getMe", "GET", RequestData())
    assert (status, b'"ok": true' in body) == (200, True)
