"""The service as a whole: nobody twice, and nothing lost."""

from __future__ import annotations

import re
from dataclasses import replace

from core.conversation import state as ev
from core.conversation.state import Event, Overlay
from core.signatures.signature import SignatureStatus, Signer
from tests.world import SALESFORCE, TREES, Talker, World, petitions

SIGNING: tuple[Event, ...] = (ev.Begin(), ev.Reply("90210"), ev.Confirm())


def signed(world: World, name: str, mail: str = "") -> Talker:
    person = world.person(name)
    person.does(*SIGNING[:2])
    if mail:
        person.does(ev.Edit("email"), ev.Reply(mail))
    person.does(ev.Confirm())
    return person


def test_a_new_supporter_signs_in_three_actions() -> None:
    world = World()
    ada = world.person("Ada Lovelace")
    ada.taps("Sign")
    ada.does(ev.Reply("90210"))
    assert "Name: Ada Lovelace" in ada.reads()
    ada.taps("Confirm")
    assert "signature no. 1" in ada.reads()
    assert "Receipt: 0000-0000-0001" in ada.reads()
    assert re.search("link:salesforce-cbp:r[a-z0-9]{12}$", ada.reads(), re.MULTILINE)
    assert world.counted() == 1


def test_somebody_known_is_greeted_and_signs_with_one_tap_and_confirm() -> None:
    world = World(petitions={**petitions(), "other": replace(petitions()[SALESFORCE], slug="other")})
    ada = signed(world, "Ada", "ada@example.org").about("other")
    assert "Welcome back, Ada." in ada.reads()
    ada.taps("Sign")
    assert "Email: ada@example.org" in ada.reads()
    ada.taps("Confirm")
    assert world.counted("other") == 1


def test_not_me_forgets_the_details_for_good() -> None:
    world = World(petitions={**petitions(), "other": replace(petitions()[SALESFORCE], slug="other")})
    ada = signed(world, "Ada").about("other")
    ada.does(ev.Open("club"))
    ada.taps("Not Ada?")
    assert "Welcome back" not in ada.reads()
    ada.taps("Sign")
    assert "Your first and last name" in ada.reads()
    ada.does(ev.Reply("Ben"), ev.Reply("90210"), ev.Confirm())
    with world.work() as work:
        person = work.signers.lock_or_create(ada.signer, world.now)
        assert person.details["name"] == "Ben"
        assert {signature.label for signature in work.signatures.standing(person)} == {"", "club"}


def test_who_signed_already_is_told_with_number_date_and_receipt() -> None:
    world = World()
    ada = signed(world, "Ada")
    ada.does(ev.Open())
    assert "You signed on November 23, 2026. You are signature no. 1" in ada.reads()
    ada.does(ev.Begin())
    assert "0000-0000-0001" in ada.reads()
    assert world.counted() == 1


def test_a_mailbox_that_signed_tells_a_stranger_nothing() -> None:
    def story(mail: str) -> list[str]:
        world = World()
        signed(world, "Ada", "ada.lovelace@gmail.com")
        eve, seen = world.person("Eve"), []
        eve.does(*SIGNING[:2], ev.Edit("email"))
        for event in (
            ev.Reply(mail),
            ev.Confirm(),
            ev.Open(),
            ev.Show(Overlay.SIGNATURES),
            ev.Show(Overlay.WITHDRAW),
            ev.Withdraw(),
        ):
            eve.does(event)
            seen.append(eve.reads().replace(mail, "MAIL"))
        return seen

    assert story("adalovelace+x@googlemail.com") == story("eve@example.org")


def test_a_duplicate_is_stored_and_not_counted_until_the_first_withdraws() -> None:
    world = World()
    ada = signed(world, "Ada", "ada@example.org")
    signed(world, "Eve", "ada+2@example.org")
    with world.work() as work:
        totals = work.tallies.of(SALESFORCE).totals
    assert (totals[SignatureStatus.COUNTED], totals[SignatureStatus.DUPLICATE]) == (1, 1)
    ada.taps("Withdraw")
    ada.taps("Withdraw my signature")
    with world.work() as work:
        totals = work.tallies.of(SALESFORCE).totals
    assert totals == {SignatureStatus.COUNTED: 1, SignatureStatus.DUPLICATE: 0, SignatureStatus.WITHDRAWN: 1}


