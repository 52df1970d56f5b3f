"""Pages as a reader gets them: the petition, its sources and the ways to sign, in the reader's language."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from justhtml import JustHTML, Node

from core.petition.petition import Decision, PetitionStatus
from core.text.document import Block, BlockKind, Document, Span
from storage.vault import Vault
from tests.bots.web.site import APPLICATION, PUBLIC, Site, served
from tests.world import NOW, SALESFORCE, TREES, petitions

PATH = f"/p/{SALESFORCE}"


def attribute(element: Node, name: str) -> str:
    """An attribute's value; nothing where it is not set."""
    return (element.attrs or {}).get(name) or ""


async def test_it_shows_letter_background_sources_count_and_goal(site: Site) -> None:
    await site.counts(1234)
    page = JustHTML(await site.page(PATH), sanitize=False)
    text = page.to_text()
    for words in (
        "Tell Salesforce to cancel their contract",
        "It is time to cancel your contract",
        "The pressure is mounting",
        "Footwear News · March 9, 2018",
        "1,234",
        "2,500",
        "A petition to Salesforce CEO Marc Benioff, by Demand Progress",
    ):
        assert words in text, words


async def test_claims_lead_to_sources_and_back(site: Site) -> None:
    for path in (PATH, f"/p/{TREES}", f"/p/{TREES}?lang=es"):
        page = JustHTML(await site.page(path), sanitize=False)
        ids = [attribute(element, "id") for element in page.query("[id]")]
        assert len(ids) == len(set(ids))
        inner = [
            attribute(element, "href") for element in page.query("a") if (attribute(element, "href")).startswith("#")
        ]
        assert {href[1:] for href in inner} <= set(ids)
        for source in page.query(".sources > li"):
            back = [attribute(link, "href") for link in source.query(".claims a")]
            assert back
            for href in back:
                (claim,) = page.query(f'[id="{href[1:]}"]')
                assert f"#{attribute(source, 'id')}" in [attribute(link, "href") for link in claim.query("a.citation")]


async def test_the_buttons_carry_the_label(site: Site) -> None:
    page = JustHTML(await site.page(f"{PATH}?source=News-Letter_1"), sanitize=False)
    telegram, discord = (attribute(link, "href") for link in page.query(".ways a"))
    assert telegram == "https://t.me/undersign_bot?start=salesforce-cbp--news-letter_1"
    assert APPLICATION in discord
    assert page.query(".command")[0].to_text() == "/petition sign petition:salesforce-cbp--news-letter_1"
    spanish = JustHTML(await site.page(PATH, **{"Accept-Language": "es"}), sanitize=False)
    assert spanish.query(".command")[0].to_text() == "/petición firmar petición:salesforce-cbp"
    (link,) = page.query("#link")
    assert attribute(link, "value") == f"{PUBLIC}{PATH}?source=news-letter_1"
    assert quote(f"{PUBLIC}{PATH}?source=news-letter_1", safe="") in await site.page(f"{PATH}?source=news-letter_1")


WISHES = (
    ("", "", "en"),
    ("", "es-MX,es;q=0.9,en;q=0.8", "es"),
    ("", "fr,de;q=0.9,es;q=0.2", "es"),
    ("", "en;q=0.3, es;q=0", "en"),
    ("", "en;q=0.2, es;q=0.3", "es"),
    ("", "es;q=0", "en"),
    ("", "*, ;;;q=2,,\t=, es", "es"),
    ("?lang=es", "en", "es"),
    ("?lang=xx", "es", "es"),
    ("?lang=" + "e" * 3000, "es", "es"),
)


async def test_the_language_is_negotiated(site: Site) -> None:
    for query, header, spoken in WISHES:
        text = await site.page(f"/p/{TREES}{query}", **{"Accept-Language": header})
        assert f'<html lang="{spoken}"' in text, (query, header)
        assert ("Salvemos los olmos" in text) == (spoken == "es")


async def test_a_text_in_another_language_says_which(site: Site) -> None:
    text = await site.page(f"{PATH}?lang=es")
    assert "El texto de la petición está en inglés." in text
    assert '<h1 lang="en"' in text


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (Decision(PetitionStatus.PAUSED, since=NOW), "Signing is paused for now."),
        (Decision(PetitionStatus.CLOSED, since=NOW), "Signing closed on November 23, 2026."),
        (Decision(PetitionStatus.VICTORY, words="The contract is <cancelled>!", since=NOW), "The contract is &lt;"),
    ],
)
async def test_decisions_are_shown_and_nobody_can_sign(site: Site, decision: Decision, expected: str) -> None:
    assert 'class="ways"' in await site.page(PATH)
    await site.decides(decision)
    text = await site.page(PATH)
    assert expected in text
    assert 'class="ways"' not in text
    assert "t.me/undersign_bot" not in text
    assert ("Next goal" in text) is (decision.status is PetitionStatus.PAUSED)
    await site.decides(Decision(since=NOW))
    assert 'class="ways"' in await site.page(PATH)


