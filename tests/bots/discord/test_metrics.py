"""Metrics of the bot: interactions, outcomes and refusals, and nothing about people."""

from __future__ import annotations

import pytest

from bots.discord.tracing import call_name
from tests.bots.figures import figure
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre
from tests.world import SALESFORCE


def counted(theatre: DiscordTheatre, name: str, **labels: str) -> float:
    return figure(theatre.services.metrics, name, platform="discord", **labels)


async def test_interactions_and_what_came_of_them(theatre: DiscordTheatre) -> None:
    person = await theatre.person("Ada")
    await person.view.command("petition sign", petition=SALESFORCE)
    await person.view.submit({"Postal code": "90210", **UNNAMED})
    await person.view.press("Confirm")
    for kind in ("application_command", "modal_submit", "component"):
        assert counted(theatre, "undersign_updates_total", kind=kind) == 1, kind
    assert counted(theatre, "undersign_outcomes_total", outcome="signed") == 1
    await person.view.command("petition sign", petition=SALESFORCE)
    assert counted(theatre, "undersign_outcomes_total", outcome="already_signed") == 1
    assert counted(theatre, "undersign_update_seconds_count") == 4
    assert "Ada" not in theatre.services.metrics.text().decode()


async def test_calls_that_are_refused(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    before = counted(theatre, "undersign_api_errors_total", method="POST interactions callback", code="404")
    theatre.server.fail_next("POST", "/callback", 404, 10062, "Unknown interaction")
    await view.command("petition show", petition=SALESFORCE)
    assert before == 0
    assert counted(theatre, "undersign_api_errors_total", method="POST interactions callback", code="404") == 1


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v10/webhooks/123/aW50ZXJhY3Rpb24/messages/@original", "PATCH webhooks messages @original"),
        ("/api/v10/channels/55/messages/66", "PATCH channels messages"),
        ("/api/v10/users/secret", "PATCH users"),
    ],
)
def test_a_call_is_named_without_numbers_and_tokens(path: str, name: str) -> None:
    assert call_name("PATCH", path) == name