def test_withdraw_and_sign_again() -> None:
    world = World()
    ada = signed(world, "Ada")
    ada.taps("Withdraw")
    ada.taps("Withdraw my signature")
    assert world.counted() == 0
    ada.taps("Sign again")
    ada.does(ev.Reply("10001"))
    ada.taps("Confirm")
    assert world.counted() == 1
    ada.does(ev.Show(Overlay.SIGNATURES))
    assert "You've signed 1 petition." in ada.reads()


def test_my_signatures_says_what_when_and_which_text() -> None:
    world = World()
    ada = signed(world, "Ada")
    digest = world.petitions[SALESFORCE].text("en").digest
    ada.does(ev.Show(Overlay.SIGNATURES))
    assert "November 23, 2026" in ada.reads()
    assert f"version {digest[:8]} (current)" in ada.reads()
    text = replace(world.petitions[SALESFORCE].text("en"), digest="0" * 64)
    world.petitions[SALESFORCE] = replace(world.petitions[SALESFORCE], texts={"en": text})
    ada.does(ev.Show(Overlay.SIGNATURES))
    assert f"version {digest[:8]} (earlier)" in ada.reads()


def test_a_tap_on_an_old_screen_shows_the_present_one() -> None:
    world = World()
    ada = world.person("Ada")
    ada.does(ev.Open(), ev.Begin())
    old = world.signing.handle(ada.signer, ev.Cancel(), SALESFORCE, revision=1)
    assert old.revision == 2
    assert old.screen.prompts[0].field.name == "postal_code"


def test_an_update_delivered_again_changes_nothing() -> None:
    world = World()
    ada = world.person("Ada")
    story = [(str(number), event) for number, event in enumerate(SIGNING)]
    for update_id, event in [*story, *story, *story]:
        shown = world.signing.handle(ada.signer, event, SALESFORCE, update_id=update_id)
    assert world.counted() == 1
    assert shown.revision == 3


def test_a_screen_in_another_language_is_not_the_present_one() -> None:
    world = World()
    ada = world.person("Ada").about(TREES)
    ada.does(ev.Begin(), ev.Answer({"who": "Ada", "country": "US", "code": "90210", "role": "owner"}))
    assert ada.view
    old = ada.view.revision
    ada.about(SALESFORCE).does(ev.SetLocale("es"))
    shown = world.signing.handle(ada.signer, ev.Confirm(), TREES, revision=old)
    assert world.counted(TREES) == 0
    assert shown.locale == "es"
    world.signing.handle(ada.signer, ev.Confirm(), TREES, revision=shown.revision)
    assert world.counted(TREES) == 1


def test_forgetting_by_typed_words_leaves_nothing_either() -> None:
    world = World()
    ada = signed(world, "Ada")
    ada.does(ev.Show(Overlay.FORGET))
    world.signing.handle(ada.signer, ev.Reply("erase everything"), SALESFORCE, update_id="7")
    with world.work() as work:
        assert work.draft.people == {}  # type: ignore[attr-defined]
    assert world.counted() == 0


def test_privacy_names_no_organizer_before_one_of_several_petitions_is_chosen() -> None:
    world = World()
    newcomer = world.person("Ada").about("")
    newcomer.does(ev.Show(Overlay.PRIVACY))
    assert "Each petition has its own organizer" in newcomer.reads()
    assert not any(petition.organizer in newcomer.reads() for petition in world.petitions.values())
    newcomer.about(TREES).does(ev.Open())
    newcomer.does(ev.Show(Overlay.PRIVACY))
    assert "Your answers go to Neighbors of Elm Street" in newcomer.reads(), "the petition opened last"
    newcomer.does(ev.ListPetitions())
    newcomer.does(ev.Show(Overlay.PRIVACY))
    assert "Each petition has its own organizer" in newcomer.reads()


def test_privacy_of_the_only_petition_names_its_controller_and_contact() -> None:
    changed = replace(
        petitions()[TREES], controller="Elm Society", contact="privacy@elm.example", organizer_url="https://elm.example"
    )
    person = World(petitions={TREES: changed}).person("Ada").about("")
    person.does(ev.Show(Overlay.PRIVACY))
    assert "Elm Society is responsible for this data." in person.reads()
    assert "contact privacy@elm.example." in person.reads()
    assert "More about Neighbors of Elm Street: https://elm.example" in person.reads()


