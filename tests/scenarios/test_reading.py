"""Stories of people who read a whole letter in one scroll on Telegram, or try to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bots.telegram import delivery
from core.petition.petition import Decision, PetitionStatus
from core.text.markdown import Numbering, parse
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.databases import migrated_sqlite
from tests.scenarios.stage import TelegramPersona, TelegramTheatre, Theatre
from tests.scenarios.test_supporters import signs
from tests.world import SALESFORCE, TREES, World, petitions, services_of

ASKS = "Can you read the message above?"


@pytest.fixture
async def telegram(tmp_path: Path, vault: Vault) -> AsyncIterator[TelegramTheatre]:
    """Telegram, with a petition in Arabic besides the others."""
    text = petitions()[TREES].text("en")
    section = "## الأشجار\n\n" + "نطالب البلدية بالحفاظ على أشجار الدردار. " * 20 + "\n\n"
    letter, _ = parse(section * 45, (), Numbering())
    arabic = replace(text, language="ar", title="أنقذوا الدردار", letter=letter)
    every = petitions() | {TREES: replace(petitions()[TREES], texts={"ar": arabic})}
    with closing(migrated_sqlite(tmp_path)) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault), petitions=every)
        async with TelegramTheatre(world, services_of(world, database, vault)).playing() as theatre:
            yield theatre


def rich_messages(person: TelegramPersona) -> list[str]:
    """The rich messages in the chat, as the person's app shows them."""
    return [message.as_text() for message in person.chat.messages if "rich_message" in message.extra]


@pytest.mark.server
async def test_pia_reads_everything_in_one_scroll_on_her_phone_and_signs(telegram: TelegramTheatre) -> None:
    pia = await telegram.person("Pia")
    await pia.opens(SALESFORCE)
    await pia.taps("Read it all")
    (letter,) = rich_messages(pia)
    for words in ("It is time to cancel your contract", "he refused.[1]", "[1] Gizmodo, “Salesforce CEO"):
        assert words in letter
    assert ASKS in pia.reads()
    assert "[Sign]" in pia.reads()
    await pia.taps("Yes, I can")
    assert "The whole text, with its sources, is above." in pia.reads()
    await signs(pia, "Pia")
    await pia.taps("Confirm")
    assert "Thank you!" in pia.reads()
    assert telegram.world.counted() == 1
    await pia.opens(SALESFORCE)
    await pia.types("/read")
    await pia.taps("Read it all")
    assert len(rich_messages(pia)) == 2
    assert ASKS not in pia.reads(), "she has answered that"


@pytest.mark.server
async def test_wim_sees_an_empty_card_on_telegram_web_and_reads_pages(telegram: TelegramTheatre) -> None:
    wim = await telegram.person("Wim")
    wim.chat.person.shows_rich = False
    await wim.opens(SALESFORCE)
    await wim.taps("Read it all")
    assert "This message is not supported on Telegram Web." in rich_messages(wim)[0]
    assert ASKS in wim.reads()
    await wim.taps("No, I can't")
    assert "Sorry about that. Here's the text in pages." in wim.reads()
    assert "The letter you'd sign · page 1 of 2" in wim.reads()
    assert "Read it all" not in wim.reads()
    await wim.taps("Next page")
    assert "he refused.[1]" in wim.reads()
    await wim.taps("Back to the petition")
    assert "Read it all" not in wim.reads()
    await signs(wim, "Wim")
    await wim.taps("Confirm")
    assert telegram.world.counted() == 1


@pytest.mark.server
async def test_amal_reads_a_long_letter_from_right_to_left(telegram: TelegramTheatre) -> None:
    amal = await telegram.person("Amal")
    await amal.opens(TREES)
    await amal.taps("Read it all")
    sent = [call.params["rich_message"] for call in telegram.server.calls("sendRichMessage")]
    assert len(sent) == 2
    assert all(message["is_rtl"] and message["skip_entity_detection"] for message in sent)
    assert [message["blocks"][0]["type"] for message in sent] == ["heading", "heading"]
    await amal.taps("Yes, I can")
    await amal.taps("Read")
    assert "page 1 of" in amal.reads(), "the pages are still there"
    await amal.taps("Page ")
    assert "page 1 of" not in amal.reads()


