"""In any sequence of events, a group sees cards, milestone posts and permitted lines, and nothing about a person.

A server that shows ephemeral messages to everyone is the danger. What it shows is deleted at once, so the group's whole
history counts here, not only what is left of it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.messages import Message
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.telegram.groups import member_of
from tests.conftest import KEY
from tests.databases import migrated_sqlite
from tests.effort import scaled
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView, Person
from tests.telegram_server import Message as SentMessage
from tests.telegram_server.keyboards import buttons
from tests.telegram_server.state import Chat
from tests.telegram_server.world import Api
from tests.world import SALESFORCE, TREES, World, catalog, services_of

PEOPLE = {7: "Zelda Quux", 8: "Omar Xylo", 9: "Irma Wump"}
CODES = ("90211", "10003", "60647")
LINES = (
    "/petition", "/count", "/help", "/community", "/milestone on", "/milestone", "/sign", "/withdraw@undersign_bot",
    "/mydata@undersign_bot", "hello", *CODES,
)  # fmt: skip
TYPED = (*CODES, "9", "Zelda Quux", "/mydata", "/withdraw", "/mysignatures", "/count", "/cancel", "/stats", "Confirm")
STEP = st.tuples(
    st.sampled_from([
        *("tap", "tap", "tap", "tap", "card", "card", "reply", "reply", "reply"),
        *("send", "private", "late", "lost", "offline", "restart", "moderator"),
    ]),
    st.sampled_from(sorted(PEOPLE)),
    st.integers(0, 30),
)  # fmt: skip
WORLDS = st.sampled_from([
    ("auto", "10.3"), ("auto", "10.0"), ("auto", "refusing"), ("off", "10.3"), ("off", "10.0"), ("on", "10.3"),
    ("on", "refusing"),
])  # fmt: skip
"""Settings and servers; `on` trusts the server, so it is not for one that shows ephemeral messages to everyone."""
SIGNS = [("card", 7, 0), ("reply", 7, 0), ("confirm", 7, 0)]


def permitted() -> Iterator[re.Pattern[str]]:
    """Sentences that the bot may say to everyone, beside the petition's own words."""
    keys = (
        "above", "group_help", "milestone_how", "administrators_only", "administrators_unknown", "group_count",
    )  # fmt: skip
    others = (
        "milestone.on", "milestone.off", "community.total", "community.too_few", "progress.first", "progress.count",
    )  # fmt: skip
    names = ("command", "count", "goal", "fewest")
    for key in (*(f"telegram.{key}" for key in keys), *others):
        for count in (1, 2):
            words = catalog().text(Message(key, dict.fromkeys(names, "@@") | {"count": count}), "en")
            yield re.compile(re.escape(words).replace("@@", r"[\w/,]+").replace(str(count), r"[\d,]+"))


PERMITTED = tuple(permitted())


async def act(theatre: TelegramTheatre, step: tuple[str, int, int]) -> None:
    """Let one event happen."""
    what, who, choice = step
    person = Person(theatre.server, theatre.server.world.accounts[who])
    view = ChatView(theatre.server, person.account, group_of(theatre))
    match what:
        case "tap" | "card":
            await tap(view, choice, public=what == "card")
        case "confirm":
            await view.press("Confirm")
        case "reply":
            await view.send(TYPED[choice % len(TYPED)], reply_to=asked(view))
        case "send":
            await view.send(LINES[choice % len(LINES)])
        case "moderator":
            theatre.world.now += dt.timedelta(seconds=10 * choice)
            await ChatView(theatre.server, theatre.server.world.accounts[50], view.chat).send(LINES[choice % 6])
        case "private":
            await person.private_chat().send(f"/start {SALESFORCE}" if choice % 2 else CODES[choice % 3])
        case _:
            await trouble(theatre, what, person, first=choice % 2 == 0)


async def trouble(theatre: TelegramTheatre, what: str, person: Person, *, first: bool) -> None:
    """Let something go wrong, in the first or the second way."""
    match what:
        case "late":
            theatre.server.expire_grants()
        case "lost":
            (person.restart_app if first else theatre.server.forget_ephemeral)()
        case "offline":
            (person.come_back if first else person.go_offline)()
        case "restart":
            await theatre.restart()


def group_of(theatre: TelegramTheatre) -> Chat:
    """The group of the story."""
    return next(chat for chat in theatre.server.world.chats.values() if chat.title == "Tenants")


def asked(view: ChatView) -> SentMessage | None:
    """The newest ephemeral message of the bot to this member."""
    own = [message for message in view.messages if message.ephemeral_id and message.sender is not view.person]
    return own[-1] if own else None


