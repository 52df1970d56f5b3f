"""My signatures: each text as it was signed, as a file, and what has changed in it since."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

from bots.papers.signed_page import signed_file
from core.conversation import state as ev
from core.conversation.machine import advance
from core.conversation.screen import View
from core.conversation.signed_text import SignedText
from core.conversation.state import Overlay
from core.conversation.typed import SendText
from core.petition.envelope import digest_of, with_digests
from core.petition.petition import Petition
from core.petition.retention import PetitionRecord
from core.petition.versions import FIRST, PetitionVersion
from core.sources.search_words import search_words
from core.text.document import Block, BlockKind, Document, Span
from tests.core.conversation.stories import fresh
from tests.core.services.test_rereading import PETITION, TEXT, remember, reviewing, start_again
from tests.world import SALESFORCE, TREES, Talker, World, catalog

WHAT_CHANGED, THE_TEXT = "What changed since I signed", "The text I signed"


def signed(world: World) -> Talker:
    ada = reviewing(world)
    ada.does(ev.Confirm())
    return ada


def page_of(view: View | None, locale: str = "en") -> str:
    assert view
    assert isinstance(view.data, SignedText)
    file = signed_file(view.data, catalog(), locale)
    assert file
    assert file.name == f"{SALESFORCE}-{view.data.version.digest[:8]}.html"
    return file.content.decode()


def shortened(**changes: object) -> Petition:
    """The petition with another last paragraph."""
    paragraph = Block(BlockKind.PARAGRAPH, (Span("You must act now. Thank you."),))
    letter = Document((*TEXT.letter.blocks[:-1], paragraph))
    return replace(PETITION, texts={"en": replace(TEXT, letter=letter)}, **changes)  # type: ignore[arg-type]


def test_the_current_text_comes_as_a_file_that_has_the_version() -> None:
    world = World()
    ada = signed(world)
    ada.does(ev.Show(Overlay.SIGNATURES))
    assert WHAT_CHANGED not in ada.reads()
    ada.taps(THE_TEXT)
    html = page_of(ada.view)
    for words in (TEXT.title, "To: Salesforce CEO Marc Benioff", "erase it 180 days", TEXT.sources[0].publication):
        assert words in html
    assert all(search_words(source) in unescape(html) for source in TEXT.sources), "none has a link"
    (content,) = re.findall(r'<script type="application/json" id="version">(.*?)</script>', html, re.DOTALL)
    assert json.loads(content) == json.loads(TEXT.envelope)
    assert TEXT.digest in html
    assert "What has changed since" not in html
    ada.taps(THE_TEXT)
    assert ada.view
    assert ada.view.data, "a second tap sends it again"


def test_a_text_that_changed_since_is_compared_sentence_by_sentence() -> None:
    world = World()
    remember(world, PETITION)
    ada = signed(world)
    start_again(world, shortened(target="Marc", retention_days=90))
    ada.does(ev.Show(Overlay.SIGNATURES))
    assert f"version {TEXT.digest[:8]} (earlier)" in ada.reads()
    screen = ada.taps(WHAT_CHANGED)
    assert screen.buttons
    told = ada.reads()
    assert "Removed: You must cancel your corporations contract with CBP immediately." in told
    assert "Added: You must act now." in told
    assert "Added: Thank you." in told
    assert "Removed: Salesforce CEO Marc Benioff" in told
    assert "Added: 90 days" in told
    assert "Changed: the sentences" not in told, "they only repeat the names"
    ada.taps(THE_TEXT)
    html = page_of(ada.view)
    assert "<del>Removed: Salesforce CEO Marc Benioff</del>" in html
    assert TEXT.digest in html
    assert "To: Salesforce CEO Marc Benioff" in html
    assert "Quitado: Salesforce CEO Marc Benioff" in page_of(ada.view, "es")


def test_many_changes_are_cut_on_the_screen_but_not_in_the_file() -> None:
    world = World()
    remember(world, PETITION)
    ada = signed(world)
    sentences = " ".join(f"Sentence number {number} says so." for number in range(30))
    letter = Document((Block(BlockKind.PARAGRAPH, (Span(sentences),)),))
    start_again(world, replace(PETITION, texts={"en": replace(TEXT, letter=letter)}))
    ada.does(ev.Show(Overlay.CHANGES))
    assert "There's more." in ada.reads()
    assert "number 29" not in ada.reads()
    ada.taps(THE_TEXT)
    assert "number 29" in page_of(ada.view)


def test_a_change_of_form_alone_says_so() -> None:
    world = World()
    remember(world, PETITION)
    ada = signed(world)
    fields = tuple(replace(field, max_length=100) if field.name == "comment" else field for field in PETITION.fields)
    start_again(world, replace(PETITION, fields=fields))
    ada.does(ev.Show(Overlay.CHANGES))
    assert "The words are the same." in ada.reads()


def test_a_signature_of_the_first_form_is_marked() -> None:
    world = World()
    assert TEXT.first_form
    world.petitions[SALESFORCE] = replace(PETITION, texts={"en": replace(TEXT, digest=TEXT.first_form.digest)})
    ada = signed(world)
    start_again(world, PETITION)
    ada.does(ev.Show(Overlay.SIGNATURES))
    assert f"version {TEXT.first_form.digest[:8]} (current words, old format)" in ada.reads()
    ada.taps(THE_TEXT)
    html = page_of(ada.view)
    assert "covers only the title, the letter, and the background" in html
    assert "You must cancel your corporations contract with CBP immediately." in html
    remember(world, PETITION, first_form=True)
    text = replace(TEXT, first_form=replace(TEXT.first_form, title="X"))
    start_again(world, replace(PETITION, texts={"en": text}))
    ada.does(ev.Show(Overlay.SIGNATURES))
    assert f"version {TEXT.first_form.digest[:8]} (earlier, old format)" in ada.reads()
    ada.taps(WHAT_CHANGED)
    assert "Added: X" in ada.reads()


def test_a_version_whose_words_were_never_kept_has_neither_button() -> None:
    world = World()
    ada = signed(world)
    with world.work() as work:
        work.versions.remember(PetitionVersion(SALESFORCE, TEXT.digest, "", FIRST, "", world.now))
        work.commit()
    world.petitions[SALESFORCE] = with_digests(replace(PETITION, target="Marc"), catalog())
    ada.does(ev.Show(Overlay.SIGNATURES))
    assert "(earlier, old format)" in ada.reads()
    assert THE_TEXT not in ada.reads()
    assert WHAT_CHANGED not in ada.reads()
    ada.does(SendText())
    assert ada.view
    assert ada.view.data is None
    ada.does(ev.Show(Overlay.CHANGES))
    assert "not its words" in ada.reads()


def test_the_text_of_a_petition_whose_folder_is_gone_can_still_be_had() -> None:
    world = World()
    remember(world, PETITION)
    ada = signed(world)
    with world.work() as work:
        work.records.remember(PetitionRecord.of(PETITION, world.now))
        work.commit()
    del world.petitions[SALESFORCE]
    ada.about("").does(ev.Show(Overlay.SIGNATURES))
    there = ada.about("")
    there.does(ev.Show(Overlay.SIGNATURES))
    there.taps(THE_TEXT)
    assert TEXT.title in page_of(there.view)


def test_only_a_signer_gets_a_text_or_a_comparison() -> None:
    world = World()
    ben = world.person("Ben")
    ben.does(ev.Open())
    cover = ben.reads()
    for event in (SendText(), ev.Show(Overlay.CHANGES)):
        ben.does(event)
        assert ben.view
        assert ben.view.data is None
        assert ben.reads() == cover
        assert advance(fresh(), event, PETITION, world.now).conversation.trail == ()


def test_several_signatures_have_a_button_each() -> None:
    world = World()
    remember(world, PETITION)
    ada = signed(world)
    ada.about(TREES).does(
        ev.Answer({"who": "Ada Lovelace", "country": "US", "code": "90210", "role": "tenant"}), ev.Confirm()
    )
    start_again(world, replace(PETITION, target="Marc"))
    ada.does(ev.Show(Overlay.SIGNATURES))
    ada.taps(f"What changed: {TEXT.title}")
    assert "Added: Marc" in ada.reads()
    ada.does(ev.Show(Overlay.SIGNATURES))
    ada.taps(f"Text I signed: {world.petitions[TREES].text('en').title}")
    assert ada.view
    assert isinstance(ada.view.data, SignedText)
    assert ada.view.data.version.petition == TREES
    assert digest_of(ada.view.data.version.content.encode()) == ada.view.data.version.digest
