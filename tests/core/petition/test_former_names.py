"""A renamed folder keeps links and data; names that can't be right are found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bots.common.callback_data import decode, encode
from bots.common.links import parse
from core.conversation import state as ev
from core.conversation.screen import ShareLink
from core.petition.collection import PetitionCollection, collect, find_slug, published
from core.petition.former_names import conflicts, stored_name
from core.petition.loading import check_petitions
from tests.core.petition.test_collection import PREVIEW
from tests.core.services.test_trials import signs, world_of
from tests.world import SALESFORCE, TREES, petitions

NEW, OLDEST = "elms", "the-trees"


def renamed(*formerly: str, stored: str = TREES) -> PetitionCollection:
    """The trees in a new folder, stored under one of their names."""
    trees = replace(petitions()[TREES], slug=NEW, formerly=formerly)
    return collect(
        {NEW: trees, SALESFORCE: petitions()[SALESFORCE]},
        PREVIEW,
        stored=lambda one: stored if one is trees else one.slug,
    )


def test_every_name_leads_to_the_same_petition() -> None:
    found = renamed(OLDEST, TREES)
    assert list(found) == [TREES, SALESFORCE]
    for name in (NEW, TREES, OLDEST, PREVIEW(NEW), PREVIEW(TREES), PREVIEW(OLDEST)):
        assert find_slug(found, name) == find_slug(published(found), name) == TREES, name
        assert parse(f"{name}--flyer", found).petition == TREES
    assert (found[TREES].public_slug, found[SALESFORCE].public_slug) == (NEW, SALESFORCE)


def test_signing_goes_on_without_a_gap_and_links_have_the_new_name() -> None:
    world = world_of(collect(petitions(), PREVIEW))
    ada, ben = world.person("Ada").about(TREES), world.person("Ben", user_id="ben").about(TREES)
    ada.does(ev.Open("flyer"))
    signs(ada)
    ben.does(ev.Open("flyer"), ev.Begin(), ev.Answer({"who": "Ben Lovelace"}))
    assert ben.view
    button = encode(ev.Answer({"country": "US"}), world.petitions[TREES], ben.view.revision)
    found = renamed(TREES)
    world.signing = replace(world.signing, petitions=found)
    pressed = decode(button, found)
    assert pressed
    world.signing.handle(ben.signer, pressed.event, pressed.petition, revision=pressed.revision)
    ben.about(NEW).does(ev.Answer({"code": "90210", "role": "tenant"}), ev.Confirm())
    assert world.counted(TREES) == 2
    again = ada.about(NEW)
    assert "You signed on" in again.reads()
    assert again.view
    (link,) = (part for part in again.does(ev.Show(ev.Overlay.SHARE)).parts if isinstance(part, ShareLink))
    assert link.petition == NEW
    again.does(ev.Withdraw())
    assert world.counted(TREES) == 1
    with world.work() as work:
        assert work.tallies.credited(TREES, "flyer") == 1
        assert dict(work.tallies.of(NEW).totals) == {}


@pytest.mark.parametrize(
    ("signed", "known", "stored"),
    [
        ({}, set(), OLDEST),
        ({}, {TREES}, TREES),
        ({TREES: 5}, {TREES, NEW}, TREES),
        ({TREES: 5, NEW: 1}, {TREES, NEW}, TREES),
        ({NEW: 5, OLDEST: 1}, {OLDEST, NEW}, NEW),
    ],
)
def test_the_data_is_under_the_name_with_the_most_signatures(
    signed: dict[str, int], known: set[str], stored: str
) -> None:
    trees = replace(petitions()[TREES], slug=NEW, formerly=(OLDEST, TREES))
    assert stored_name(trees, lambda slug: signed.get(slug, 0), known.__contains__) == stored


def test_names_that_cannot_be_right_are_found() -> None:
    found = list(conflicts({"a": ["a", "b", "old"], "b": ["old", "older"]}))
    assert [(folder, place) for folder, place, _ in found] == [("a", 0), ("a", 1), ("a", 2), ("b", 0)]


@pytest.mark.parametrize(
    ("formerly", "fault"),
    [
        ('["b"]', "another petition is in the folder b: its links lead there"),
        ('["a"]', "'a' is the folder's present name: remove it"),
        ('["c"]', "another petition has 'c', too"),
        ('["No Slug"]', "'No Slug' isn't a slug. Expected: an old name of the folder, such as town-trees"),
        (f'["{"x" * 31}"]', "isn't a slug"),
    ],
)
def test_check_refuses_former_names_with_file_and_line(tmp_path: Path, formerly: str, fault: str) -> None:
    facts = (Path(__file__).parents[3] / "core" / "petitions" / SALESFORCE / "petition.toml").read_text()
    for slug, names in (("a", formerly), ("b", '["c"]')):
        folder = tmp_path / slug
        (folder / "en").mkdir(parents=True)
        for name in ("letter.md", "background.md"):
            text = (Path(__file__).parents[3] / "core" / "petitions" / SALESFORCE / "en" / name).read_text()
            (folder / "en" / name).write_text(text)
        (folder / "petition.toml").write_text(facts.replace("goal =", f"formerly = {names}\ngoal ="))
    faults = [one for one in check_petitions(tmp_path) if one.file.parent.name == "a"]
    assert [fault in one.text for one in faults] == [True], faults
    assert "formerly" in (tmp_path / "a" / "petition.toml").read_text().splitlines()[faults[0].line - 1]