@pytest.mark.server
async def test_otto_uses_a_server_that_knows_no_rich_messages(telegram: TelegramTheatre) -> None:
    otto = await telegram.person("Otto")
    await otto.opens(SALESFORCE)
    for status, words in ((404, "Not Found"), (400, "Bad Request: can't parse rich message")):
        telegram.server.fail_next("sendRichMessage", status, words)
        await otto.taps("Read it all")
        assert "I couldn't send the whole text in one message. Here it is in pages." in otto.reads()
        assert "page 1 of 2" in otto.reads()
        assert ASKS not in otto.reads()
    await otto.taps("Next page")
    assert "he refused.[1]" in otto.reads()
    await otto.taps("Back to the petition")
    assert "Sign" in otto.reads()


@pytest.mark.server
async def test_lena_gets_pages_of_a_text_that_would_flood_her_chat(
    telegram: TelegramTheatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MOST_MESSAGES", 1)
    lena = await telegram.person("Lena")
    await lena.opens(TREES)
    await lena.taps("Read it all")
    assert not telegram.server.calls("sendRichMessage")
    assert "Here it is in pages." in lena.reads()


@pytest.mark.server
async def test_nils_is_forgotten_with_his_answer(telegram: TelegramTheatre) -> None:
    nils = await telegram.person("Nils")
    await nils.opens(SALESFORCE)
    await nils.taps("Read it all")
    await nils.taps("No, I can't")
    await nils.types("/forget")
    await nils.taps("Erase everything")
    await nils.opens(SALESFORCE)
    await nils.taps("Read it all")
    assert ASKS in nils.reads()


@pytest.mark.server
async def test_dora_taps_twice_and_gets_the_letter_once(telegram: TelegramTheatre) -> None:
    dora = await telegram.person("Dora")
    await dora.opens(SALESFORCE)
    await dora.chat.press("Read it all", wait=False)
    await dora.chat.press("Read it all")
    assert len(rich_messages(dora)) == 1
    assert [ASKS in message.text for message in dora.chat.messages].count(True) == 1
    assert ASKS in dora.reads()


async def test_elsewhere_nothing_is_offered_that_does_not_exist_there(theatre: Theatre) -> None:
    if isinstance(theatre, TelegramTheatre):
        return
    tess = await theatre.person("Tess")
    await tess.opens(SALESFORCE)
    assert "Read it all" not in tess.reads()
    await tess.taps("Read")
    assert "Read it all" not in tess.reads()


@pytest.mark.parametrize(
    ("language", "sign", "confirm", "names"),
    [
        ("en", "Sign", "Confirm", ("The letter you'd sign · page 1", "The letter you signed · page 1")),
        ("es", "Firmar", "Confirmar", ("La carta que firmarías · página 1", "La carta que firmaste · página 1")),
    ],
)
async def test_the_letter_says_whether_the_reader_has_signed_it(
    theatre: Theatre, language: str, sign: str, confirm: str, names: tuple[str, str]
) -> None:
    ada = await theatre.person("Ada", language=language)
    await ada.opens(SALESFORCE)
    await ada.types("/read")
    assert names[0] in ada.reads()
    await ada.opens(SALESFORCE)
    await ada.taps(sign)
    if "90210" not in ada.reads():
        await ada.types("Ada")
    await ada.types("90210")
    await ada.taps(confirm)
    await ada.types("/read")
    assert names[1] in ada.reads()


async def test_a_letter_that_can_no_longer_be_signed_is_just_the_letter(theatre: Theatre) -> None:
    with theatre.world.work() as work:
        work.decisions.save(SALESFORCE, Decision(PetitionStatus.CLOSED, since=theatre.world.now))
        work.commit()
    ada = await theatre.person("Ada")
    await ada.opens(SALESFORCE)
    await ada.taps("Read")
    assert "The letter · page 1 of" in ada.reads()
