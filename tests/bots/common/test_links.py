"""Links: they come back as they were made, fit into their room, and ask for no more than is needed."""

from __future__ import annotations

import re
from dataclasses import replace

import discord
import pytest

from bots.common.links import CARD_PERMISSIONS, LONGEST_PAYLOAD, DeepLink, LinkAction, Links, parse
from core.petition.petition import LONGEST_SLUG
from tests.world import SALESFORCE, petitions

EVERYWHERE = Links("https://sign.example", "bot", 42)


def payload(link: str) -> str:
    return link.partition("?start=")[2]


@pytest.mark.parametrize("label", ["", "club", "x" * 32])
@pytest.mark.parametrize("action", LinkAction)
def test_links_are_read_as_they_were_written(label: str, action: LinkAction) -> None:
    written = payload(EVERYWHERE.telegram_chat(SALESFORCE, label, action))
    assert len(written) <= LONGEST_PAYLOAD
    assert re.fullmatch("[A-Za-z0-9_-]+", written), "as Telegram demands"
    assert parse(written, petitions()) == DeepLink(SALESFORCE, label, action)


@pytest.mark.parametrize(
    ("written", "link"),
    [
        (SALESFORCE, DeepLink(SALESFORCE)),
        (f"{SALESFORCE}--club", DeepLink(SALESFORCE, "club")),
        (f"{SALESFORCE}--club--read", DeepLink(SALESFORCE, "club", LinkAction.READ)),
        (f"{SALESFORCE}--sign", DeepLink(SALESFORCE, "sign")),
        (f"{SALESFORCE}--read--read", DeepLink(SALESFORCE, "read", LinkAction.READ)),
        (f"{SALESFORCE.upper()}--club", DeepLink(SALESFORCE, "club")),
        (f"{SALESFORCE}--club--dance", DeepLink(SALESFORCE, "club")),
        (f"{SALESFORCE}--club--", DeepLink(SALESFORCE, "club")),
        (f"{SALESFORCE}--", DeepLink(SALESFORCE)),
        (f"{SALESFORCE}----source-", DeepLink(SALESFORCE)),
        (f"{SALESFORCE}----source-12345", DeepLink(SALESFORCE)),
        (f"{SALESFORCE}--source-3", DeepLink(SALESFORCE, "source-3")),
        ("gone--club--sign", DeepLink("gone--club--sign")),
        ("", DeepLink("")),
    ],
)
def test_links_written_before_there_were_actions_mean_the_same(written: str, link: DeepLink) -> None:
    assert parse(written, petitions()) == link


@pytest.mark.parametrize("number", [1, 40, 9999])
def test_a_link_to_a_source_comes_back(number: int) -> None:
    written = payload(EVERYWHERE.telegram_source(SALESFORCE, number))
    assert re.fullmatch("[A-Za-z0-9_-]+", written)
    assert parse(written, petitions()) == DeepLink(SALESFORCE, source=number)
    assert len(payload(EVERYWHERE.telegram_source("a" * LONGEST_SLUG, number))) <= LONGEST_PAYLOAD
    assert Links().telegram_source(SALESFORCE, number) == ""


@pytest.mark.parametrize("action", LinkAction)
def test_a_link_that_is_full_has_no_action(action: LinkAction) -> None:
    full = payload(EVERYWHERE.telegram_chat("a" * 30, "b" * 32, action))
    assert full == f"{'a' * 30}--{'b' * 32}"
    assert len(full) == LONGEST_PAYLOAD


def test_the_link_to_pass_on_is_the_page_else_the_chat_else_the_application() -> None:
    assert EVERYWHERE.anywhere("elms", "club") == "https://sign.example/p/elms?source=club"
    assert Links(telegram="bot", discord=42).anywhere("elms", "club") == "https://t.me/bot?start=elms--club"
    assert "client_id=42" in Links(discord=42).anywhere("elms", "club")
    assert Links().anywhere("elms", "club") == ""


def test_a_card_needs_three_permissions() -> None:
    allowed = discord.Permissions(view_channel=True, send_messages=True, send_messages_in_threads=True)
    assert allowed.value == CARD_PERMISSIONS
    assert f"permissions={CARD_PERMISSIONS}" in EVERYWHERE.discord_server


def test_the_command_for_discord_carries_the_label() -> None:
    assert Links.discord_command("elms", "club", str) == "/petition sign petition:elms--club"
    assert parse("elms--club", {"elms": replace(petitions()[SALESFORCE], slug="elms")}) == DeepLink("elms", "club")
