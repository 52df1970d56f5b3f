"""The preview has every screen, loads and stores nothing, runs nothing of a petition's, and is the same each time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from pydantic import SecretStr

from core.conversation.scene import privacy
from core.messages import Message
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from tests.bots.preview.booklets import VAULT, booklet, chapters, empty_database, titles, words
from tests.world import SALESFORCE, TREES, catalog, petitions

CHATS, WEB = ("Telegram", "Discord", "Terminal"), "Web page"
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with empty_database(tmp_path_factory.mktemp("preview")) as database:
        yield database


@pytest.fixture(scope="module")
def salesforce(database: Database) -> str:
    return booklet(database, petitions()[SALESFORCE])


@pytest.fixture(scope="module")
def trees(database: Database) -> str:
    return booklet(database, petitions()[TREES], petitions()[SALESFORCE])


def test_every_surface_in_every_language_has_the_text_and_the_sources(salesforce: str) -> None:
    petition, found = petitions()[SALESFORCE], chapters(salesforce)
    assert list(found) == [(surface, language) for language in ("en", "es") for surface in (*CHATS, WEB)]
    text = petition.text("en")
    blocks = [*text.letter.blocks, *text.background.blocks]
    wanted = [text.title, text.summary, petition.target, petition.organizer, *(one.title for one in text.sources)]
    spans = [span.text.strip() for block in blocks for span in block.spans if not span.citation]
    for place, chapter in found.items():
        shown = words(chapter).replace("│ ", "")
        assert [one for one in (*wanted, *spans) if " ".join(one.split()) not in shown] == [], place


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"discord_token": SecretStr("x")}, ["Discord"]),
        ({"telegram_token": SecretStr("x"), "web_port": 0}, ["Telegram", WEB]),
        ({"web_port": 8080}, [WEB]),
        ({}, [*CHATS, WEB]),
    ],
)
def test_it_has_the_surfaces_that_the_settings_start(
    database: Database, settings: dict[str, object], shown: list[str]
) -> None:
    html = booklet(database, petitions()[SALESFORCE], only=["en"], **settings)
    assert [surface for surface, _ in chapters(html)] == shown
    assert re.findall(r'name="surface" value="([^"]*)"', html) == shown
    assert ("No surface is set up here" in words(html)) == (settings == {})


@pytest.mark.parametrize("locale", ["en", "es"])
def test_chats_show_signing_from_the_first_screen_to_the_end(trees: str, locale: str) -> None:
    petition = petitions()[TREES].in_language(locale)
    wanted = (
        Message("review.heading", {"target": petition.target}),
        Message("finished.thanks", {"target": petition.target}),
        Message("refused.email"),
        Message("cover.paused"),
        Message("cover.victory"),
        Message("finished.withdrawn", {"target": petition.target}),
        *privacy(petition),
    )
    for surface in CHATS:
        chapter = chapters(trees)[surface, locale]
        shown = words(chapter)
        sentences = [" ".join(catalog().text(one, locale).split()) for one in wanted]
        assert [one for one in sentences if one not in shown] == [], surface
        assert {"Signed", "My signatures", "Withdrawn", "After a victory"} <= set(titles(chapter))


def test_each_question_is_asked_as_the_surface_asks_it(trees: str) -> None:
    found = chapters(trees)
    text = petitions()[TREES].text("es")
    for surface in CHATS:
        shown = words(found[surface, "es"])
        assert [one for one in (*text.captions.values(), *text.hints.values()) if one not in shown] == [], surface
    assert "The form, after a wrong answer" in titles(found["Discord", "es"])
    assert "Question 1: name" in titles(found["Telegram", "es"])
    assert titles(found["Telegram", "es"])[0] == "Before the chat begins"
    described = " ".join(catalog().text(Message("telegram.description"), "es").split())
    assert words(found["Telegram", "es"]).count(described) == 1


def test_pages_show_every_state_with_its_pictures(trees: str) -> None:
    chapter = chapters(trees)[WEB, "en"]
    assert chapter.count("<iframe") == 2 + titles(chapter)[5:].index(titles(chapter)[-1]) + 1
    assert 'src="data:image/png;base64,' in chapter
    assert 'src="data:image/svg+xml;base64,' in chapter
    assert "The first page of the hand-in" in titles(chapter)
    assert catalog().text(Message("cover.victory"), "en") in words(chapter)


class Tags(HTMLParser):
    """The tags of some HTML, with their attributes, also those of the pages in frames."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.found.append((tag, values))
        if "srcdoc" in values:
            self.found += Tags(values["srcdoc"]).found


