"""In every phase of a petition, all surfaces say the same about it, and offer Sign only where people can sign."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from bots.common.links import Links
from bots.common.service_threads import ServiceThreads
from bots.discord.message import DiscordMessage
from bots.discord.renderer import DiscordRenderer
from bots.telegram.renderer import TelegramMessage, TelegramRenderer
from bots.web.assets import Assets
from bots.web.counts import Counts, Snapshot
from bots.web.pages import Pages, Visit
from core.conversation.choosing import choose_petition
from core.conversation.overlays import screen_for
from core.conversation.scene import Scene, card
from core.conversation.screen import Screen, View
from core.conversation.state import Conversation
from core.outreach.milestones import milestone_screen
from core.petition.petition import Decision, Petition, PetitionStatus
from core.petition.phase import Phase
from core.signatures.signature import SignerContext
from storage.engine import Database
from storage.vault import Vault
from tests.discord_server.kinds import walk
from tests.world import NOW, TREES, World, catalog, petitions, services_of

LABEL, VICTORY = "g0123456789ab", "The elms stay."
BOTH = Links("https://petitions.example.org", "UndersignBot", 123456789012345678)
ELMS = replace(petitions()[TREES], opens=None, closes=None)
PHASES: Mapping[Phase, Petition] = {
    Phase.OPEN: ELMS,
    Phase.EARLY: replace(ELMS, opens=NOW.date() + dt.timedelta(days=7)),
    Phase.PAUSED: ELMS.with_decision(Decision(PetitionStatus.PAUSED, since=NOW)),
    Phase.ENDED: replace(ELMS, closes=NOW.date() - dt.timedelta(days=1)),
    Phase.CLOSED: ELMS.with_decision(Decision(PetitionStatus.CLOSED, since=NOW)),
    Phase.WON: ELMS.with_decision(Decision(PetitionStatus.VICTORY, words=VICTORY, since=NOW)),
}
NEWS: Mapping[Phase, Mapping[str, str]] = {
    Phase.OPEN: {"en": "", "es": ""},
    Phase.EARLY: {"en": "Signing opens on November 30, 2026", "es": "Se podrá firmar a partir del 30 de noviembre"},
    Phase.PAUSED: {"en": "Signing is paused for now.", "es": "la petición está en pausa."},
    Phase.ENDED: {"en": "Signing closed at the end of November 22", "es": "22 de noviembre"},
    Phase.CLOSED: {"en": "Signing closed on November 23, 2026.", "es": "terminó el 23 de noviembre"},
    Phase.WON: {"en": VICTORY, "es": VICTORY},
}
LISTED: Mapping[Phase, Mapping[str, str]] = {
    Phase.OPEN: {"en": "", "es": ""},
    Phase.EARLY: {"en": " (not open yet)", "es": " (aún no se puede firmar)"},
    Phase.PAUSED: {"en": " (paused)", "es": " (en pausa)"},
    Phase.ENDED: {"en": " (signing has closed)", "es": " (plazo terminado)"},
    Phase.CLOSED: {"en": " (signing has closed)", "es": " (plazo terminado)"},
    Phase.WON: {"en": " (victory)", "es": " (victoria)"},
}
SIGN = {"en": "Sign", "es": "Firmar"}
ASKS = {"en": ("Sign in Telegram", "Read and sign"), "es": ("Firmar en Telegram", "Leer y firmar")}
FIRST = {"en": "Be the first", "es": "Sé la primera persona"}
TELEGRAM = TelegramRenderer(catalog(), {TREES: ELMS}, BOTH)
DISCORD = DiscordRenderer(catalog(), {TREES: ELMS}, BOTH)
every = pytest.mark.parametrize
in_phases = every("phase", PHASES)
in_languages = every("locale", ["en", "es"])


def cover(petition: Petition, locale: str, counted: int) -> Screen:
    conversation = Conversation(TREES, locale)
    return screen_for(Scene(conversation, {TREES: petition}, SignerContext(), lambda: counted, NOW, ("en", "es")))


def posts(petition: Petition, locale: str, counted: int) -> Iterator[View]:
    yield View(card(petition, locale, counted, NOW), locale, TREES)
    yield View(milestone_screen(petition, 100, counted, locale, NOW), locale, TREES)


def drawn(petition: Petition, locale: str, counted: int) -> Iterator[tuple[str, list[str]]]:
    """The words and the buttons of every chat surface; the first three have the news too."""
    shown = View(cover(petition, locale, counted), locale, TREES)
    yield read_telegram(TELEGRAM.render(shown))
    yield read_discord(DISCORD.render(shown))
    for view in posts(petition, locale, counted):
        yield read_telegram(TELEGRAM.card(view, LABEL))
        yield read_discord(DISCORD.card(view, LABEL))


def read_telegram(message: TelegramMessage) -> tuple[str, list[str]]:
    return message.text, [button["text"] for row in message.keyboard for button in row]


def read_discord(message: DiscordMessage) -> tuple[str, list[str]]:
    return message.text.replace("\\", ""), [each["label"] for each in walk(list(message.rows)) if "label" in each]


def test_the_phases_are_those_of_their_petitions() -> None:
    assert {phase: petition.phase(NOW) for phase, petition in PHASES.items()} == {phase: phase for phase in Phase}
    erased = replace(ELMS, decision=Decision(erased_at=NOW))
    assert erased.phase(NOW) is Phase.CLOSED
    paused = replace(PHASES[Phase.ENDED], decision=Decision(PetitionStatus.PAUSED, since=NOW))
    assert paused.phase(NOW) is Phase.ENDED, "a pause after the last day promises nothing"


@in_languages
@every("counted", [0, 1, 1234])
@in_phases
def test_every_message_offers_sign_only_in_the_open_phase(phase: Phase, counted: int, locale: str) -> None:
    for words, buttons in drawn(PHASES[phase], locale, counted):
        assert (SIGN[locale] in buttons) is (phase is Phase.OPEN), words
        assert (FIRST[locale] in words) is (phase is Phase.OPEN and not counted), words
        if "100" not in words.split("\n")[0]:  # a milestone's post is about the count alone
            assert NEWS[phase][locale] in words


@in_languages
@in_phases
def test_a_list_names_the_phase(phase: Phase, locale: str) -> None:
    decided: Callable[[Petition], Petition] = lambda _: PHASES[phase]  # noqa: E731
    view = View(choose_petition({TREES: ELMS, "oaks": ELMS}, decided, locale, NOW), locale)
    title = ELMS.text(locale).title + LISTED[phase][locale]
    for words, buttons in (read_telegram(TELEGRAM.render(view)), read_discord(DISCORD.render(view))):
        assert f"1. {title}" in words
        labels = [button.removesuffix("…").partition(". ")[2] for button in buttons]  # numbered, since titles are equal
        assert all(label and label in title + "…" for label in labels)
        assert FIRST[locale] not in words


@in_languages
@every("counted", [0, 1, 1234])
@in_phases
def test_the_page_and_the_counter_ask_to_sign_only_in_the_open_phase(phase: Phase, counted: int, locale: str) -> None:
    world, threads = World(), ServiceThreads(1)
    services = services_of(world, Database("sqlite://"), Vault(["k" * 32]), BOTH.public_url)
    counts = Counts(services, threads)
    counts.snapshots = {TREES: Snapshot(PHASES[phase], counted, phase, NOW)}
    pages, visit = Pages(services, counts, BOTH.public_url, Assets()), Visit(locale)
    pages.links = BOTH
    for page in (pages.petition(TREES, visit), pages.embed(TREES, visit)):
        html = page.body.decode()
        asks = any(words in ASKS[locale] for words in re.findall(r'class="way"[^>]*>([^<]+)<', html))
        assert asks is (phase is Phase.OPEN)
        assert FIRST[locale] not in html
    assert NEWS[phase][locale] in pages.petition(TREES, visit).body.decode()
    threads.close()
