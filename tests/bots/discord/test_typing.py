"""The typing indicator: it appears while an answer to a direct message takes long, and only then."""

from __future__ import annotations

from typing import Any

import pytest

from bots.discord import typing_indicator
from core.organizer.service import OrganizerService
from tests.discord_server import ApiCall
from tests.patience import until_blocking
from tests.scenarios.discord_stage import DiscordTheatre


def shown(theatre: DiscordTheatre) -> list[ApiCall]:
    return theatre.server.calls("POST", "/typing")


@pytest.fixture
def slow(theatre: DiscordTheatre, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Each answer waits until the indicator was asked for this often since the message."""
    handle, times = OrganizerService.handle, [1]

    def slowly(*arguments: Any, **named: Any) -> Any:
        wanted = len(shown(theatre)) + times[0]
        until_blocking(lambda: len(shown(theatre)) >= wanted, "the bot shows that it is typing")
        return handle(*arguments, **named)

    monkeypatch.setattr(OrganizerService, "handle", slowly)
    monkeypatch.setattr(typing_indicator, "AFTER", 0.01)
    return times


async def test_it_appears_while_an_answer_takes_long_and_goes_when_it_comes(
    theatre: DiscordTheatre, slow: list[int]
) -> None:
    dm = (await theatre.person("Ada")).dm
    dm.say("hello")
    await dm.settle()
    (call,) = shown(theatre)
    assert call.status == 204
    assert str(dm.channel.id) in call.path
    assert [one.path.rpartition("/")[2] for one in theatre.server.calls("POST", "/channels/")] == ["typing", "messages"]
    assert not dm.sees_typing
    assert slow


async def test_it_is_shown_again_before_it_would_vanish(
    theatre: DiscordTheatre, slow: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert typing_indicator.EVERY < 10
    monkeypatch.setattr(typing_indicator, "EVERY", 0.01)
    slow[0] = 3
    dm = (await theatre.person("Ada")).dm
    dm.say("hello")
    await dm.settle()
    assert len(shown(theatre)) >= 3
    assert "hello" not in dm.last.as_text()


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (500, 0), (404, 10003)])
@pytest.mark.usefixtures("slow")
async def test_when_it_is_refused_the_answer_comes_all_the_same(
    theatre: DiscordTheatre, status: int, code: int
) -> None:
    dm = (await theatre.person("Ada")).dm
    theatre.server.fail_next("POST", "/typing", status, code, times=20)
    dm.say("hello")
    await dm.settle()
    assert len(theatre.server.calls("POST", "/messages")) == 1


async def test_a_quick_answer_needs_none(theatre: DiscordTheatre, monkeypatch: pytest.MonkeyPatch) -> None:
    assert typing_indicator.AFTER == 1
    monkeypatch.setattr(typing_indicator, "AFTER", 600.0)
    dm = (await theatre.person("Ada")).dm
    dm.say("hello")
    await dm.settle()
    assert not shown(theatre)
