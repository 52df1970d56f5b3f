"""Screens about the versions of a petition: what changed since one read it, and since one signed it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bots.papers.signed_page import signed_file
from core.conversation import state as ev
from core.conversation.signed_text import SignedText
from core.conversation.state import Overlay
from core.conversation.typed import SendText
from core.petition.envelope import canonical
from core.petition.versions import FIRST, PRESENT, PetitionVersion, first_versions
from tests.screens.drawing import paragraphs
from tests.screens.reading import variant
from tests.screens.signing import AFTER, REVIEW
from tests.screens.studio import GOOD, PAPERS, Studio
from tests.world import NOW, SALESFORCE, TREES, petitions

READ = "0" * 64
OTHER: dict[str, Any] = {
    "title": "Save the elms", "letter": [], "background": [], "sources": [], "target": "the Mayor",
    "organizer": "Elm Street", "contact": "elms@example.org", "controller": "Elm Street Ltd", "named_if": "volunteer",
    "retention_days": 60, "closes": "2027-01-01", "timezone": "Europe/Madrid",
}  # fmt: skip


def rereading(studio: Studio) -> None:
    """A review of a version that has changed in every part, and of one whose sentences about the data changed."""
    present: dict[str, Any] = json.loads(petitions()[TREES].text(studio.locale).envelope)
    fields = [{**field, "label": "?", "options": field["options"][:1]} for field in present["fields"]]
    _read_again(studio, "Every part has changed meanwhile", {**present, **OTHER, "fields": fields})
    consent = {**present, "consent": {**present["consent"], "data": "We keep it."}}
    _read_again(studio, "The sentences about the data have changed meanwhile", consent)


def _read_again(studio: Studio, title: str, envelope: dict[str, Any]) -> None:
    """Sign a version with this envelope, which is another one when Confirm is tapped."""
    other = Studio(studio.album, studio.locale, variant())
    text = petitions()[TREES].text(studio.locale)
    other.petitions[TREES] = variant(texts={text.language: replace(text, digest=READ)})
    ada = other.person(petition=TREES)
    ada.does(ev.Begin(), ev.Answer(GOOD))
    content = canonical(envelope).decode()
    with other.world.work() as work:
        work.versions.remember(PetitionVersion(TREES, READ, text.language, PRESENT, content, other.world.now))
        work.commit()
    other.petitions[TREES] = variant()
    other.does(REVIEW, title, ada, ev.Confirm())


def signed_texts(studio: Studio) -> None:
    """My signatures with every kind of version, what changed since, and the file with the text."""
    text = petitions()[TREES].text(studio.locale)
    assert text.first_form
    present: dict[str, Any] = json.loads(text.envelope)
    fields = [{**field, "longest": 1} for field in present["fields"]]
    consent = {**present["consent"], "data": "We keep it."}
    span = {"text": " ".join(f"The elms of street {number} are healthy." for number in range(20))}
    title = {**present, "title": "Save the elms", "retention_days": 60, "closes": ""}
    letter = {**present, "letter": [{"kind": "paragraph", "spans": [span]}], "fields": fields}
    for about, envelope in (("another title", title), ("another letter", letter)):
        _signed(studio, f"a text with {about}", _version(studio, envelope))
    _signed(studio, "other sentences about the data", _version(studio, {**present, "consent": consent}))
    _signed(studio, "an unknown text", replace(_version(studio, {}), content="", form=FIRST))
    (first,) = (one for one in first_versions(petitions()[TREES], NOW) if one.language == text.language)
    _signed(studio, "the current words in the old format", first)


def _version(studio: Studio, envelope: dict[str, Any]) -> PetitionVersion:
    return PetitionVersion(TREES, READ, studio.locale, PRESENT, canonical(envelope).decode(), NOW)


def _signed(studio: Studio, title: str, version: PetitionVersion) -> None:
    """Sign a version, and look at it when another one is current."""
    other = Studio(studio.album, studio.locale, variant(), petitions()[SALESFORCE])
    text = petitions()[TREES].text(studio.locale)
    other.petitions[TREES] = variant(texts={text.language: replace(text, digest=version.digest)})
    ada = other.person(petition=TREES)
    ada.does(ev.Begin(), ev.Answer(GOOD), ev.Confirm())
    with other.world.work() as work:
        work.versions.remember(version)
        work.commit()
    other.petitions[TREES] = variant()
    other.does(AFTER, f"My signatures: {title}", ada, ev.Show(Overlay.SIGNATURES))
    other.does(AFTER, f"What changed since: {title}", ada, ev.Show(Overlay.CHANGES))
    ada.does(SendText())
    if ada.view and isinstance(ada.view.data, SignedText):
        with studio.place(PAPERS, AFTER, f"The file: {title}") as pieces:
            file = signed_file(ada.view.data, studio.catalog, studio.locale)
            assert file
            pieces.append(paragraphs([file.words, file.content.decode()]))
    ada.about(SALESFORCE).does(ev.Begin(), ev.Answer({"postal_code": "90210"}), ev.Confirm())
    other.does(AFTER, f"Two signatures: {title}", ada, ev.Show(Overlay.SIGNATURES))
