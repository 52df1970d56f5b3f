"""Each sentence on a page says in which language it is, so that readers, voices, and translators get it right."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from justhtml import JustHTML

from bots.web.wording import Wording
from core.messages import Catalog, Message, Translation
from core.petition.petition import Decision, PetitionStatus
from storage.vault import Vault
from tests.bots.web.arabic import OLIVES, arabic_petition
from tests.bots.web.site import Site, served
from tests.world import NOW, SALESFORCE, TREES, catalog, petitions

PATH = f"/p/{OLIVES}"
ARABIC, LATIN = re.compile("[\u0620-\u064a]{2}"), re.compile("[A-Za-z]")
OTHERS = {"English", "Español"}  # links to the page in these languages
FREE = {"cite", "code", "textarea", "script"}  # sources have the petition's language, whatever theirs is


@pytest.fixture
async def site(tmp_path: Path, vault: Vault) -> AsyncIterator[Site]:
    """With an Arabic petition beside those of the tests."""
    async with served(tmp_path, vault, arabic_petition(tmp_path), *petitions().values()) as site:
        yield site


def declared(node: Any, name: str) -> str:
    """The value of an attribute that an element inherits; empty if none has it."""
    while node is not None:
        if value := (getattr(node, "attrs", None) or {}).get(name):
            return str(value)
        node = node.parent
    return ""


def sentences(page: JustHTML) -> Iterator[tuple[str, str, str]]:
    """Each text for people, with its language and direction."""
    for element in page.query("*"):
        if element.name in FREE or declared(element, "class") == "where" or declared(element, "translate"):
            continue
        for child in element.children or ():
            if child.name == "#text" and child.data.strip():
                yield child.data.strip(), declared(element, "lang"), declared(element, "dir")


def names(page: JustHTML) -> Iterator[tuple[str, str]]:
    """Each name that a voice reads instead of an element, with its language."""
    for element in page.query("*"):
        for name in ("aria-label", "alt"):
            if value := (element.attrs or {}).get(name):
                yield value, declared(element, "lang")


ARABIC_PAGES = [f"{PATH}?lang={language}" for language in ("ar", "en", "es")]


@pytest.mark.parametrize("path", [*ARABIC_PAGES, *(path.replace("?", "/embed?") for path in ARABIC_PAGES), "/?lang=ar"])
async def test_every_sentence_has_its_language_and_direction(site: Site, path: str) -> None:
    page = JustHTML(await site.page(path), sanitize=False, strict=True)
    own = "es" if path.endswith("es") else "en"
    found = list(sentences(page))
    for text, language, direction in found:
        if LATIN.search(text) and text not in OTHERS:
            assert (language, direction) == (own, "ltr"), text
        elif ARABIC.search(text):
            assert (language, direction) == ("ar", "rtl"), text
    assert {"ar", own} <= {language for _, language, _ in found}
    for text, language in names(page):
        assert language == own, text


async def test_the_page_has_the_language_of_its_text_if_its_reader_wants_that(site: Site) -> None:
    for path, language in (
        (f"{PATH}?lang=ar", "ar"), (PATH, "en"), ("/?lang=ar", "ar"),
        (f"/p/{SALESFORCE}?lang=ar", "en"), (f"/p/{TREES}?lang=ar", "en"), ("/nothing?lang=ar", "en"),
    ):  # fmt: skip
        _, text, _ = await site.get(path)
        direction = "rtl" if language == "ar" else "ltr"
        assert f'<html lang="{language}" dir="{direction}">' in text, path
    _, text, _ = await site.get(f"/p/{SALESFORCE}", **{"Accept-Language": "ar, es"})
    assert '<html lang="es"' in text, "another petition's language is none of this one's"


async def test_a_name_in_the_other_direction_moves_nothing_around_it(site: Site) -> None:
    text = await site.page(PATH)
    assert "To \u2068مجلس المدينة (2026)\u2069" in text
    assert "\u2068" not in await site.page(f"/p/{SALESFORCE}")


def test_addresses_in_a_sentence_stay_links() -> None:
    hebrew = Translation({"privacy.contact": "פנו אל {contact}, גם {other}."}, lambda _: 0)
    wording = Wording(Catalog({"en": Translation({}, lambda _: 0), "he": hebrew}), "he")
    message = Message("privacy.contact", {"contact": "https://elm.example/", "other": "Elm Street"})
    assert '<a href="https://elm.example/" rel="noopener">https://elm.example/</a>' in wording.linked(message)
    assert "\u2068Elm Street\u2069" in wording.linked(message)


async def test_commands_and_codes_are_never_translated_or_turned(site: Site) -> None:
    for path in ARABIC_PAGES:
        page = JustHTML(await site.page(path), sanitize=False)
        codes = page.query("code:not(.search)")  # the words to search for are the petition's
        assert len(codes) == 2
        for code in (*codes, *page.query(".printed")):
            assert (code.attrs or {}) | {"translate": "no", "dir": "ltr"} == code.attrs, code.to_html()
        assert [declared(element, "dir") for element in page.query("input, textarea")] == ["ltr", "ltr"]


async def test_the_organizers_own_words_find_their_direction(site: Site) -> None:
    await site.decides(Decision(PetitionStatus.VICTORY, words="شكرا لكم!", since=NOW), OLIVES)
    for path in (PATH, "/"):
        assert '<p dir="auto">شكرا لكم!</p>' in await site.page(path)


def test_an_english_page_marks_none_of_its_own_sentences() -> None:
    wording = Wording(catalog(), "en")
    assert wording.say("web.letter") == "The letter"
    assert wording.lang("web.letter") == ""
    assert wording.say("web.letter", "ar") == '<span lang="en" dir="ltr">The letter</span>'
