"""Proposals of links: only from the file, only where the words fit, and with reasons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.petition.source import Source
from core.sources.link_files import FoundLink, links_in
from core.sources.proposals import propose
from tests.world import SALESFORCE, petitions

GIZMODO = "https://gizmodo.com/salesforce-ceo-says-it-wont-sever-ties-with-customs-an-1827213525"
TITLE = "Salesforce CEO Says It Won't Sever Ties With Customs and Border Protection"
BOOKMARKS = f"""<!DOCTYPE NETSCAPE-Bookmark-file-1>
<DL><p>
    <DT><A HREF="{GIZMODO}" ADD_DATE="1530200000">Salesforce CEO Says It Won&#39;t Sever Ties With Customs
        and Border Protection</A>
    <DT><A HREF="https://gizmodo.com/">Gizmodo</A>
    <DT><A HREF="javascript:alert(1)">{TITLE}</A>
</DL>"""
FILES = {
    "bookmarks.html": BOOKMARKS,
    "results.html": f'<a class="r" href="/url?q=x">more</a> <a href="/url?q={GIZMODO}&amp;sa=U"><b>{TITLE}</b></a>',
    "duck.html": f'<a href="//duckduckgo.com/l/?uddg={GIZMODO.replace(":", "%3A")}">{TITLE}</a>',
    "table.csv": f'title,link\n"{TITLE}, by Kate",{GIZMODO}\n',
    "table.tsv": f"{TITLE}\t{GIZMODO}\n",
    "notes.md": f"- [{TITLE}]({GIZMODO}) is what I meant.\n",
    "plain.txt": f"{TITLE}\n{GIZMODO}\n",
    f"{TITLE}.url": f"[InternetShortcut]\r\nURL={GIZMODO}\r\n",
}


def sources() -> tuple[Source, ...]:
    return petitions()[SALESFORCE].text("en").sources


@pytest.mark.parametrize("name", FILES)
def test_the_link_is_found_in_every_kind_of_file(name: str) -> None:
    found = links_in(FILES[name], name)
    assert GIZMODO in [each.link for each in found]
    assert not any(each.link.startswith("javascript") for each in found)
    (proposal,) = propose(sources()[0], found)
    assert proposal.found.link == GIZMODO
    assert proposal.reasons[:2] == ("its words in the file are those of the title", "gizmodo.com is named like Gizmodo")
    assert all(propose(source, found) == () for source in sources()[1:])


def test_an_address_alone_is_enough_if_its_words_are_the_title() -> None:
    (proposal,) = propose(sources()[0], links_in(GIZMODO))
    assert proposal.reasons[0] == "the words in the address are 78% like the title"


def test_nothing_is_proposed_for_a_front_page_or_for_other_words_of_the_same_publication() -> None:
    others = (
        FoundLink("https://gizmodo.com/", TITLE),
        FoundLink("https://gizmodo.com/the-best-phones-of-2018", "The best phones of 2018"),
        FoundLink("https://elsewhere.example/customs", "Customs and Border Protection"),
    )
    assert propose(sources()[0], others) == ()


def test_a_similar_title_is_enough_only_with_the_name_of_the_publication() -> None:
    similar = TITLE.replace("Won't Sever Ties With", "Keeps Working For")
    assert propose(sources()[0], [FoundLink("https://elsewhere.example/1", similar)]) == ()
    assert propose(sources()[0], [FoundLink("https://gizmodo.com/1", similar)])


@given(st.text(max_size=200), st.sampled_from(sorted(FILES)))
def test_whatever_a_file_has_only_its_own_links_are_proposed(text: str, name: str) -> None:
    mixed = f"{text}\n{FILES[name]}\n{text}"
    for source in sources():
        for proposal in propose(source, links_in(mixed, name)):
            assert proposal.found.link.split("://")[1][:20] in mixed.replace("%3A", ":") + text