async def tap(view: ChatView, choice: int, *, public: bool) -> None:
    """Tap any button that this member sees, or one of the newest card."""
    messages = view.public if public else view.messages[-4:]
    found = [
        (message, button["text"])
        for message in messages
        for row in buttons(message.reply_markup)
        for button in row
        if "callback_data" in button
    ]
    if found:
        await view.tap(*found[choice % len(found)] if not public else found[-2 + choice % 2])


async def play(folder: Path, mode: str, api: Api, steps: list[tuple[str, int, int]]) -> TelegramTheatre:
    """Play the steps in a group with a card and three members."""
    vault = Vault([KEY], folder / "keys")
    with closing(migrated_sqlite(folder)) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        del world.petitions[TREES]
        services = services_of(world, database, vault)
        services = replace(services, settings=services.settings.model_copy(update={"telegram_ephemeral": mode}))
        theatre = TelegramTheatre(world, services)
        theatre.server.world.api = api
        async with theatre.playing():
            for number, name in PEOPLE.items():
                await member_of(theatre, number, name, card=number == 7)
            for step in steps:
                await act(theatre, step)
            await theatre.server.settle()
    return theatre


def said_to_everyone(theatre: TelegramTheatre) -> list[str]:
    """Everything that the bot ever showed to the whole group, also what it deleted."""
    chat = group_of(theatre)
    shown = (line.partition(") ")[2] if line.startswith("(") else line for line in chat.journal)
    return [line.removeprefix("Undersign: ") for line in shown if line.startswith("Undersign:")]


CHAT = r"https://t\.me/undersign_bot\?start=salesforce-cbp"


def check(said: str, theatre: TelegramTheatre) -> None:
    """Fail for anything but a card or a permitted line, with buttons that are the same for everyone."""
    petition = theatre.world.petitions[SALESFORCE].text("en")
    own = (petition.title, petition.summary, "A petition to Salesforce CEO Marc Benioff, by Demand Progress")
    for line in filter(None, (line.strip() for line in said.splitlines())):
        plain = line in own or set(line) <= set("▰▱") or re.fullmatch(r"\[(Sign|Read)\]( \[Read\])?", line)
        link = re.fullmatch(rf"\[[\w ]+ -> {CHAT}--g\w+(--read|--sign)?\]", line)
        assert plain or link or any(one.fullmatch(line) for one in PERMITTED), line


def check_calls(theatre: TelegramTheatre) -> None:
    """Fail for a file or a picture in the group, or a button on a public message that is about one person."""
    chat = group_of(theatre)
    for call in theatre.server.log:
        params: dict[str, Any] = call.params
        if params.get("chat_id") != chat.id:
            continue
        assert call.method not in {"sendPhoto", "sendDocument"}
        if "receiver_user_id" in params or "ephemeral_message_parameters" in params:
            continue
        data = {button.get("callback_data") for row in buttons(params.get("reply_markup")) for button in row}
        assert data <= {None, f"g..{SALESFORCE}", f"p0..{SALESFORCE}"}


@pytest.mark.server
@example(("auto", "10.3"), SIGNS)
@example(("auto", "10.0"), SIGNS[:2])
@example(("auto", "10.3"), [*SIGNS, ("restart", 7, 0), ("reply", 7, 6), ("tap", 7, 5), ("reply", 7, 7)])
@given(WORLDS, st.lists(STEP, max_size=18))
@settings(max_examples=scaled(60), deadline=None, suppress_health_check=list(HealthCheck))
def test_a_group_never_sees_anything_about_a_person(world: tuple[str, Api], steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        theatre = asyncio.run(play(Path(folder), *world, steps))
    for said in said_to_everyone(theatre):
        check(said, theatre)
    check_calls(theatre)


@pytest.mark.parametrize(
    "line", ["Thank you, Zelda Quux!", "You are signature no. 1.", "Postal code: 90211", "Receipt: 1"]
)
def test_the_check_finds_what_is_about_a_person(line: str) -> None:
    theatre = TelegramTheatre(World(), None)  # type: ignore[arg-type]  # nothing of it is started
    with pytest.raises(AssertionError):
        check(line, theatre)


@pytest.mark.server
def test_a_server_that_is_trusted_without_reason_shows_one_message_and_no_more() -> None:
    with tempfile.TemporaryDirectory() as folder:
        theatre = asyncio.run(play(Path(folder), "on", "10.0", [*SIGNS[:1] * 3, ("card", 8, 0), ("card", 9, 1)]))
    chat = group_of(theatre)
    assert sum(line.startswith("(deleted)") for line in chat.journal) == 1
    left = [message.text for message in chat.messages.values() if message.sender is theatre.server.world.bot]
    assert len(left) == 1, "the card"
