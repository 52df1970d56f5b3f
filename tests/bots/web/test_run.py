"""`undersign run web` as a process of its own: stops in good order, logs nothing of its readers, says what is wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from bots.telegram.webhook import PATH
from tests.bots.figures import figure
from tests.bots.process import BotProcess, let_people_hurry, log_contains
from tests.bots.telegram.test_run import sees
from tests.command import run
from tests.patience import patience, until
from tests.ports import unused_port
from tests.telegram_server import TOKEN, TelegramServer

pytestmark = pytest.mark.process

UP = "the pages are up"
WRONG = "1234567:a-wrong-token-of-the-usual-length-000"


async def got(url: str) -> tuple[int, str]:
    """Status and text."""
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


async def test_it_serves_beside_other_processes_and_lets_its_listeners_go(tmp_path: Path) -> None:
    port = unused_port()
    root = f"http://127.0.0.1:{port}"
    log = tmp_path / "bot.log"
    process = BotProcess(tmp_path, {"WEB_PORT": str(port)}, lambda: log_contains(log, UP))
    async with process.running("web"), aiohttp.ClientSession() as session:
        done = await asyncio.to_thread(run, tmp_path, "try", "--count", stdin="Sign\nAda Lovelace\n90210\nConfirm\n")
        assert "Thank you!" in done.stdout
        async with session.get(f"{root}/?source=secret-label", headers={"User-Agent": "secret"}) as page:
            assert page.status == 200
            assert "You can&#39;t sign this petition in a chat yet. Please come back later." in await page.text()
        async with session.get(f"{root}/p/salesforce-cbp/live") as live, patience():
            while b'"count": 1,' not in await live.content.readline():
                pass
            assert await process.stop() == 0
    assert "secret" not in log.read_text()
    assert "127.0.0.1 " not in log.read_text()
    assert "Traceback" not in log.read_text()


async def test_pages_and_telegrams_posts_come_to_one_port_and_figures_to_another(tmp_path: Path) -> None:
    await asyncio.to_thread(let_people_hurry, tmp_path)
    root, watch = (f"http://127.0.0.1:{unused_port()}" for _ in range(2))
    async with TelegramServer(quiet=0.3) as telegram:
        settings = {
            "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.root, "PUBLIC_URL": root,
            "WEB_PORT": root.rpartition(":")[2], "METRICS_PORT": watch.rpartition(":")[2],
        }  # fmt: skip
        log = tmp_path / "bot.log"
        process = BotProcess(tmp_path, settings, lambda: log_contains(log, UP) and bool(telegram.world.webhook))
        async with process.running():
            chat = telegram.person(7, "Suzie").private_chat()
            for act, words, then in (
                (chat.send, "/start salesforce-cbp", "A petition to"),
                (chat.press, "Sign", "Your postal code"),
                (chat.send, "90210", "about to sign"),
                (chat.press, "Confirm", "Thank you!"),
            ):
                await act(words, wait=False)
                await sees(chat, then)
            assert telegram.calls("getUpdates") == []
            assert "t.me/undersign_bot?start=salesforce-cbp" in (await got(f"{root}/p/salesforce-cbp"))[1]
            assert (await got(f"{root}{PATH}"))[0] == 404
            assert (await got(f"{watch}/readyz"))[0] == 200
            _, figures = await got(f"{watch}/metrics")
            assert await process.stop() == 0
    assert figure(figures, "undersign_outcomes_total", platform="telegram", outcome="signed") == 1
    assert figure(figures, "undersign_limiter_wait_seconds_count", platform="telegram") >= 4
    assert figure(figures, "undersign_http_requests_total", route="petition", status="200") == 1
    assert figure(figures, "undersign_signatures", petition="salesforce-cbp", status="counted") == 1


async def test_the_pages_stay_up_whatever_telegram_says(tmp_path: Path) -> None:
    for trouble in ("refused", "away"):
        root, watch = (f"http://127.0.0.1:{unused_port()}" for _ in range(2))
        folder = tmp_path / trouble
        folder.mkdir()
        async with TelegramServer() as telegram:
            settings = {
                "TELEGRAM_TOKEN": WRONG if trouble == "refused" else TOKEN,
                "TELEGRAM_API_URL": telegram.root if trouble == "refused" else f"http://127.0.0.1:{unused_port()}",
                "WEB_PORT": root.rpartition(":")[2], "METRICS_PORT": watch.rpartition(":")[2],
            }  # fmt: skip
            log = folder / "bot.log"
            expected = {
                "refused": "restart the process: Telegram refuses TELEGRAM_TOKEN: copy it from BotFather again.",
                "away": "the pages don't link to Telegram yet: it cannot be reached (ClientConnectorError)",
            }[trouble]
            process = BotProcess(folder, settings, lambda log=log: log_contains(log, UP))  # type: ignore[misc]
            async with process.running("web"):
                await until(lambda: log_contains(log, expected), "it is named")  # noqa: B023
                status, page = await got(f"{root}/p/salesforce-cbp")
                assert (status, "t.me/undersign_bot" in page) == (200, False)
                status, ready = await got(f"{watch}/readyz")
                assert (status, "web-telegram-name: stopped" in ready) == (200, trouble == "refused")
                assert await process.stop() == 0
        assert "Traceback" not in log.read_text()


async def test_errors_are_one_sentence(tmp_path: Path) -> None:
    async with TelegramServer() as telegram:
        port = telegram.root.rpartition(":")[2]
        taken = await asyncio.to_thread(run, tmp_path, "run", "web", WEB_PORT=port)
        assert taken.returncode == 2
        sentence = f"undersign: {{}}: cannot listen on port {port} at 127.0.0.1: Address already in use.\n"
        assert taken.stderr == sentence.format("WEB_PORT")
        settings = {"WEB_PORT": str(unused_port()), "METRICS_PORT": port}
        watched = await asyncio.to_thread(run, tmp_path, "run", "web", **settings)
        assert (watched.returncode, watched.stderr) == (2, sentence.format("METRICS_PORT"))
    unset = await asyncio.to_thread(run, tmp_path, "run", "web")
    assert unset.stderr == "undersign: WEB_PORT is not set, so web cannot start.\n"
    beyond = await asyncio.to_thread(run, tmp_path, "run", "web", WEB_PORT="70000")
    assert (beyond.returncode, "WEB_PORT" in beyond.stderr) == (2, True)
