"""Too late, twice, after a restart, from an older version, with the database away: each met by name."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from core.conversation.screen import View
from core.errors import ConfigurationError, StorageUnavailableError
from core.services.signing import SigningService
from core.signatures.signature import Signer
from tests.bots.discord.test_servers import moderator
from tests.discord_server.events import send_message
from tests.discord_server.views import ChannelView
from tests.patience import patience, until_blocking
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre
from tests.world import SALESFORCE

ALREADY_ANSWERED = (400, 40060, "Interaction has already been acknowledged.")


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Warnings and errors that our own modules logged."""
    ours = (record for record in caplog.records if record.name.startswith("bots"))
    return [record.getMessage() for record in ours if record.levelno >= logging.WARNING]


async def reviewing(theatre: DiscordTheatre, name: str = "Ada") -> ChannelView:
    view = (await theatre.person(name)).view
    await view.command("petition sign", petition=SALESFORCE)
    await view.submit({"Postal code": "90210", **UNNAMED})
    return view


async def test_two_taps_at_once_sign_once(theatre: DiscordTheatre, caplog: pytest.LogCaptureFixture) -> None:
    view = await reviewing(theatre)
    await asyncio.gather(view.press("Confirm", wait=False), view.press("Confirm", wait=False))
    await view.settle()
    assert theatre.world.counted() == 1
    assert "Receipt" in view.last.as_text()
    assert not theatre.server.failures
    assert not complaints(caplog)


async def test_an_interaction_that_comes_again_changes_nothing(
    theatre: DiscordTheatre, caplog: pytest.LogCaptureFixture
) -> None:
    view = await reviewing(theatre)
    confirmed = await view.press("Confirm")
    await view.press("Withdraw")
    theatre.server.redeliver(confirmed)
    await view.settle()
    await view.press("Withdraw my signature")
    theatre.server.redeliver(confirmed)
    await view.settle()
    assert theatre.world.counted() == 0
    assert not complaints(caplog)


async def test_an_organizers_command_and_tap_that_come_again_run_once(theatre: DiscordTheatre) -> None:
    olga = theatre.server.person(99, "Olga")
    with theatre.world.work() as work:
        work.organizers.add(Signer("discord", str(olga.id)), theatre.world.now)
        work.commit()
    chat = olga.dm()
    said = [chat.say("!invite"), chat.say(f"!pause {SALESFORCE}")]
    await chat.settle()
    tapped = await chat.press("Pause signing")
    with theatre.world.work() as work:
        done = work.audit.last(9)
    assert [entry.what for entry in done] == [f"pause {SALESFORCE} yes", f"pause {SALESFORCE}", "invite"]
    for message in said:
        send_message(theatre.server.world, message)
    theatre.server.redeliver(tapped)
    await chat.settle()
    with theatre.world.work() as work:
        assert work.audit.last(9) == done


