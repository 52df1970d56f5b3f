"""The names of target and organizer may differ by language, and every screen uses the reader's."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from core.conversation.overlays import screen_for
from core.conversation.scene import Scene, card
from core.conversation.state import Conversation, Overlay
from core.outreach.announcement import announcement_screen
from core.petition.loading import PETITIONS, check_petitions, read_folder
from core.petition.petition import Petition
from core.petition.retention import PetitionRecord
from core.signatures.signature import SignerContext
from tests.world import NOW, SALESFORCE


def bilingual(folder: Path) -> Petition:
    """The shipped petition, also in Spanish with other names."""
    copy = folder / SALESFORCE
    shutil.copytree(PETITIONS / SALESFORCE, copy)
    shutil.copytree(copy / "en", copy / "es")
    facts, letter = copy / "petition.toml", copy / "es" / "letter.md"
    facts.write_text(facts.read_text(encoding="utf-8").replace('["en"]', '["en", "es"]'), encoding="utf-8")
    names = "target: Marc Benioff, de Salesforce\norganizer: Progreso\nsummary:"
    letter.write_text(letter.read_text(encoding="utf-8").replace("summary:", names, 1), encoding="utf-8")
    assert check_petitions(folder) == []
    petition = read_folder(copy).petition
    assert petition is not None
    return petition


def test_readers_see_the_names_in_their_language(tmp_path: Path) -> None:
    petition = bilingual(tmp_path)
    for locale, target, organizer in (
        ("en", "Salesforce CEO Marc Benioff", "Demand Progress"),
        ("es_MX", "Marc Benioff, de Salesforce", "Progreso"),
        ("fr", "Salesforce CEO Marc Benioff", "Demand Progress"),
    ):
        named = petition.in_language(locale)
        assert (named.target, named.organizer) == (target, organizer)
        assert target in repr(card(petition, locale, 1, NOW))
        assert organizer in repr(card(petition, locale, 1, NOW))
        assert organizer in repr(announcement_screen(petition, "Words", locale))


def test_a_conversation_has_the_names_of_its_language(tmp_path: Path) -> None:
    petition = bilingual(tmp_path)
    for locale, organizer in (("en", "Demand Progress"), ("es", "Progreso")):
        opened = Conversation(SALESFORCE, locale)
        for conversation in (opened, replace(opened, trail=(Overlay.PRIVACY,))):
            screen = screen_for(Scene(conversation, {SALESFORCE: petition}, SignerContext(), lambda: 0, NOW))
            assert f"'organizer': '{organizer}'" in repr(screen)


def test_a_removed_petition_keeps_the_names_of_its_first_language(tmp_path: Path) -> None:
    petition = bilingual(tmp_path)
    spanish = replace(petition, texts={"es": petition.texts["es"]})
    assert PetitionRecord.of(petition, NOW).organizer == "Demand Progress"
    assert PetitionRecord.of(spanish, NOW).organizer == "Progreso"


def test_a_misspelt_name_is_a_fault(tmp_path: Path) -> None:
    bilingual(tmp_path)
    letter = tmp_path / SALESFORCE / "es" / "letter.md"
    letter.write_text(letter.read_text(encoding="utf-8").replace("organizer:", "organiser:"), encoding="utf-8")
    [fault] = check_petitions(tmp_path)
    assert fault.text == "organiser: there's no key organiser. Did you mean organizer?"
