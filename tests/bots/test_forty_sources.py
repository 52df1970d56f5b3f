"""A petition with forty footnotes shows the state of each source in the chats and in a terminal, and nothing is cut."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from rich.console import Console

from bots.common.links import Links
from bots.discord.renderer import DiscordRenderer
from bots.telegram.renderer import TelegramRenderer
from bots.telegram.rich import RichTexts
from bots.terminal.renderer import TerminalRenderer
from core.conversation import state as ev
from core.conversation.machine import advance
from core.conversation.scene import Scene
from core.conversation.screen import View
from core.conversation.source_state import brief_state, state_of
from core.conversation.state import Conversation, Overlay
from core.conversation.views import view_for
from core.conversation.whole import READ_WHOLE
from core.petition.source import Source
from core.platforms import Platform
from core.signatures.signature import SignerContext
from tests.forty_sources import FORTY, checked, with_forty_sources
from tests.refusals import check_discord, check_telegram
from tests.telegram_server import rich
from tests.world import NOW, SALESFORCE, catalog

PETITION = with_forty_sources()
CHECKS = checked()


def view_of(platform: str, *events: ev.Event) -> View:
    known, state = SignerContext(platform=platform), Conversation(SALESFORCE, "en")
    for event in events:
        state = advance(state, event, PETITION, NOW, known).conversation
    return view_for(Scene(state, {SALESFORCE: PETITION}, known, lambda: 0, NOW, checks=CHECKS), events[-1])


def on_telegram(*events: ev.Event) -> str:
    message = TelegramRenderer(catalog(), {SALESFORCE: PETITION}, Links(telegram="bot")).render(
        view_of(Platform.TELEGRAM, *events)
    )
    check_telegram(message)
    return message.text


def on_discord(*events: ev.Event) -> str:
    message = DiscordRenderer(catalog(), {SALESFORCE: PETITION}, Links(discord=1)).render(
        view_of(Platform.DISCORD, *events)
    )
    check_discord(message)
    return message.text


def in_terminal(*events: ev.Event) -> str:
    console = Console(file=io.StringIO(), width=80)
    TerminalRenderer(console, catalog(), lambda *_: "").show(view_of("", *events).screen, "en")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


SURFACES = pytest.mark.parametrize("draw", [on_telegram, on_discord, in_terminal])


def plain(words: str) -> str:
    """Words without the line breaks and escapes of a surface."""
    return " ".join(words.replace("\\", "").replace("-# ", "").split())


def states() -> Iterator[tuple[Source, str, list[str]]]:
    """Each source with its state in a few words, and in sentences."""
    for source in PETITION.text("en").sources:
        check = CHECKS.get(source.key)
        brief = brief_state(check, source, PETITION.day)
        assert brief
        said = [catalog().text(each, "en") for each in state_of(check, source, PETITION.day, "en")]
        assert bool(said) is bool(source.link)
        yield source, catalog().text(brief, "en"), said


@SURFACES
def test_the_list_has_the_state_of_each(draw: Callable[..., str]) -> None:
    listed = "".join(plain(draw(ev.ListSources(page))) for page in range(FORTY // 8))
    for source, brief, _ in states():
        assert (
            plain(f"[{source.number}] Paper {source.number}, “Title {source.number}”, March 2, 2026 {brief}") in listed
        )


@SURFACES
def test_the_screen_of_each_says_what_was_found(draw: Callable[..., str]) -> None:
    for source, _, said in states():
        shown = plain(draw(ev.ListSources(), ev.ShowSource(source.number)))
        for sentence in said:
            assert sentence in shown
        assert source.claims[0] in shown.replace("> ", "").replace("│ ", "")
        assert (f'"Title {source.number}" "Paper {source.number}"' in shown) is (source.link is None)
        assert (f"“{source.quote}”" in shown) is bool(source.quote)


@SURFACES
def test_all_claims_are_there_with_their_numbers(draw: Callable[..., str]) -> None:
    pages = [plain(draw(ev.ListOwn(page, Overlay.CLAIMS))) for page in range(9)]
    assert "40 sentences rely on a source." in pages[0]
    assert "40 sentences cite no source." in pages[0]
    for number in range(1, FORTY + 1):
        assert any(f"Claim {number} says" in page and f"[{number}]" in page for page in pages), number


def test_the_footnotes_of_the_whole_text_have_the_states() -> None:
    whole = view_of(Platform.TELEGRAM, READ_WHOLE).whole
    assert whole
    messages = RichTexts(catalog(), str).draw(whole.text, "en", whole.states)
    for message in messages:
        rich.parse(message)
    shown = [line for message in messages for line in rich.lines(message["blocks"])]
    for source, brief, _ in states():
        assert any(line.startswith(f"[{source.number}] ") and brief in line for line in shown)