async def test_dates_open_and_close_it_by_themselves(site: Site) -> None:
    for moment, expected in (
        (dt.datetime(2018, 6, 30, tzinfo=dt.UTC), "Signing opens on July 1, 2018 (UTC)."),
        (dt.datetime(2027, 12, 31, 23, 59, tzinfo=dt.UTC), "Sign in Telegram"),
        (dt.datetime(2028, 1, 1, tzinfo=dt.UTC), "Signing closed at the end of December 31, 2027 (UTC)."),
    ):
        site.world.now = moment
        await site.surface.counts.refresh()
        text = await site.page(PATH)
        assert expected in text
        assert ("Next goal" in text) is ("closed" not in expected)


@pytest.mark.server
async def test_nothing_that_a_petition_says_becomes_markup(tmp_path: Path, vault: Vault) -> None:
    evil = "\"><script>alert(1)</script>'&<b>"
    spans = (Span(evil), Span("[1]", citation=1), Span(evil, bold=True), Span(evil, link="https://x.example/\"'>"))
    document = Document((Block(BlockKind.PARAGRAPH, spans), Block(BlockKind.HEADING, (Span(evil),), level=1)))
    petition = petitions()[TREES]
    text = petition.texts["en"]
    source = replace(text.sources[0], publication=evil, title=evil, date=evil, note=evil, claims=(evil,))
    texts = {"en": replace(text, title=evil, summary=evil, letter=document, background=document, sources=(source,))}
    spoilt = replace(petition, organizer=evil, target=evil, texts=texts)
    async with served(tmp_path, vault, spoilt) as site:
        for path in (f"/p/{TREES}", f"/p/{TREES}/embed"):
            page = await site.page(path)
            assert "<script>alert" not in page
            assert "<b>" not in page
            parsed = JustHTML(page, sanitize=False, strict=True)
            assert parsed.query("h1")[0].to_text() == evil
            (script,) = parsed.query("script[src]")
            assert (attribute(script, "src")).startswith("/static/live.js?v=")
            for data in parsed.query("script:not([src])"):
                assert json.loads(data.to_text())["name"] == evil
        (line,) = JustHTML(await site.page(f"/p/{TREES}"), sanitize=False).query("#frame")
        (frame,) = JustHTML(line.to_text(), sanitize=False).query("iframe")
        assert attribute(frame, "title") == evil
        assert attribute(frame, "src") == f"{PUBLIC}/p/{TREES}/embed?colors=light"


LABELS = ("<script>alert(1)</script>", "a" * 65, "../../etc", "%00", "é", "a b", "--read", '"onload="x', "")


@pytest.mark.server
async def test_it_names_the_controller_and_links_to_the_contact(tmp_path: Path, vault: Vault) -> None:
    petition = replace(
        petitions()[TREES],
        controller="Elm <Society>",
        contact="privacy@elm.example",
        organizer_url="https://elm.example",
    )
    async with served(tmp_path, vault, petition) as site:
        page = await site.page(f"/p/{TREES}")
    assert "Elm &lt;Society&gt; is responsible for this data." in page
    assert '<a href="mailto:privacy@elm.example">privacy@elm.example</a>' in page
    assert '<a href="https://elm.example"' in page


async def test_a_label_that_is_none_is_dropped_and_never_comes_back(site: Site) -> None:
    for label in LABELS:
        text = await site.page(f"{PATH}?source={quote(label)}")
        assert 'start=salesforce-cbp"' in text
        assert "?source=" not in text
        assert not label or quote(label, safe="") not in text
        assert "alert(1)" not in text


NOWHERE = (
    "/nothing", "/p/", "/p/none", "/p/%3Cscript%3Exx", "/p/..%2f..%2fxx%2fpasswd", "/p/" + "x" * 4000,
    "/static/xx.css", "/static/..%2fxx.py", f"{PATH}/xx", "/p/xx/live", "/p/xx/card.png", "/p/xx/qr.svg",
)  # fmt: skip


