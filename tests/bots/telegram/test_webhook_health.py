"""With a webhook, the bot asks on its own if Telegram can be reached, and says so."""

from __future__ import annotations

import logging

import pytest

from bots.common.health import Condition
from bots.common.refusal import SurfaceRefused
from bots.telegram import webhook
from tests.bots.telegram.private_chats import chat_of
from tests.patience import patience, until
from tests.scenarios.stage import TelegramTheatre
from tests.world import SALESFORCE


@pytest.fixture
async def asking(posted: TelegramTheatre, monkeypatch: pytest.MonkeyPatch) -> TelegramTheatre:
    """A bot with a webhook that asks many times a second if Telegram can be reached."""
    await until(lambda: bool(posted.server.world.webhook), "the webhook is set")
    await posted._stop_bot()
    monkeypatch.setattr(webhook, "ASK_EVERY", 0.05)
    posted.server.world.webhook.clear()
    await posted._start_bot()
    await until(lambda: bool(posted.server.world.webhook), "the webhook is set")
    return posted


async def test_a_telegram_that_cannot_be_reached_is_down_and_back_without_a_post(
    asking: TelegramTheatre, caplog: pytest.LogCaptureFixture
) -> None:
    health = asking.services.supervisor.health.components["telegram"]
    caplog.clear()
    asking.server.drop_next("getMe", applied=False, times=5)
    await until(lambda: health.state is Condition.DOWN, "it is down")
    chat = chat_of(asking)
    await chat.send(f"/start {SALESFORCE}")
    await until(lambda: health.state is Condition.UP, "it is back")
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert [line.partition(":")[0] for line in lines] == ["telegram is down"]


async def test_a_webhook_that_is_not_set_is_an_outage(posted: TelegramTheatre) -> None:
    await until(lambda: bool(posted.server.world.webhook), "the webhook is set")
    await posted._stop_bot()
    posted.server.fail_next("setWebhook", 400, "Bad Request: bad webhook: HTTPS url must be provided", times=3)
    await posted._start_bot()
    health = posted.services.supervisor.health.components["telegram"]
    await until(lambda: "https url" in health.reason, "it is named")
    assert health.state is Condition.DOWN
    await until(lambda: health.state is Condition.UP, "it works in the end")


async def test_with_a_webhook_a_revoked_token_shows_without_any_update(asking: TelegramTheatre) -> None:
    asking.server.fail_next("getMe", 401, "Unauthorized")
    bot, _listener = asking._running
    async with patience():
        with pytest.raises(SurfaceRefused):
            await bot