async def test_a_form_and_a_button_work_after_a_restart(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    await view.command("petition sign", petition=SALESFORCE)
    await theatre.restart()
    await view.submit({"Postal code": "90210", **UNNAMED})
    await theatre.restart()
    await view.press("Confirm")
    assert theatre.world.counted() == 1


async def test_a_button_of_another_version_shows_the_current_screen(theatre: DiscordTheatre) -> None:
    view = await reviewing(theatre)
    buttons = [button for row in view.last.components[0]["components"][1:] for button in row["components"]]
    next(button for button in buttons if button.get("label") == "Privacy")["custom_id"] = "zz.9.older"
    await view.press("Privacy")
    assert "Choose one of these 2 petitions" in view.last.as_text()


async def test_a_tap_on_an_older_screen_shows_the_present_one(theatre: DiscordTheatre) -> None:
    view = await reviewing(theatre)
    old = view.last
    await view.command("petition show", petition=SALESFORCE)
    await view.press_on(old, "Confirm")
    assert theatre.world.counted() == 0
    assert "You haven't finished signing" in old.as_text()


async def test_a_slow_answer_is_preceded_by_a_sign_of_life(
    theatre: DiscordTheatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    await theatre.stop_bot()
    handle = SigningService.handle

    def slowly(*arguments: Any, **named: Any) -> View:
        until_blocking(lambda: bool(theatre.server.calls("POST", "/callback")), "a sign of life has gone out")
        return handle(*arguments, **named)

    monkeypatch.setattr(SigningService, "handle", slowly)
    await theatre.start_bot(defer_after=0.05)
    view = (await theatre.person("Ada")).view
    sign = await view.command("petition sign", petition=SALESFORCE)
    assert sign.modal is None, "too late for a form"
    assert "Fill out the form" in view.last.as_text()
    assert view.last.ephemeral, "what comes late is as private as what comes at once"
    monkeypatch.setattr(SigningService, "handle", handle)
    await theatre.restart()  # with the usual time to answer, so a busy machine's next answer isn't late too
    await view.press("Fill out the form")
    await view.submit({"Postal code": "90210", **UNNAMED})
    await view.press("Confirm")
    assert theatre.world.counted() == 1
    assert not theatre.server.failures


@pytest.mark.parametrize("code", [10062, 40060, 50027])
async def test_an_answer_that_came_too_late_is_not_a_fault(
    theatre: DiscordTheatre, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    view = await reviewing(theatre)
    theatre.server.fail_next("POST", "/callback", 404 if code == 10062 else 400, code, "too late")
    await view.press("Confirm")
    assert theatre.world.counted() == 1, "it is on disk"
    assert not complaints(caplog)
    await view.command("mysignatures")
    assert "You've signed 1 petition" in view.last.as_text()


@pytest.mark.parametrize("ours", [True, False])
async def test_an_order_takes_effect_only_in_the_process_that_answers_first(
    theatre: DiscordTheatre, *, ours: bool
) -> None:
    view = await moderator(theatre)
    if ours:  # the first try took effect, so Discord refuses the second
        theatre.server.drop_next("POST", "/callback", applied=True)
    else:
        theatre.server.fail_next("POST", "/callback", *ALREADY_ANSWERED)
    await view.command("moderate post", petition=SALESFORCE)
    assert len([message for message in view.messages if not message.ephemeral]) == ours


@pytest.mark.parametrize("applied", [True, False])
async def test_a_connection_that_breaks_costs_no_answer(theatre: DiscordTheatre, applied: bool) -> None:
    view = await reviewing(theatre)
    theatre.server.drop_next("POST", "/callback", applied=applied)
    await view.press("Confirm")
    assert "Thank you!" in view.last.as_text()
    assert not theatre.server.failures


async def test_a_lost_gateway_is_found_again_and_nothing_is_missed(theatre: DiscordTheatre) -> None:
    view = await reviewing(theatre)
    theatre.server.gateway.drop()
    await view.press("Confirm")
    assert theatre.world.counted() == 1


async def test_a_tap_that_fails_although_the_database_works_is_apologized_for_in_the_end(
    theatre: DiscordTheatre, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    view = await reviewing(theatre)

    def away(*_: object, **__: object) -> None:
        raise StorageUnavailableError("The database cannot be opened: it is away.")

    with monkeypatch.context() as patch:
        patch.setattr(SigningService, "handle", away)
        await view.press("Confirm")
    assert "Something went wrong on our end" in view.last.as_text()
    assert "You don't need to repeat it" in view.messages[-2].as_text()
    assert "about to sign" in view.messages[-3].as_text(), "the review stays, with its buttons"
    assert complaints(caplog) == ["an interaction was not handled: The database cannot be opened: it is away."]
    await view.command("petition sign", petition=SALESFORCE)
    await view.press("Confirm")
    assert theatre.world.counted() == 1


async def test_several_processes_answer_once(theatre: DiscordTheatre, caplog: pytest.LogCaptureFixture) -> None:
    theatre.server.broadcast = True
    await theatre.start_bot(others=1)
    view = await reviewing(theatre)
    await view.press("Confirm")
    assert theatre.world.counted() == 1
    assert not complaints(caplog)
    assert not theatre.server.failures


async def test_a_sign_of_life_whose_answer_was_lost_is_still_ours(
    theatre: DiscordTheatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    await theatre.stop_bot()
    await theatre.start_bot(defer_after=0.05)
    handle = SigningService.handle

    def slowly(*arguments: Any, **named: Any) -> View:
        until_blocking(lambda: bool(theatre.server.calls("POST", "/callback")), "a sign of life has gone out")
        return handle(*arguments, **named)

    monkeypatch.setattr(SigningService, "handle", slowly)
    view = (await theatre.person("Ada")).view
    theatre.server.drop_next("POST", "/callback", applied=True)
    await view.command("petition show", petition=SALESFORCE)
    assert "First goal" in view.last.as_text()
    assert not view.last.loading


async def test_a_form_that_discord_refuses_becomes_a_message(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    theatre.server.fail_next("POST", "/callback", 400, 50035, "Invalid Form Body")
    await view.command("petition sign", petition=SALESFORCE)
    assert "Fill out the form" in view.last.as_text()
    assert not theatre.server.failures


async def test_an_older_screen_of_another_flow_shows_the_present_one(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    await view.command("petition read", petition=SALESFORCE)
    old = view.last
    await view.command("petition sources", petition=SALESFORCE)
    await view.press_on(old, "Next page")
    assert "cites 3 sources" in old.as_text()


async def test_an_event_that_cannot_be_read_is_passed_over(
    theatre: DiscordTheatre, caplog: pytest.LogCaptureFixture
) -> None:
    view = (await theatre.person("Ada")).view
    theatre.server.gateway.dispatch("INTERACTION_CREATE", {"id": "1", "type": 3, "data": {}}, theatre.guild.id)
    await view.command("petition show", petition=SALESFORCE)
    assert "First goal" in view.last.as_text()
    assert complaints(caplog) == ["Discord: skipping INTERACTION_CREATE events that cannot be read: KeyError"]


async def test_a_revoked_token_is_one_sentence(theatre: DiscordTheatre) -> None:
    theatre.server.gateway.token = "another"
    theatre.server.gateway.invalidate(resumable=False)
    with pytest.raises(ConfigurationError, match="DISCORD_TOKEN"):
        async with patience():
            await theatre.running
    await theatre.stop_bot()
    theatre.server.gateway.token = theatre.server.token
    await theatre.start_bot()


async def test_one_persons_interactions_happen_in_their_order(theatre: DiscordTheatre) -> None:
    view = await reviewing(theatre)
    for words in ("Updates here", "Privacy"):
        await view.press(words, wait=False)
    await view.settle()
    assert "What we store" in view.last.as_text() or "Updates: yes" in view.last.as_text()
    assert not theatre.server.failures


async def test_closed_direct_messages_are_not_a_fault(
    theatre: DiscordTheatre, caplog: pytest.LogCaptureFixture
) -> None:
    ada = theatre.server.person(33, "Ada")
    view = ada.dm()
    theatre.server.fail_next("POST", "/messages", 403, 50007, "Cannot send messages to this user")
    view.say("hello?")
    await view.settle()
    assert not complaints(caplog)