async def test_an_unknown_address_is_one_sentence(site: Site) -> None:
    for path in NOWHERE:
        status, text, response = await site.get(path)
        assert status == 404, path
        assert "There&#39;s no page at this address." in text
        assert "xx" not in text
        assert response.headers["Cache-Control"] == "no-store"
        _, spanish, _ = await site.get(path, **{"Accept-Language": "es"})
        assert "No hay ninguna página en esta dirección." in spanish


async def test_there_is_nothing_to_do_but_read(site: Site) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"):
        status, text, response = await site.get(PATH, method)
        assert status == 405, method
        assert "This address is read-only." in text
        assert response.headers["Allow"] == "GET, HEAD"


async def test_head_says_what_get_would(site: Site) -> None:
    status, text, response = await site.get(PATH, "HEAD")
    assert (status, text) == (200, "")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_the_list_of_petitions_and_the_only_one(site: Site, tmp_path: Path, vault: Vault) -> None:
    text = await site.page("/?source=newsletter")
    assert text.count('<a href="/p/') == 2
    assert f'href="/p/{TREES}?source=newsletter"' in text
    (tmp_path / "one").mkdir()
    async with served(tmp_path / "one", vault, petitions()[TREES]) as alone:
        status, _, response = await alone.get("/?source=newsletter&lang=es&x=%0d%0aSet-Cookie:y")
        assert (status, response.headers["Location"]) == (302, f"/p/{TREES}?source=newsletter&lang=es")


@pytest.mark.parametrize(
    "path", [PATH, f"{PATH}?lang=es", f"/p/{TREES}", f"/p/{TREES}?lang=es", "/", f"{PATH}/embed", "/no"]
)
async def test_it_is_valid_html_and_light(site: Site, path: str) -> None:
    _, text, _ = await site.get(path)
    page = JustHTML(text, sanitize=False, strict=True)
    assert len(page.query("h1")) == 1
    assert not page.query("[style]")
    assert not page.query("style")
    weight = len(text)
    for element in page.query("link[rel=stylesheet], script[src], link[rel=icon], img"):
        weight += len(await site.page(attribute(element, "href") or attribute(element, "src")))
    assert weight < 100_000


async def test_every_answer_protects_its_reader(site: Site) -> None:
    digest = petitions()[SALESFORCE].text("en").digest
    found = (path.replace("{path:.+}", "0/000") for _, path in site.listener.routes)
    paths = {path.format(name="style.css", digest=digest) for path in found}
    assert len(paths) > 10
    for path in (paths - {f"/p/{slug}/{name}" for slug in petitions() for name in ("embed", "live")}) | {"/nothing"}:
        _, _, response = await site.get(path)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Server" not in response.headers
        assert "Set-Cookie" not in response.headers
        if response.content_type in ("text/html", "image/svg+xml"):
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_chats_unfurl_the_link(site: Site) -> None:
    page = JustHTML(await site.page(f"{PATH}?lang=es&source=newsletter"), sanitize=False)
    metas = page.query("meta[content]")
    properties = {
        attribute(element, "property") or attribute(element, "name"): attribute(element, "content") for element in metas
    }
    assert properties["og:title"] == properties["twitter:title"] == petitions()[SALESFORCE].text("en").title
    assert properties["og:url"] == f"{PUBLIC}{PATH}"
    assert properties["og:image"] == f"{PUBLIC}{PATH}/card.png?lang=es"
    assert properties["twitter:card"] == "summary_large_image"
    assert (properties["og:image:width"], properties["og:image:height"]) == ("1200", "630")


async def test_a_fault_of_ours_is_one_sentence(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.surface.counts.snapshots = {SALESFORCE: object()}  # type: ignore[dict-item]
    status, text, _ = await site.get(f"{PATH}/count.json?source=secret")
    assert status == 500
    assert "Something went wrong on our end" in text
    assert "count was not answered" in caplog.text
    assert "secret" not in caplog.text


async def test_before_the_database_has_answered_once_there_is_nothing_to_show(site: Site) -> None:
    known, site.surface.counts.snapshots = site.surface.counts.snapshots, {}
    for path in ("/", PATH, f"{PATH}/count.json", f"{PATH}/live"):
        status, text, response = await site.get(path)
        assert (status, response.headers["Retry-After"]) == (503, "5"), path
        assert "Something went wrong on our end" in text
    site.surface.counts.snapshots = known
    assert (await site.get(PATH))[0] == 200
