"""The whole text in one scroll is offered where it exists, and to those who can read it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.conversation.machine import advance
from core.conversation.reading import page_size
from core.conversation.scene import Scene
from core.conversation.state import Conversation, Overlay, Stage
from core.conversation.typed import CanRead
from core.conversation.views import view_for
from core.conversation.whole import READ_WHOLE
from core.platforms import Platform
from core.signatures.signature import SignerContext
from tests.world import NOW, SALESFORCE, Talker, World, petitions

PETITION = petitions()[SALESFORCE]
READER = SignerContext(platform=Platform.TELEGRAM)


def after(*events: ev.Event, known: SignerContext = READER) -> Conversation:
    state = Conversation(SALESFORCE, "en")
    for event in events:
        state = advance(state, event, PETITION, NOW, known).conversation
    return state


def events_on(state: Conversation, known: SignerContext) -> set[ev.Event | None]:
    scene = Scene(state, petitions(), known, lambda: 0, NOW)
    return {button.event for row in view_for(scene).screen.buttons for button in row}


@pytest.mark.parametrize("platform", ["", *Platform])
@pytest.mark.parametrize("reads", [None, True, False])
def test_it_is_offered_on_telegram_until_the_reader_says_no(platform: str, reads: bool | None) -> None:
    known = SignerContext(platform=platform, reads_whole=reads)
    offered = platform == Platform.TELEGRAM and reads is not False
    for state in (after(known=known), after(ev.TurnPage(1), known=known)):
        assert (READ_WHOLE in events_on(state, known)) is offered
    opened = after(READ_WHOLE, known=known)
    assert opened.overlay is (Overlay.WHOLE if offered else Overlay.PAGE), "a button from before leads to the pages"


def test_the_question_is_asked_once_and_nothing_that_signs_is_only_there() -> None:
    state = after(READ_WHOLE)
    assert {CanRead(able=True), CanRead(able=False), ev.Begin(), ev.Back()} <= events_on(state, READER)
    known = replace(READER, reads_whole=True)
    assert events_on(state, known) == {ev.TurnPage(0), ev.ListSources(), ev.Begin(), ev.Back()}
    assert after(READ_WHOLE, ev.Begin()).stage is Stage.ANSWERING


def test_back_never_leads_to_the_question() -> None:
    assert after(READ_WHOLE, ev.TurnPage(0), ev.Back()).overlay is Overlay.STAGE
    assert after(ev.TurnPage(1), READ_WHOLE, ev.Back()).overlay is Overlay.PAGE


def test_only_the_event_that_asks_for_it_sends_it() -> None:
    scene = Scene(after(READ_WHOLE), petitions(), READER, lambda: 0, NOW)
    whole = view_for(scene, READ_WHOLE).whole
    assert whole
    assert whole.text is scene.text
    assert ev.TurnPage(1) in {button.event for row in whole.instead.buttons for button in row}
    assert view_for(scene).whole is None
    assert view_for(scene, ev.Back()).whole is None


def reader(world: World) -> Talker:
    return replace(world.person("", "telegram", "reader"), petition=SALESFORCE)


def test_the_answer_belongs_to_the_account_and_goes_with_it() -> None:
    world = World()
    reader(world).does(READ_WHOLE)
    with world.work() as work:
        assert work.signers.find(reader(world).signer) is None, "reading stores nothing"
    for able in (True, False):
        reader(world).does(READ_WHOLE, CanRead(able=able))
        with world.work() as work:
            stored = work.signers.find(reader(world).signer)
            assert stored
            assert stored.reads_whole is able
            assert work.own_data.of(stored.id).account.reads_whole is able
    reader(world).does(ev.NotMe(), ev.Forget(), ev.Open())
    with world.work() as work:
        stored = work.signers.find(reader(world).signer)
        assert stored
        assert stored.reads_whole is None


def test_an_update_that_comes_again_sends_the_text_again_and_a_second_tap_does_not() -> None:
    world = World()
    signer = reader(world).signer
    opened = world.signing.handle(signer, ev.Open(), SALESFORCE)
    first, again, second = (
        world.signing.handle(signer, READ_WHOLE, SALESFORCE, update_id=update, revision=opened.revision)
        for update in ("1", "1", "2")
    )
    assert first.whole
    assert again.whole
    assert not again.is_answered
    assert second.whole is None
    assert second.is_answered


def test_pages_that_no_longer_exist_lead_to_the_nearest() -> None:
    known = replace(READER, platform="")
    many = after(ev.TurnPage(99), known=known)
    assert many.page == len(PETITION.text("en").pages(page_size(""))) - 1
    assert after(ev.TurnPage(99)).page == len(PETITION.text("en").pages(page_size(Platform.TELEGRAM))) - 1
