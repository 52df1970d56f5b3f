"""Registering the commands: despite odd answers, and without the translations that Discord refuses."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.common import patience
from bots.discord import registration, surface
from bots.discord.commands import differ
from bots.discord.menu import definitions
from bots.discord.registration import without_translations
from tests.bots.discord.odd import GARBLED, ODD, SECRET
from tests.discord_server import FOREVER, Answer
from tests.patience import until
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import catalog

CHARSET = {"Content-Type": "application/json; charset=utf-8"}


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between two attempts, none of which is waited for."""
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(patience, "sleep", pause)
    return waits


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Warnings and errors of our own modules."""
    ours = (record for record in caplog.records if record.name.startswith("bots"))
    return [record.getMessage() for record in ours if record.levelno >= logging.WARNING]


async def test_a_list_with_a_charset_is_read(theatre: DiscordTheatre) -> None:
    theatre.server.answer_next("GET", "/commands", lambda body: Answer(body, 200, CHARSET))
    await theatre.restart()
    assert len(theatre.server.calls("PUT", "/commands")) == 1, "that of the first start"


@pytest.mark.parametrize("odd", ODD, ids=str)
async def test_an_odd_list_does_not_keep_them_from_being_registered(
    theatre: DiscordTheatre, odd: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    theatre.server.answer_next("GET", "/commands", odd, times=3)
    theatre.server.answer_next("PUT", "/commands", odd, times=3)
    await theatre.restart()
    assert not differ(theatre.server.world.commands.listed(None), definitions(catalog()))
    assert len(warnings(caplog)) == 1
    assert SECRET not in caplog.text


async def test_what_discord_has_need_not_be_known_to_replace_it(theatre: DiscordTheatre, waits: list[float]) -> None:
    theatre.server.answer_next("GET", "/commands", GARBLED[0], FOREVER)
    await theatre.restart()
    assert len(theatre.server.calls("PUT", "/commands")) == 2
    assert not waits


async def test_as_long_as_it_fails_it_is_tried_less_and_less(
    theatre: DiscordTheatre, waits: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    await theatre.stop_bot()
    theatre.server.answer_next("*", "/commands", GARBLED[0], times=FOREVER)
    starting = asyncio.create_task(theatre.start_bot())
    await until(lambda: len(waits) > 8)
    assert waits[:3] == [30, 60, 120]
    assert waits[8] == registration.SLOWEST
    assert len(warnings(caplog)) == 1, "it is logged once"
    theatre.server.heal()
    await starting


async def test_refused_translations_are_left_out(
    theatre: DiscordTheatre, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await theatre.stop_bot()
    wanted = definitions(catalog())
    wanted[0]["name_localizations"]["es-ES"] = "NO CAPITALS"
    wanted[0]["options"][1]["description_localizations"]["es-419"] = "x" * 101
    wanted[0]["options"][3]["options"][1]["name_localizations"]["es-ES"] = ""
    monkeypatch.setattr(surface, "definitions", lambda _: wanted)
    await theatre.start_bot()
    (line,) = warnings(caplog)
    assert line.endswith(
        "petition (name, es-ES), petition sign (description, es-419), petition sources source (name, es-ES)"
    )
    assert "CAPITALS" not in line
    group = theatre.server.world.commands.listed(None)[0]
    assert "es-ES" not in group["name_localizations"]
    assert group["name_localizations"]["es-419"] == "petición"
    assert "/petition sign" in "\n".join((await theatre.person("Ada")).view.menu())


async def test_what_is_refused_for_another_reason_is_reported_and_tried_again(
    theatre: DiscordTheatre, waits: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    theatre.server.world.commands.replace(None, [], iter([]), {})
    errors = {"0": {"name": {"_errors": [{"code": "X", "message": SECRET}]}}}
    body = json.dumps({"code": 50035, "message": SECRET, "errors": errors}).encode()
    theatre.server.answer_next("PUT", "/commands", Answer(body, 400), times=2)
    await theatre.restart()
    assert waits == [30, 60]
    assert warnings(caplog) == ["the commands are not up to date: status 400, code 50035; trying again"]


def test_only_what_a_path_leads_to_is_left_out() -> None:
    wanted = definitions(catalog())
    paths = [("0", "name_localizations", "es-ES"), ("1", "description_localizations")]
    left, names = without_translations(wanted, paths)
    assert names == [
        "petition (name, es-ES)",
        "mysignatures (description, es-419)",
        "mysignatures (description, es-ES)",
    ]
    assert wanted == definitions(catalog()), "the original stays"
    left[0]["name_localizations"]["es-ES"] = wanted[0]["name_localizations"]["es-ES"]
    left[1]["description_localizations"] = wanted[1]["description_localizations"]
    assert left == wanted


STEPS = st.sampled_from(
    ["0", "1", "99", "-1", "²", "options", "name", "name_localizations", "description_localizations", "es-ES", "x", ""]
)


@given(st.lists(st.lists(STEPS, max_size=7).map(tuple), max_size=4))
def test_no_path_does_harm(paths: list[tuple[str, ...]]) -> None:
    left, names = without_translations(definitions(catalog()), paths)
    assert (left == definitions(catalog())) == (not names)
