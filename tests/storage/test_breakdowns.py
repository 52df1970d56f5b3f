"""Kept counts beside the tally: on every storage they add up to it, whatever people do."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from core.conversation import funnel
from core.conversation import state as ev
from core.conversation.state import SIGNING, Event
from core.ports import UnitOfWork
from core.signatures.breakdowns import Facet, Step, facets_of
from core.signatures.signature import SignatureStatus, Signer
from storage.engine import Database
from storage.queries import SqlQueries
from storage.retention import anonymise_petition
from storage.schema import upgrade
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.effort import scaled
from tests.storage.migrations import downgrade
from tests.world import SALESFORCE, TREES, World, memory

DAY = dt.date(2026, 11, 23)
Work = Callable[[], UnitOfWork]
TO_REVIEW = (ev.Begin(), ev.Reply("Ada"), ev.Reply("90210"))


def test_facets_are_added_up_by_value_and_by_day(work: Work) -> None:
    with work() as unit:
        for day, region, change in ((0, "DE", 1), (0, "US-CA", 1), (1, "DE", 2), (2, "US-NY", 1), (2, "US-NY", -1)):
            values = {Facet.REGION: region, Facet.VERSION: region, Facet.LABEL: "elms"}
            unit.breakdowns.count("elms", DAY + dt.timedelta(days=day), values, change)
        unit.breakdowns.count("oaks", DAY, {Facet.REGION: "DE"}, 1)
        assert unit.breakdowns.by_value("elms", Facet.REGION, None) == (("DE", 3), ("US-CA", 1))
        assert unit.breakdowns.by_value("elms", Facet.REGION, DAY + dt.timedelta(days=1)) == (("DE", 2),)
        assert unit.breakdowns.by_value("elms", Facet.LABEL, None) == (("elms", 4),)
        assert unit.breakdowns.by_day("elms", Facet.VERSION, ["DE", "US-NY"], None) == (
            (DAY, "DE", 1), (DAY + dt.timedelta(days=1), "DE", 2), (DAY + dt.timedelta(days=2), "US-NY", 0),
        )  # fmt: skip
        assert unit.breakdowns.by_day("elms", Facet.VERSION, ["DE"], DAY + dt.timedelta(days=2)) == ()
        assert unit.breakdowns.by_day("elms", Facet.VERSION, [], None) == ()


def test_steps_are_added_up_over_everybody(work: Work) -> None:
    with work() as unit:
        for person in range(40):
            link = "flyer" if person % 4 else ""
            unit.breakdowns.move("elms", person, {(link, "opened"): 1, ("", "pending"): 1})
        unit.breakdowns.move("elms", 3, {("", "pending"): -1, ("gone", "opened"): 1})
        unit.breakdowns.move("elms", 3, {("gone", "opened"): -1})
        unit.breakdowns.move("elms", 3, {})
        assert unit.breakdowns.steps("elms") == {"opened": 40, "pending": 39}
        assert unit.breakdowns.steps_by_link("elms") == {"": {"opened": 10, "pending": 39}, "flyer": {"opened": 30}}
        assert unit.breakdowns.steps("oaks") == {}


def test_a_step_is_noted_in_at_most_sixteen_rows(database: Database, vault: Vault) -> None:
    with SqlUnitOfWork(database, vault) as unit:
        for person in range(100):
            unit.breakdowns.move("elms", person, {("", "opened"): 1})
        unit.commit()
    assert sorted(row["part"] for row in rows_of(database)["steps"]) == list(range(16))  # type: ignore[type-var]


def test_people_who_move_at_once_do_not_wait_in_a_circle(database: Database, vault: Vault) -> None:
    faults = []

    def move(steps: dict[Step, int]) -> None:
        try:
            for _ in range(30):
                with SqlUnitOfWork(database, vault) as unit:
                    unit.breakdowns.move("elms", 1, steps)
                    unit.commit()
        except Exception as error:  # noqa: BLE001  (any fault at all fails the test)
            faults.append(error)

    names = [("", "a"), ("", "b"), ("flyer", "a")]
    both = (dict.fromkeys(names, 1), dict.fromkeys(reversed(names), 1))
    threads = [threading.Thread(target=move, args=(steps,)) for steps in both * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with SqlUnitOfWork(database, vault) as unit:
        assert unit.breakdowns.steps("elms") == {"a": 240, "b": 120}


people = st.sampled_from([Signer("telegram", str(number)) for number in range(4)] + [Signer("discord", "1")])
MAILS = ("ada@example.org", "ben@example.org")
stories: tuple[tuple[Event, ...], ...] = (
    (ev.Open("elms"),), (ev.Open("rabcdefghijkl"),), (ev.Begin(),), (ev.Cancel(),), (ev.Withdraw(),), (ev.Forget(),),
    (ev.TurnPage(0),), (ev.ShowSource(2),), (ev.SetLocale("es"),),
    *(
        (ev.Answer({"full_name": "Ada", "postal_code": code, "email": mail}), ev.Confirm())
        for code in ("90210", "10001", "00100") for mail in (*MAILS, "")
    ),
    *(
        (ev.Answer({"who": "Ada", "country": country, "code": "90210", "role": "owner", "mail": mail}), ev.Confirm())
        for country in ("US", "DE") for mail in MAILS
    ),
)  # fmt: skip
slugs = st.sampled_from([SALESFORCE, TREES])
COUNTED_FACETS: tuple[Facet, ...] = tuple(facet for facet in Facet if facet is not Facet.ARRIVAL)


def test_facets_add_up_to_the_tally_whatever_happens(database: Database, vault: Vault) -> None:
    """Played on the fake and on a database; what is kept goes on from one example to the next."""
    worlds = [World(work=memory()), World(work=lambda: SqlUnitOfWork(database, vault))]

    @settings(max_examples=scaled(15))
    @given(st.lists(st.tuples(people, st.sampled_from(stories), slugs), min_size=5, max_size=15))
    def play(story: list[tuple[Signer, tuple[Event, ...], str]]) -> None:
        for signer, events, slug in story:
            for world in worlds:
                for event in events:
                    world.signing.handle(signer, event, slug)
        for slug in (SALESFORCE, TREES):
            fake, real = (_kept(world, slug) for world in worlds)
            assert fake == real
            assert real == _counted(database, vault, slug)
            assert _pending(worlds[1], slug) == _pending(worlds[0], slug) == _between(database, slug)
        for world in worlds:
            world.now += dt.timedelta(hours=7)

    play()


def _kept(world: World, slug: str) -> dict[Facet, Counter[str]]:
    with world.work() as work:
        kept = {facet: Counter(dict(work.breakdowns.by_value(slug, facet, None))) for facet in COUNTED_FACETS}
        assert {facet: values.total() for facet, values in kept.items()} == dict.fromkeys(
            COUNTED_FACETS, work.tallies.of(slug).counted
        )
    return kept


def _counted(database: Database, vault: Vault, slug: str) -> dict[Facet, Counter[str]]:
    """The same counted from the signatures."""
    totals: dict[Facet, Counter[str]] = {facet: Counter() for facet in COUNTED_FACETS}
    for signature in SqlQueries(database, vault).signatures(slug, (SignatureStatus.COUNTED,)):
        for facet, value in facets_of(signature).items():
            totals[facet][value] += 1
    return totals


def _pending(world: World, slug: str) -> int:
    with world.work() as work:
        return work.breakdowns.steps(slug).get(funnel.PENDING, 0)


def _between(database: Database, slug: str) -> int:
    between = {stage.value for stage in SIGNING}
    return sum(row["petition"] == slug and row["stage"] in between for row in rows_of(database)["conversations"])


def test_a_region_is_sealed_and_its_count_stays_exact_when_it_is_erased(database: Database, vault: Vault) -> None:
    world, queries = World(work=lambda: SqlUnitOfWork(database, vault)), SqlQueries(database, vault)
    for number, code in enumerate(("90210", "10001", "60601")):
        world.person("", user_id=str(number)).does(*TO_REVIEW[:2], ev.Reply(code), ev.Confirm())
    answers = {
        signature.region: dict(signature.answers)
        for signature in queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    }
    assert answers["US-NY"] == {"full_name": "Ada", "postal_code": "10001", "show_name": "no"}, "it is not an answer"
    assert "US-NY" not in repr(rows_of(database)["signatures"])

    def regions() -> tuple[tuple[str, int], ...]:
        with world.work() as work:
            return work.breakdowns.by_value(SALESFORCE, Facet.REGION, None)

    world.person("", user_id="0").does(ev.Withdraw())
    world.person("", user_id="1").does(ev.Forget())
    assert regions() == (("US-IL", 1),)
    anonymise_petition(database, vault, SALESFORCE)
    assert regions() == (("US-IL", 1),), "counts stay"


def test_retention_leaves_nobody_pending(database: Database, vault: Vault) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    world.person("", user_id="1").does(*TO_REVIEW)
    world.person("", user_id="1").about(TREES).does(ev.Begin())
    anonymise_petition(database, vault, SALESFORCE)
    assert [_pending(world, slug) for slug in (SALESFORCE, TREES)] == [0, 1]
    with world.work() as work:
        assert work.breakdowns.steps(SALESFORCE)[funnel.REVIEW] == 1, "how far people came stays"


def test_a_trend_is_told_by_label(database: Database, vault: Vault) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    for number, label in enumerate(("g0123456789ab", "g0123456789ab", "elms")):
        world.person("", user_id=str(number)).does(ev.Open(label), *TO_REVIEW, ev.Confirm())
        world.now += dt.timedelta(days=1)
    queries = SqlQueries(database, vault)
    assert queries.trend(SALESFORCE, "g0123456789ab", DAY) == ((DAY, 1), (DAY + dt.timedelta(days=1), 1))
    assert queries.trend(SALESFORCE, "g0123456789ab", DAY + dt.timedelta(days=1)) == ((DAY + dt.timedelta(days=1), 1),)


def test_what_was_signed_before_is_counted_by_the_migration(database: Database, vault: Vault) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    world.now = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)
    for number, label in enumerate(("elms", "rabcdefghijkl", "rabcdefghijklm", "")):
        world.person("", user_id=str(number)).does(ev.Open(label), *TO_REVIEW, ev.Confirm())
        world.now += dt.timedelta(hours=1)
    world.person("", user_id="9").does(*TO_REVIEW)
    before = _days(world)
    downgrade(database, "0008", vault)
    upgrade(database, vault)
    after = _days(world)
    assert after[Facet.LABEL] == before[Facet.LABEL]
    assert after[Facet.VERSION] == before[Facet.VERSION]
    assert after[Facet.ARRIVAL] == before[Facet.ARRIVAL]
    with world.work() as work:
        assert work.breakdowns.by_value(SALESFORCE, Facet.REGION, None) == (("", 4),), "it is in the sealed answers"
    assert _pending(world, SALESFORCE) == 1
    world.person("", user_id="0").does(ev.Withdraw())
    _kept(world, SALESFORCE)


def test_opt_ins_and_steps_by_link_are_counted_by_the_migration(database: Database, vault: Vault) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    world.now = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)
    choices = (ev.SetUpdates(True, by_email=True), ev.SetUpdates(True), ev.SetUpdates(False))
    for number, choice in enumerate(choices * 2):
        answers = {"full_name": "Ada", "postal_code": "90210", "email": f"ada{number}@example.org"}
        world.person("", user_id=str(number)).does(ev.Open("elms"), ev.Answer(answers), choice, ev.Confirm())
        world.now += dt.timedelta(hours=1)
    world.person("", user_id="0").does(ev.Withdraw())
    world.person("", user_id="7").does(*TO_REVIEW[:2])
    before = _days(world)[Facet.UPDATES]
    assert {value for _, value, total in before if total} == {"email email", "here", "no"}
    downgrade(database, "0019", vault)
    upgrade(database, vault)
    assert _days(world)[Facet.UPDATES] == tuple(count for count in before if count[2])
    with world.work() as work:
        links = work.breakdowns.steps_by_link(SALESFORCE)
    assert links == {"@earlier": {"opened": 7, "began": 7, "review": 6, "signed": 6}, "": {"pending": 1}}
    world.person("", user_id="3").does(ev.SetUpdates(False))
    _kept(world, SALESFORCE)


def _days(world: World) -> dict[Facet, tuple[tuple[dt.date, str, int], ...]]:
    with world.work() as work:
        all_values = {
            facet: [value for value, _ in work.breakdowns.by_value(SALESFORCE, facet, None)] for facet in Facet
        }
        return {facet: work.breakdowns.by_day(SALESFORCE, facet, values, None) for facet, values in all_values.items()}
