"""Drafts and trials are found by their preview names only, and never among the petitions that count."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from core.petition.collection import (
    PetitionCollection,
    Visibility,
    collect,
    distinct_titles,
    drafts,
    find_slug,
    published,
    with_drafts,
)
from core.petition.petition import LONGEST_SLUG
from core.petition.trial import is_trial, preview_name
from storage.vault import Vault
from tests.conftest import KEY
from tests.world import SALESFORCE, TREES, petitions

PREVIEW = partial(preview_name, fingerprint=Vault([KEY]).fingerprint)


def collected(visibility: Visibility = Visibility.PUBLISHED, *, draft: bool = True) -> PetitionCollection:
    """Both petitions, one of which may be a draft."""
    one, other = petitions()[SALESFORCE], replace(petitions()[TREES], is_draft=draft)
    return collect({SALESFORCE: one, TREES: other}, PREVIEW, visibility)


def test_a_preview_name_fits_into_links_and_depends_on_the_key_and_the_slug() -> None:
    name = PREVIEW(TREES)
    assert is_trial(name)
    assert len(name) == LONGEST_SLUG
    assert name == PREVIEW(TREES)
    assert len({name, PREVIEW(SALESFORCE), preview_name(TREES, Vault(["another key " * 3]).fingerprint)}) == 3
    assert not is_trial(TREES)


def test_a_draft_is_found_by_its_preview_name_alone() -> None:
    found = collected()
    assert (list(found), len(found)) == ([SALESFORCE], 1)
    assert TREES not in found
    assert found.get(TREES) is None
    assert found[PREVIEW(TREES)].folder == TREES
    assert found[PREVIEW(TREES)].is_trial
    assert list(drafts(found)) == [PREVIEW(TREES)]
    assert list(with_drafts(found)) == [SALESFORCE, PREVIEW(TREES)]
    assert list(published(found)) == [SALESFORCE]
    assert PREVIEW(TREES) not in published(found)


def test_the_link_to_a_draft_leads_to_the_published_petition_later() -> None:
    found = collected(draft=False)
    assert list(found) == [SALESFORCE, TREES]
    assert find_slug(found, PREVIEW(TREES)) == TREES
    assert find_slug(published(found), PREVIEW(TREES)) == TREES
    assert find_slug(found, "oaks") == "oaks"
    assert not drafts(found)


@pytest.mark.parametrize("visibility", [Visibility.WITH_DRAFTS, Visibility.TRIALS])
def test_the_terminal_lists_drafts_as_trials(visibility: Visibility) -> None:
    found = collected(visibility)
    counts = visibility is Visibility.WITH_DRAFTS
    assert list(found) == [SALESFORCE if counts else PREVIEW(SALESFORCE), PREVIEW(TREES)]
    assert list(published(found)) == [SALESFORCE]
    assert list(drafts(found)) == [PREVIEW(TREES)]
    assert list(with_drafts(found)) == list(found), "each has its routes once"


def test_drafts_can_be_shown_as_if_they_were_published() -> None:
    found = collected(Visibility.ALL_PUBLISHED)
    assert list(found) == list(published(found)) == [SALESFORCE, TREES]
    assert not found[TREES].is_trial
    assert not drafts(found)


def test_petitions_without_a_collection_all_count() -> None:
    assert published(petitions()) == petitions()
    assert drafts(petitions()) == {}


def test_equal_titles_begin_with_the_organizer_and_the_target_or_else_with_the_name() -> None:
    one, other = petitions()[SALESFORCE], petitions()[TREES]
    title = one.text("en").title
    again, by_others = replace(one, slug="again"), replace(one, slug="others", organizer="Elm Club")
    assert distinct_titles({SALESFORCE: one, TREES: other, "again": again, "others": by_others}, "en") == {
        SALESFORCE: f"{SALESFORCE}: {title}", TREES: other.text("en").title, "again": f"again: {title}",
        "others": f"Elm Club → {one.target}: {title}",
    }  # fmt: skip
