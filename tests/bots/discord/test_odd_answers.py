"""Odd answers of Discord's REST API: patience, a sorry where a person waits, and nothing of them in the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import discord
import pytest
import stamina
from discord.http import handle_message_parameters

from bots.common import patience as common_patience
from bots.common.refusal import SurfaceRefused
from bots.discord.answers import refused_fields
from core.organizer.service import OrganizerService
from tests.bots.discord.odd import AWAY, EMPTY, GARBLED, ODD, SECRET
from tests.bots.figures import figure
from tests.discord_server import FOREVER, Answer
from tests.patience import load, patience, until
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import SALESFORCE

SORRY = "Something went wrong on our end"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Repeat at once."""
    monkeypatch.setattr(common_patience, "FIRST_WAIT", 0.0)
    with stamina.set_testing(True, attempts=1000, cap=True):
        yield


@pytest.fixture(autouse=True)
def nothing_leaks(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Assert after each test that no content of an answer is in the log."""
    with caplog.at_level(logging.INFO):
        yield
        formatter = logging.Formatter()
        lines = [formatter.format(record) for record in caplog.get_records("call") if record.levelno >= logging.INFO]
    for word in SECRET.split():
        assert not [line for line in lines if word in line]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Warnings and errors of our own modules."""
    ours = (record for record in caplog.records if record.name.startswith("bots"))
    return [record.getMessage() for record in ours if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("part", ["/users/@me", "/applications/@me", "/gateway/bot"])
async def test_the_start_waits_for_sound_answers(
    theatre: DiscordTheatre, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    await theatre.stop_bot()
    caplog.clear()
    for odd in ODD:
        theatre.server.answer_next("GET", part, odd)
    theatre.server.answer_next("GET", part, Answer(b'{"url": "ws://x", "shards": 0}'))
    theatre.server.answer_next("GET", part, Answer(b'{"url": "http://x", "shards": 1}'))
    theatre.server.answer_next("GET", part, Answer(b'{"url": "ws://x", "shards": 1000000000}'))
    await theatre.start_bot()
    view = (await theatre.person("Ada")).view
    await view.command("petition show", petition=SALESFORCE)
    assert "First goal" in view.last.as_text()
    (line,) = warnings(caplog)
    assert line.startswith("discord is down: cannot ")
    named = {"method": f"GET {part.strip('/').replace('/', ' ')}", "code": "unreadable"}
    assert figure(theatre.services.metrics, "undersign_api_errors_total", platform="discord", **named) >= 20


async def test_a_token_that_is_refused_after_the_login(theatre: DiscordTheatre) -> None:
    await theatre.stop_bot()
    theatre.server.fail_next("GET", "/gateway/bot", 401, 0, "401: Unauthorized")
    with pytest.raises(SurfaceRefused, match="Discord refuses DISCORD_TOKEN"):
        await theatre.start_bot()


@pytest.mark.parametrize("applied", [False, True])
async def test_a_direct_message_is_answered_once_discord_answers_soundly(
    theatre: DiscordTheatre, applied: bool
) -> None:
    ada = await theatre.person("Ada")
    await ada.types("hello")
    for number, odd in enumerate([*GARBLED, *EMPTY]):
        before = len(ada.view.messages)
        theatre.server.answer_next("POST", "/messages", (lambda _, odd=odd: odd) if applied else odd)  # type: ignore[misc]
        await ada.types(f"hello {number}")
        assert len(ada.view.messages) == before + 2, (number, odd)
        assert SORRY not in ada.view.last.as_text()


@pytest.mark.parametrize(("name", "language", "sorry"), [("Ada", "en", SORRY), ("Ana", "es", "Hubo un problema")])
async def test_a_person_is_told_sorry_when_discord_does_not_take_the_answer(
    theatre: DiscordTheatre, name: str, language: str, sorry: str, caplog: pytest.LogCaptureFixture
) -> None:
    person = await theatre.person(name, language)
    await person.opens(SALESFORCE)
    for odd, times in (*((odd, 3) for odd in GARBLED), *((odd, 1) for odd in AWAY)):
        caplog.clear()
        theatre.server.answer_next("POST", "/messages", odd, times)
        await person.types("hello")
        assert sorry in person.view.last.as_text(), odd
        assert len(warnings(caplog)) == 1
    for status, code in ((400, 50035), (403, 50013), (404, 10003), (403, 20026)):
        theatre.server.fail_next("POST", "/messages", status, code, SECRET)
        await person.types("hello")
        assert sorry in person.view.last.as_text(), code


async def test_an_answer_that_did_arrive_is_not_followed_by_a_sorry(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada")
    await ada.types("hello")
    theatre.server.answer_next("POST", "/messages", lambda _: GARBLED[0], times=3)
    await ada.types("hello again")
    assert len(theatre.server.calls("POST", "/messages")) == 1 + 4, "four tries, the sorry among them"
    assert len(ada.view.messages) == 4, "but one answer"
    assert SORRY not in ada.view.last.as_text()


async def test_a_fault_of_our_own_is_told_too(
    theatre: DiscordTheatre, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ValueError(SECRET)

    ada = await theatre.person("Ada")
    with monkeypatch.context() as patch:
        patch.setattr(OrganizerService, "handle", fail)
        await ada.types("hello")
    assert SORRY in ada.view.last.as_text()
    (line,) = warnings(caplog)
    assert "ValueError" in line
    assert "in fail" in line, "it says where"
    await ada.types("hello")
    assert SORRY not in ada.view.last.as_text()


async def test_when_even_the_sorry_is_refused_the_next_message_is_answered(
    theatre: DiscordTheatre, caplog: pytest.LogCaptureFixture
) -> None:
    ada = await theatre.person("Ada")
    await ada.types("hello")
    theatre.server.fail_next("POST", "/messages", 400, 50035, SECRET, times=FOREVER)
    await ada.types("hello")
    assert warnings(caplog) == ["Discord refused an answer: status 400, code 50035"]
    theatre.server.heal()
    await ada.types("hello again")
    assert SORRY not in ada.view.last.as_text()


@pytest.mark.parametrize("applied", [False, True])
async def test_an_interaction_is_answered_once_discord_answers_soundly(theatre: DiscordTheatre, applied: bool) -> None:
    view = (await theatre.person("Ada")).view
    for number, odd in enumerate(GARBLED):
        before = len(view.messages)
        theatre.server.answer_next("POST", "/callback", (lambda _, odd=odd: odd) if applied else odd)  # type: ignore[misc]
        await view.command("petition show", petition=SALESFORCE)
        assert len(view.messages) == before + 1, (number, odd)
        assert "First goal" in view.last.as_text()
    assert not theatre.server.failures


async def test_odd_answers_forever_cost_a_few_calls_for_each_interaction(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    theatre.server.answer_next("POST", "/callback", GARBLED[0], FOREVER)
    await view.command("petition show", petition=SALESFORCE, wait=False)
    await until(lambda: len(theatre.server.calls("POST", "/callback")) >= 3)
    async with patience():
        await theatre.surface.queue.empty()
    assert len(theatre.server.calls("POST", "/callback")) <= 6, "the answer and the sorry, three times each"
    theatre.server.heal()
    await view.command("petition show", petition=SALESFORCE)
    assert "First goal" in view.last.as_text()


async def test_a_call_never_waits_for_as_long_as_it_is_told(
    theatre: DiscordTheatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.discord.answers.LONGEST_CALL", 0.2 * load())
    view = (await theatre.person("Ada")).view
    theatre.server.fail_next("POST", "/callback", 429, retry_after=1e6)
    await view.command("petition show", petition=SALESFORCE)
    assert "First goal" in view.last.as_text()
    theatre.server.fail_next("POST", "/messages", 429, retry_after=1e6)
    ada = await theatre.person("Ada")
    await ada.types("hello")
    assert SORRY in ada.view.last.as_text()


@pytest.mark.parametrize(
    ("errors", "paths"),
    [
        (b'{"a": {"0": {"_errors": [{"code": "X"}]}, "b": {"_errors": []}}}', [("a", "0"), ("a", "b")]),
        (b'{"_errors": [{"code": "X"}]}', [()]),
        (b"{}", []),
        (b"null", []),
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
async def test_the_fields_that_a_refusal_names(
    theatre: DiscordTheatre, kind: str, errors: bytes, paths: list[tuple[str, ...]]
) -> None:
    body = b'{"code": 50035, "message": "Invalid Form Body", "errors": ' + errors + b"}"
    theatre.server.answer_next("POST", "/messages", Answer(body, 400, {"Content-Type": kind}))
    with pytest.raises(discord.HTTPException) as refused:
        await theatre.surface._client.http.send_message(theatre.channel.id, params=handle_message_parameters("hello"))
    assert refused.value.code == 50035
    assert await refused_fields(refused.value) == paths
