"""The envelope of a petition: canonical bytes, and another digest whenever anything that people sign is different."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from core.petition.envelope import FORMAT, TAG, with_digests
from core.petition.form import Elsewhere, Field, FieldKind
from core.petition.loading import PETITIONS
from core.petition.petition import Petition, PetitionText
from core.petition.source import Source
from core.text.document import Block, BlockKind, Document, Span
from tests.effort import scaled
from tests.loading import load_petitions
from tests.world import SALESFORCE, TREES, catalog, petitions

VECTORS = Path(__file__).parent / "rfc8785"


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_the_vectors_of_the_rfc(name: str) -> None:
    value = json.loads((VECTORS / f"{name}.input.json").read_text(encoding="utf-8"))
    assert rfc8785.dumps(value) == (VECTORS / f"{name}.output.json").read_bytes()


def digest_of(petition: Petition, language: str = "en") -> str:
    return with_digests(petition, catalog()).texts[language].digest


def test_a_digest_is_the_sha_256_of_the_tag_and_the_envelope() -> None:
    for petition in petitions().values():
        for text in petition.texts.values():
            assert text.digest == hashlib.sha256(b"undersign/petition/v2\n" + text.envelope).hexdigest()
            assert json.loads(text.envelope)["format"] == FORMAT
    assert TAG.endswith(b"\n")


def test_the_envelope_has_every_sentence_that_a_review_can_show_in_the_language_of_the_text() -> None:
    consent = json.loads(petitions()[SALESFORCE].text("en").envelope)["consent"]
    assert consent["heading"] == "You're about to sign this letter to Salesforce CEO Marc Benioff:"
    assert [("choose “" in words, "postal code" in words, "country" in words) for words in consent["hand_in"]] == [
        (True, True, False), (False, True, False), (True, False, True), (False, False, True), (False, False, False),
    ]  # fmt: skip
    assert len(consent["updates"]) == 3
    assert "180 days" in consent["data"]
    assert consent["buttons"] == ["Confirm", "Confirm, and hand in my name"]
    spanish = json.loads(petitions()[TREES].text("es").envelope)
    assert spanish["consent"]["buttons"] == ["Confirmar"]
    assert [option["label"] for option in spanish["fields"][3]["options"]] == ["Alquilo", "Soy dueño"]


def test_a_sentence_that_moves_over_a_rule_changes_the_digest(tmp_path: Path) -> None:
    """Title, letter and background joined by a line of dashes were the same text with the line elsewhere."""
    found = []
    parts = (("One.", "Two.\n---\nThree."), ("One.\n---\nTwo.", "Three."))
    for number, (letter, background) in enumerate(parts):
        folder = tmp_path / str(number)
        shutil.copytree(PETITIONS / SALESFORCE, folder / "trees")
        front = "---\ntitle: Save the trees\nsummary: Now\n---\n"
        (folder / "trees" / "en" / "letter.md").write_text(f"{front}{letter}\n", encoding="utf-8")
        (folder / "trees" / "en" / "background.md").write_text(f"{background}\n", encoding="utf-8")
        found.append(with_digests(load_petitions(folder)["trees"], catalog()).text("en"))
    first, second = (text.first_form for text in found)
    assert first
    assert second
    assert first.digest == second.digest
    assert found[0].digest != found[1].digest


def test_the_digest_is_of_the_name_that_the_data_is_stored_under() -> None:
    renamed = replace(petitions()[TREES], slug="elm-trees")
    assert with_digests(renamed, catalog(), TREES).text("en").digest == petitions()[TREES].text("en").digest
    assert with_digests(renamed, catalog(), TREES).slug == "elm-trees"


def test_the_same_words_in_another_normal_form_and_with_other_line_ends_are_the_same() -> None:
    composed, decomposed = (
        replace(petitions()[TREES], contact=contact, target=target)
        for contact, target in (("caf\u00e9", "a\nb"), ("cafe\u0301", "a\r\nb"))
    )
    assert digest_of(composed) == digest_of(decomposed)


WORDS = st.text("a-\n[", min_size=1, max_size=3)
LINKS = st.none() | st.sampled_from(["https://a.example", "https://b.example"])
SPANS = st.builds(
    Span, WORDS, bold=st.booleans(), italic=st.booleans(), link=LINKS, citation=st.none() | st.integers(1, 2)
)
BLOCKS = st.builds(
    Block, st.sampled_from(BlockKind), st.lists(SPANS, max_size=2).map(tuple), level=st.integers(0, 2),
    marker=st.sampled_from(["", "•", "1."]),
)  # fmt: skip
DOCUMENTS = st.lists(BLOCKS, max_size=2).map(tuple).map(Document)
SOURCES = st.builds(
    Source, st.integers(1, 2), publication=WORDS, title=WORDS, date=WORDS, link=LINKS, note=WORDS, claims=st.just(())
)
FIELDS = st.builds(
    Field, st.sampled_from(["one", "two"]), st.sampled_from(FieldKind), required=st.booleans(),
    country=st.sampled_from([None, "US"]), max_length=st.sampled_from([None, 5]),
    options=st.lists(st.sampled_from(["x", "y"]), max_size=2, unique=True).map(tuple),
    elsewhere=st.sampled_from(Elsewhere), hand_in=st.booleans(),
)  # fmt: skip
CAPTIONS = st.fixed_dictionaries({"one": WORDS, "two": WORDS})
TEXTS = st.builds(
    PetitionText, st.just("en"), WORDS, summary=st.just(""), letter=DOCUMENTS, background=DOCUMENTS,
    sources=st.lists(SOURCES, max_size=2).map(tuple), captions=CAPTIONS, hints=CAPTIONS,
    options=st.fixed_dictionaries({"one": st.fixed_dictionaries({"x": WORDS, "y": WORDS})}),
)  # fmt: skip
PARTS = {
    "slug": st.sampled_from(["a", "b"]), "organizer": WORDS, "target": WORDS,
    "texts": TEXTS.map(lambda text: {"en": text}), "fields": st.lists(FIELDS, min_size=1, max_size=2).map(tuple),
    "goal": st.just(1), "retention_days": st.integers(0, 2),
    "closes": st.none() | st.dates(dt.date(2027, 1, 1), dt.date(2027, 1, 2)),
    "named_if": st.sampled_from(["", "one"]), "organizer_url": WORDS, "contact": WORDS, "controller": WORDS,
    "timezone": st.sampled_from(["UTC", "Europe/Madrid"]),
}  # fmt: skip


def signed(petition: Petition) -> object:
    """Everything that people sign, as a value; words for fields and options that aren't there don't count."""
    text, names = petition.text("en"), {field.name for field in petition.fields}
    has_options = {field.name: field.options for field in petition.fields}
    return (
        replace(petition, texts={}, fields=()),
        [replace(field, max_length=field.longest) for field in petition.fields],
        replace(text, captions={}, hints={}, options={}),
        {name: (text.captions[name], text.hints[name]) for name in names},
        [[text.options.get(name, {}).get(key, key) for key in keys] for name, keys in has_options.items()],
    )


@settings(max_examples=scaled(300))
@given(st.builds(Petition, **PARTS), st.data())
def test_no_two_petitions_share_a_digest(petition: Petition, data: st.DataObject) -> None:
    part = data.draw(st.sampled_from([*PARTS]))
    other = replace(petition, **{part: data.draw(PARTS[part])})  # type: ignore[arg-type]
    if data.draw(st.booleans()):
        other = data.draw(st.builds(Petition, **PARTS))
    assert (digest_of(petition) == digest_of(other)) == (signed(petition) == signed(other))


@settings(max_examples=scaled(100))
@given(TEXTS, st.data())
def test_every_part_of_a_text_is_in_the_digest(text: PetitionText, data: st.DataObject) -> None:
    new = {"title": WORDS, "letter": DOCUMENTS, "background": DOCUMENTS, "sources": st.lists(SOURCES).map(tuple)}
    part = data.draw(st.sampled_from([*new]))
    other = replace(text, **{part: data.draw(new[part])})  # type: ignore[arg-type]
    petition = petitions()[SALESFORCE]
    digests = {digest_of(replace(petition, texts={"en": each})) for each in (text, other)}
    assert len(digests) == (1 if text == other else 2)
