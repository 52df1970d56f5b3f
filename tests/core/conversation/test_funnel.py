"""The funnel: each conversation counts once for a step, whatever way it takes."""

from __future__ import annotations

from dataclasses import replace

from core.conversation import funnel
from core.conversation import state as ev
from core.conversation.state import Event, Overlay
from tests.world import SALESFORCE, TREES, Talker, World, petitions

TO_REVIEW = (ev.Open(), ev.Begin(), ev.Reply("Ada"), ev.Reply("90210"))
SOURCES = petitions()[SALESFORCE].text("en").sources


def reached(world: World, petition: str = SALESFORCE) -> dict[str, int]:
    with world.work() as work:
        return {step: total for step, total in work.breakdowns.steps(petition).items() if total}


def newcomer(world: World, user_id: str = "1") -> Talker:
    return world.person("", user_id=user_id)


def test_the_steps_of_a_petition_are_its_required_fields_between_opening_and_signing() -> None:
    assert funnel.steps(petitions()[TREES]) == (
        "opened", "asked:who", "asked:country", "asked:code", "asked:role", "review", "signed",
    )  # fmt: skip


def test_each_turn_counts_the_step_that_it_reaches() -> None:
    world = World()
    ada, seen = newcomer(world), []
    for event in (*TO_REVIEW, ev.Confirm()):
        ada.does(event)
        seen.append(set(reached(world)) - {funnel.PENDING})
    steps = funnel.steps(petitions()[SALESFORCE])
    assert seen == [set(steps[: number + 1]) for number in range(5)]
    assert set(reached(world).values()) == {1}


def test_going_back_and_forth_changes_nothing() -> None:
    world = World()
    ada = newcomer(world)
    ada.does(*TO_REVIEW, ev.Back(), ev.Begin(), ev.Edit("email"), ev.Back(), ev.Cancel(), *TO_REVIEW, ev.Open())
    assert set(reached(world).values()) == {1}
    ada.does(ev.Begin(), ev.Confirm(), ev.Withdraw(), *TO_REVIEW, ev.Confirm())
    assert reached(world) == dict.fromkeys(funnel.steps(petitions()[SALESFORCE]), 1)


def test_a_step_that_was_jumped_over_counts_as_reached() -> None:
    world = World()
    world.person("Ada").does(ev.Begin(), ev.Reply("90210"))
    assert reached(world) == {"opened": 1, "asked:full_name": 1, "asked:postal_code": 1, "review": 1, "pending": 1}


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
