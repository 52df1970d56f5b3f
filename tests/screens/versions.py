"""Screens about the versions of a petition: what changed since one read it, and since one signed it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from core.conversation import state as ev
from core.petition.envelope import canonical
from core.petition.versions import PRESENT, PetitionVersion
from tests.screens.reading import variant
from tests.screens.signing import GOOD, REVIEW
from tests.screens.studio import Studio
from tests.world import TREES, petitions

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
