"""The funnel: each conversation counts once for a step, whatever way it takes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from core.conversation import funnel
from core.conversation import state as ev
from core.conversation.state import Event, Overlay
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService
from core.signatures.breakdowns import EARLIER
from tests.world import SALESFORCE, TREES, Talker, World, petitions

TO_REVIEW = (ev.Open(), ev.Begin(), ev.Reply("Ada"), ev.Reply("90210"))
SOURCES = petitions()[SALESFORCE].text("en").sources


def reached(world: World, petition: str = SALESFORCE) -> dict[str, int]:
    with world.work() as work:
        return {step: total for step, total in work.breakdowns.steps(petition).items() if total}


def newcomer(world: World, user_id: str = "1") -> Talker:
    return world.person("", user_id=user_id)


def test_each_turn_counts_the_step_that_it_reaches() -> None:
    world = World()
    ada, seen = newcomer(world), []
    for event in (*TO_REVIEW, ev.Confirm()):
        ada.does(event)
        seen.append(set(reached(world)) - {funnel.PENDING})
    steps = [{"opened"}, {"began", "asked:full_name"}, {"asked:postal_code"}, {"review"}, {"signed"}]
    assert seen == [set().union(*steps[: number + 1]) for number in range(5)]
    assert set(reached(world).values()) == {1}


def test_going_back_and_forth_changes_nothing() -> None:
    world = World()
    ada = newcomer(world)
    ada.does(*TO_REVIEW, ev.Back(), ev.Begin(), ev.Edit("email"), ev.Back(), ev.Cancel(), *TO_REVIEW, ev.Open())
    assert set(reached(world).values()) == {1}
    ada.does(ev.Begin(), ev.Confirm(), ev.Withdraw(), *TO_REVIEW, ev.Confirm())
    assert reached(world) == dict.fromkeys((*funnel.STEPS, "asked:full_name", "asked:postal_code"), 1)


def test_a_prefilled_answer_is_not_asked_for() -> None:
    world = World()
    ada = world.person("Ada")
    ada.does(ev.Begin(), ev.Reply("90210"))
    assert reached(world) == {"opened": 1, "began": 1, "asked:postal_code": 1, "review": 1, "pending": 1}
    ada.does(ev.Edit("full_name"), ev.Reply("Ada Byron"))
    assert "asked:full_name" not in reached(world), "the signer chose to change it"
    world.person("Ben").does(ev.Answer({"full_name": "Ben Sims", "postal_code": "10001"}))
    assert "asked:full_name" not in reached(world), "the form had the name already"
    newcomer(world, "3").does(ev.Answer({"full_name": "Cy Sims", "postal_code": "10001"}))
    assert reached(world)["asked:full_name"] == 1, "this form asked for it"
    assert reached(world)["asked:postal_code"] == 3


def by_link(world: World) -> dict[str, dict[str, int]]:
    with world.work() as work:
        links = work.breakdowns.steps_by_link(SALESFORCE)
        return {label: {step: steps[step] for step in funnel.STEPS if step in steps} for label, steps in links.items()}


def test_steps_count_for_the_link_that_the_signature_has() -> None:
    world = World()
    ada = newcomer(world)
    ada.does(ev.Open("flyer"), *TO_REVIEW[1:])
    assert by_link(world) == {"flyer": {"opened": 1, "began": 1, "review": 1}, "": {}}
    ada.does(ev.Open("newsletter"), ev.Begin(), ev.Confirm())
    assert by_link(world) == {"newsletter": dict.fromkeys(funnel.STEPS, 1)}, "the last link before signing"
    ada.does(ev.Open("flyer"), ev.Withdraw())
    assert by_link(world) == {"newsletter": dict.fromkeys(funnel.STEPS, 1)}, "later links change nothing"
    for number, label in enumerate(("rabcdefghijkl", "rabcdefghijkm"), 2):
        newcomer(world, str(number)).does(ev.Open(label))
    assert by_link(world)["@own"] == {"opened": 2}, "nothing tells whose link it was"


def test_what_organizers_look_at_counts_for_nothing() -> None:
    world = World()
    olga = world.person("Olga")  # tests.world.ORGANIZERS
    olga.does(ev.Open("flyer"), ev.TurnPage(0), *TO_REVIEW[1:])
    assert reached(world) == {}
    olga.does(ev.Confirm())
    assert reached(world) == {}
    assert world.counted() == 1, "the signature counts like any other"
    olga.about(TREES).does(ev.Begin(), ev.Forget())
    assert reached(world, TREES) == {}


def test_who_joins_the_organizers_is_taken_out_of_the_counts() -> None:
    world = World()
    service = OrganizerService(world.signing, frozenset())
    ada = newcomer(world)
    ada.does(ev.Open("flyer"), ev.ShowSource(1), *TO_REVIEW[1:], ev.Confirm())
    newcomer(world, "2").does(*TO_REVIEW)
    ada.about(TREES).does(ev.Begin())
    with world.work() as work:
        work.organizers.invite("CODE", world.now + dt.timedelta(days=1))
        work.commit()
    service.handle(ada.signer, CommandLine("join", "CODE"), ev.Open())
    assert set(reached(world).values()) == {1}
    assert by_link(world) == {"": {"opened": 1, "began": 1, "review": 1}}
    assert reached(world, TREES) == {}
    ada.does(ev.Open(), ev.ShowSource(2), ev.Withdraw(), *TO_REVIEW)
    assert set(reached(world).values()) == {1}
    assert world.counted() == 0


def test_a_conversation_from_before_links_were_counted_moves_to_its_link() -> None:
    world = World()
    ada = newcomer(world)
    ada.does(ev.Open("flyer"), *TO_REVIEW[1:3])
    with world.work() as work:
        person = work.signers.find(ada.signer)
        assert person
        stored = work.conversations.get(person, SALESFORCE)
        assert stored
        earlier = replace(stored, furthest="asked:postal_code", asked=(), counted_by=EARLIER)
        work.breakdowns.move(SALESFORCE, person.id, {step: -n for step, n in funnel.contribution(stored).items()})
        work.breakdowns.move(SALESFORCE, person.id, funnel.contribution(earlier))
        work.conversations.save(person, earlier, world.now)
        work.commit()
    assert by_link(world) == {EARLIER: {"opened": 1, "began": 1}, "": {}}
    ada.does(ev.Reply("90210"))
    assert by_link(world) == {"flyer": {"opened": 1, "began": 1, "review": 1}, "": {}}


def test_asking_about_oneself_opens_no_petition() -> None:
    world = World()
    ada = newcomer(world)
    ada.does(ev.Show(Overlay.MORE), ev.Show(Overlay.PRIVACY))
    assert reached(world) == {}
    ada.does(ev.Open())
    assert reached(world) == {"opened": 1}


def test_a_form_that_is_sent_at_once_reaches_the_review() -> None:
    world = World()
    newcomer(world).does(ev.Answer({"full_name": "Ada", "postal_code": "90210", "email": "not an address"}))
    assert "review" not in reached(world), "the optional address was refused"
    newcomer(world, "2").does(ev.Answer({"full_name": "Ben", "postal_code": "90210"}))
    assert reached(world)["review"] == 1


def test_who_is_between_beginning_and_signing_is_pending() -> None:
    world = World()

    def pending() -> int:
        return reached(world).get(funnel.PENDING, 0)

    people = [newcomer(world, str(number)) for number in range(4)]
    for person in people:
        person.does(ev.Open())
    assert pending() == 0
    for person in people:
        person.does(ev.Begin())
    assert pending() == 4
    people[0].does(ev.Cancel())
    people[1].does(ev.Reply("Ben"), ev.Reply("90210"), ev.Confirm())
    people[2].does(ev.Forget())
    assert pending() == 1
    world.signing.forget(people[3].signer)
    assert pending() == 0


def test_whoever_is_forgotten_leaves_every_petition() -> None:
    world = World()
    ada = newcomer(world)
    ada.does(ev.Begin())
    ada.about(TREES).does(ev.Begin())
    ada.does(ev.Forget())
    assert funnel.PENDING not in reached(world) | reached(world, TREES)


def test_what_was_opened_counts_when_somebody_signs() -> None:
    world = World()
    first, third = funnel.source_step(SOURCES[0].key), funnel.source_step(SOURCES[2].key)
    stories: tuple[tuple[Event, ...], ...] = (
        (ev.TurnPage(0), ev.TurnPage(1), ev.ShowSource(1), ev.ShowSource(1), *TO_REVIEW, ev.Confirm()),
        (*TO_REVIEW, ev.TurnPage(0), ev.Back(), ev.Confirm(), ev.ShowSource(3)),
        (*TO_REVIEW, ev.ListSources(), ev.ShowSource(99), ev.Back(), ev.Confirm()),
        (ev.TurnPage(0), ev.ShowSource(3), *TO_REVIEW),
    )
    for number, story in enumerate(stories):
        newcomer(world, str(number)).does(ev.Open(), *story)
    totals = reached(world)
    assert {step: total for step, total in totals.items() if step.startswith("read:")} == {funnel.TEXT: 2, first: 1}
    assert third not in totals, "opened by a reader who did not sign, and by one who had signed before"
    assert totals[funnel.SIGNED] == 3


def test_a_source_keeps_its_figure_when_only_its_number_changes() -> None:
    first = SOURCES[0]
    assert replace(first, number=9, claims=()).key == first.key
    others = [replace(first, **{name: "another"}) for name in ("publication", "title", "date")]  # type: ignore[arg-type]
    assert len({first.key, *(source.key for source in others)}) == 4