def loaded(html: str) -> list[str]:
    """Every address that a browser loads by itself."""
    tags = [values for tag, values in Tags(html).found if tag != "a"]
    addresses = [values[name] for values in tags for name in ("src", "href", "data", "poster") if name in values]
    return [*addresses, *re.findall(r"url\([^)]*\)|@import", html)]


def test_nothing_is_loaded_from_anywhere(trees: str) -> None:
    found = loaded(trees)
    assert [one for one in found if not one.startswith(("data:", "about:srcdoc"))] == []
    assert any(one.startswith("data:image/png") for one in found)
    assert "default-src 'none'" in unescape(trees)


def hostile() -> Petition:
    """A petition with HTML wherever an organizer writes words."""
    petition = petitions()[TREES]
    texts = {
        language: replace(
            text, title=ATTACK, summary=ATTACK, target=ATTACK, organizer=ATTACK,
            captions=dict.fromkeys(text.captions, ATTACK), hints=dict.fromkeys(text.hints, ATTACK),
            sources=tuple(replace(source, title=ATTACK, publication=ATTACK) for source in text.sources),
        )
        for language, text in petition.texts.items()
    }  # fmt: skip
    return replace(petition, texts=texts, organizer=ATTACK, target=ATTACK)


def test_words_of_a_petition_are_never_html(database: Database) -> None:
    html = booklet(database, hostile(), only=["es"])
    assert [chapter.count("alert(1)") > 0 for chapter in chapters(html).values()] == [True] * 4
    tags = Tags(html).found
    assert [tag for tag, _ in tags].count("script") == 1
    assert [values for _, values in tags if any(name.startswith("on") for name in values)] == []


def test_it_is_the_same_each_time_and_leaves_nothing_behind(database: Database, salesforce: str) -> None:
    assert booklet(database, petitions()[SALESFORCE]) == salesforce
    with SqlUnitOfWork(database, VAULT) as work:
        assert work.tallies.of(SALESFORCE).totals == {}
        assert not work.records.of(SALESFORCE)


@pytest.mark.parametrize(
    "fields",
    [
        (),
        (Field("code", FieldKind.POSTAL_CODE, required=True), Field("country", FieldKind.COUNTRY)),
        (Field("country", FieldKind.COUNTRY, required=True), Field("code", FieldKind.POSTAL_CODE, required=True)),
        tuple(
            Field(f"field_{kind.value}", kind, required=True, options=("a", "b") if kind is FieldKind.CHOICE else ())
            for kind in FieldKind
        ),
        (
            Field("first_name", FieldKind.NAME, required=True, max_length=3),
            Field("last_name", FieldKind.NAME, required=True),
            Field("comment", FieldKind.TEXT, required=True, max_length=1),
        ),
    ],
    ids=["nothing", "code first", "country first", "every kind", "names"],
)
def test_any_form_can_be_signed(database: Database, fields: tuple[Field, ...]) -> None:
    text = petitions()[SALESFORCE].text("en")
    labels = {field.name: field.name for field in fields}
    petition = replace(
        petitions()[SALESFORCE], fields=fields, named_if="", country=None, texts={"en": replace(text, captions=labels)}
    )
    thanks = catalog().text(Message("finished.thanks", {"target": petition.target}), "en")
    found = chapters(booklet(database, petition, only=["en"]))
    assert [surface for surface in CHATS if thanks not in words(found[surface, "en"])] == []