def test_how_many_came_the_same_way_is_shown_once_it_exposes_nobody() -> None:
    world, shown = World(), []
    for number in range(6):
        person = world.person(f"Person {'ABCDEF'[number]}")
        person.does(ev.Open("elmclub"), *SIGNING)
        shown.append("through the same community or link as you" in person.reads())
    assert shown == [False, False, False, False, True, True]
    assert "6 people have signed through the same" in person.reads()
    person.does(ev.Withdraw(), *SIGNING)
    assert "6 people have signed through the same" in person.reads()


def test_each_signer_is_credited_to_their_own_community_whoever_of_them_counts() -> None:
    world = World()
    for name, label in (("Ada", "elms"), ("Ben", "oaks")):
        person = world.person(name)
        person.does(ev.Open(label), *SIGNING[:2], ev.Edit("email"), ev.Reply("ada@example.org"), ev.Confirm())

    def credited() -> list[int]:
        with world.work() as work:
            return [work.tallies.credited(SALESFORCE, label) for label in ("elms", "oaks")]

    assert credited() == [1, 1]
    world.person("Ada").does(ev.Withdraw())
    assert credited() == [0, 1]


def test_after_forgetting_the_next_tap_counts() -> None:
    world = World()
    ada = signed(world, "Ada")
    ada.does(ev.Forget())
    assert ada.view
    begun = world.signing.handle(ada.signer, ev.Begin(), SALESFORCE, revision=ada.view.revision)
    assert begun.screen.prompts


def test_typing_goes_to_the_petition_talked_about_last() -> None:
    world = World()
    ada = world.person("Ada")
    ada.about(TREES).does(ev.Begin())
    ada.does(ev.Begin())
    shown = world.signing.handle(ada.signer, ev.Reply("90210"))
    assert (shown.petition, shown.screen.prompts) == (SALESFORCE, ())


def test_without_a_petition_one_is_chosen() -> None:
    world = World()
    shown = world.signing.handle(Signer("test", "1"), ev.Reply("hello"))
    assert [row[0].petition for row in shown.screen.buttons] == [SALESFORCE, TREES]
    world.signing.handle(Signer("test", "1"), ev.Open(), TREES)
    again = world.signing.handle(Signer("test", "1"), ev.Open())
    assert len(again.screen.buttons) == 2
    assert world.signing.handle(Signer("test", "1"), ev.Begin()).petition == "", "the list was shown last"
    mine = world.signing.handle(Signer("test", "1"), ev.Show(Overlay.SIGNATURES))
    assert mine.petition, "what is about the person needs no choice"
    wrong = world.signing.handle(Signer("test", "1"), ev.Open(), "gone")
    assert len(wrong.screen.buttons) == 2


def test_the_profiles_language_is_spoken_until_another_is_chosen() -> None:
    world = World()
    ada = world.person("Ada", language="es-MX")
    ada.does(ev.Open())
    assert ada.view
    assert ada.view.locale == "es"
    ada.does(ev.SetLocale("en"), ev.Open())
    assert ada.view.locale == "en"
    assert "Sign" in ada.reads()
    assert world.signing.handle(ada.signer, ev.Open(), TREES).locale == "en"


def test_a_language_that_is_not_spoken_changes_nothing() -> None:
    ada = World().person("Ada", language="es")
    ada.does(ev.SetLocale("xx"))
    assert "Firmar" in ada.reads()


def test_forgetting_withdraws_and_leaves_a_stranger() -> None:
    world = World()
    ada = signed(world, "Ada")
    ada.does(ev.Show(Overlay.FORGET), ev.Forget())
    assert "We've erased everything about you" in ada.reads()
    assert world.counted() == 0
    ada.does(ev.Open())
    assert "Welcome back" not in ada.reads()
    ada.does(*SIGNING)
    assert world.counted() == 1


def test_consent_to_updates_can_be_changed_after_signing() -> None:
    world = World()
    ada = signed(world, "Ada")
    for words, wanted in (("Send me updates", True), ("Stop updates", False)):
        ada.taps(words)
        with world.work() as work:
            (signature,) = work.signatures.standing(work.signers.lock_or_create(ada.signer, world.now))
        assert signature.updates is wanted
