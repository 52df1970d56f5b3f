"""Signatures on drafts are trials: signing goes the whole way, and no figure ever has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.conversation import state as ev
from core.conversation.state import Event, Overlay
from core.petition.collection import PetitionCollection, Visibility
from core.ports import UnitOfWork
from core.services.ledger import Ledger
from core.signatures.breakdowns import Facet
from core.signatures.review import Query
from core.signatures.signature import Signature, Signer
from tests.core.conversation.events import events
from tests.core.petition.test_collection import PREVIEW, collected
from tests.core.services.test_tally import kept_counts_are_exact
from tests.effort import scaled
from tests.world import NOW, SALESFORCE, TREES, Talker, World, memory

DRAFT = PREVIEW(TREES)
ANSWERS = {"who": "Ada Lovelace", "country": "US", "code": "90210", "role": "tenant"}
NOTHING = "There's nothing to sign here yet."
UNKNOWN = "There's no petition by that name here."
BANNER = "This is a draft, so signatures here are trials."


def world_of(petitions: PetitionCollection, work: Callable[[], UnitOfWork] | None = None) -> World:
    """A world with these petitions."""
    world = World(work=work or memory())
    world.signing = replace(world.signing, petitions=petitions)
    return world


def signs(person: Talker) -> str:
    """Let a person sign the trees; the words on the last screen."""
    person.does(ev.Open("flyer"), ev.Begin(), ev.Answer(ANSWERS), ev.Confirm())
    return person.reads()


def test_a_draft_is_signed_the_whole_way_and_never_counts(work: Callable[[], UnitOfWork]) -> None:
    world = world_of(collected(), work)
    ada = world.person("Ada").about(DRAFT)
    last = signs(ada)
    assert "Thank you! You've signed the letter" in last
    assert "This signature is a trial. It doesn't count, and it will be erased." in last
    assert "signature no." not in last
    assert ada.view
    assert ada.view.outcome is None, "no metric counts it"
    with work() as unit:
        (stored,) = unit.signatures.standing(unit.signers.lock_or_create(ada.signer, world.now))
        nothing_counts(unit, DRAFT)
        assert (stored.petition, stored.label, stored.reason) == (DRAFT, "flyer", "")
        assert Ledger(unit, world.now).invalidate(Query(DRAFT)) == (), "nobody decides about trials"
        nothing_counts(unit, DRAFT)
    ada.does(ev.SetUpdates(True))
    with work() as unit:
        assert all(
            each.wants_updates for each in unit.signatures.standing(unit.signers.lock_or_create(ada.signer, NOW))
        )
        nothing_counts(unit, DRAFT)
    ada.does(ev.Back())
    assert "You tried signing this on" in ada.reads()
    assert "0 " in ada.reads()
    ada.does(ev.Withdraw())
    with work() as unit:
        assert unit.signatures.standing(unit.signers.lock_or_create(ada.signer, world.now)) == ()
        nothing_counts(unit, DRAFT)


def nothing_counts(work: UnitOfWork, slug: str) -> None:
    """Check that no figure has anything of a petition, except the steps that conversations reached."""
    assert dict(work.tallies.of(slug).totals) == {}
    assert work.tallies.history(slug, None) == ()
    assert work.tallies.credited(slug, "flyer") == 0
    assert all(work.breakdowns.by_value(slug, facet, None) == () for facet in Facet)
    assert [milestone for milestone in work.milestones.crossed() if milestone.petition == slug] == []


def test_every_screen_of_a_draft_says_so() -> None:
    ada = world_of(collected()).person("Ada").about(DRAFT)
    shown = (
        ev.Open(), ev.TurnPage(0), ev.ListSources(), ev.Back(), ev.Show(Overlay.COUNT), ev.Show(Overlay.MORE),
        ev.Show(Overlay.PRIVACY), ev.Show(Overlay.SHARE), ev.Begin(), ev.Answer(ANSWERS), ev.Show(Overlay.FIELDS),
        ev.Back(), ev.Confirm(), ev.Show(Overlay.SIGNATURES), ev.Show(Overlay.WITHDRAW), ev.Show(Overlay.FORGET),
    )  # fmt: skip
    for event in shown:
        ada.does(event)
        assert BANNER in ada.reads(), event


def test_nobody_finds_a_draft_by_its_slug_or_in_a_list() -> None:
    world = world_of(collected())
    ada = world.person("Ada").about(TREES)
    assert UNKNOWN in ada.reads()
    assert "elms" not in ada.reads()
    assert UNKNOWN in world.person("Ben").about("draft-" + 24 * "0").reads()
    assert world.signing.find(TREES) is None
    assert world.signing.find(DRAFT) is None


def test_a_tester_goes_on_with_the_draft_until_they_open_something_else() -> None:
    world = world_of(collected())
    ada = world.person("", user_id="ada").about(DRAFT)
    ada.does(ev.Open(), ev.Begin())
    unaddressed = ada.about("")
    unaddressed.does(ev.Reply("Ada Lovelace"))
    assert BANNER in unaddressed.reads()
    unaddressed.does(ev.Open())
    assert BANNER not in unaddressed.reads()
    assert unaddressed.view
    assert unaddressed.view.petition == SALESFORCE


def test_after_publication_the_link_opens_the_petition_and_testers_sign_for_real() -> None:
    world = world_of(collected())
    ada = world.person("Ada").about(DRAFT)
    signs(ada)
    world.signing = replace(world.signing, petitions=collected(draft=False))
    assert "You are signature no. 1." in signs(ada)
    assert ada.view
    assert ada.view.petition == TREES
    assert BANNER not in ada.reads()
    assert world.counted(TREES) == 1
    ada.does(ev.Show(Overlay.SIGNATURES))
    assert "You've signed 1 petition." in ada.reads(), "what was tried isn't listed anymore"


def test_where_everything_is_a_draft_nothing_is_listed_and_testers_can_still_erase_themselves() -> None:
    every = collected()
    world = world_of(PetitionCollection({}, every.hidden))
    stranger, ada = world.person("Ben").about(""), world.person("Ada").about(DRAFT)
    for event in (ev.Open(), ev.ListPetitions(), ev.Show(Overlay.WITHDRAW), ev.Show(Overlay.FORGET), ev.Reply("stop")):
        stranger.does(event)
        assert NOTHING in stranger.reads()
    signs(ada)
    ada.about("").does(ev.ListPetitions())
    unaddressed = ada.about("")
    unaddressed.does(ev.Show(Overlay.FORGET))
    assert "Erase" in unaddressed.reads() or "erase" in unaddressed.reads()
    unaddressed.does(ev.Forget())
    with world.work() as work:
        assert work.signers.find(ada.signer) is None


people = st.sampled_from([Signer("telegram", "1", "Ada"), Signer("discord", "1", "Ada L."), Signer("terminal", "me")])
slugs = st.sampled_from([SALESFORCE, PREVIEW(SALESFORCE), DRAFT])


@settings(max_examples=scaled(150))
@given(st.lists(st.tuples(people, events, slugs, st.booleans()), max_size=60))
def test_after_random_trials_every_figure_equals_a_recount_of_the_real_signatures(
    story: list[tuple[Signer, Event, str, bool]],
) -> None:
    world = world_of(collected())
    trying = replace(world.signing, petitions=collected(Visibility.TRIALS))
    for number, (signer, event, slug, tries) in enumerate(story):
        (trying if tries else world.signing).handle(signer, event, slug, update_id=str(number))
    with world.work() as work:
        stored: list[Signature] = [one for _, one in work.draft.signatures.values()]  # type: ignore[attr-defined]
        kept_counts_are_exact(work, SALESFORCE, [one for one in stored if one.petition == SALESFORCE])
        for slug in {one.petition for one in stored} - {SALESFORCE}:
            nothing_counts(work, slug)
