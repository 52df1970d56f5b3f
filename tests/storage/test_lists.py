"""Lists and trends on every storage: what is kept, how it is sealed, and when it goes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa

from core.conversation import state as ev
from core.ports import UnitOfWork
from core.signatures.origins import ListedOrigin, Origin, OriginKind, Verdict
from core.signatures.trends import FEWEST, TRENDS_KEPT, TrendCounts
from storage.engine import Database
from storage.retention import SqlPersonalData, anonymise_petition
from storage.statements.review import VERDICTS
from storage.tables import ListedRow, table
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import KEY, rows_of
from tests.statements import plan
from tests.world import NOW, SALESFORCE, TREES, Talker, World

Work = Callable[[], UnitOfWork]
HOUR = dt.timedelta(hours=1)
THROWAWAY, RARE = Origin(OriginKind.DOMAIN, "throwaway-mail.example"), Origin(OriginKind.DOMAIN, "ada.example")
SPAMRING, OWN = Origin(OriginKind.LABEL, "spamring"), Origin(OriginKind.LABEL, "rabcdefghijkl")
NOON = NOW.replace(hour=12)


def put(work: Work, origin: Origin, verdict: Verdict, since: dt.datetime = NOW) -> None:
    with work() as unit:
        unit.lists.put(ListedOrigin(origin, verdict, since))
        unit.commit()


def test_an_origin_is_on_one_list_until_it_is_taken_off(work: Work) -> None:
    put(work, THROWAWAY, Verdict.ALLOWED)
    put(work, SPAMRING, Verdict.BLOCKED, NOW + HOUR)
    put(work, THROWAWAY, Verdict.BLOCKED, NOW + 2 * HOUR)
    with work() as unit:
        assert [(one.origin, one.verdict, one.since) for one in unit.lists.all()] == [
            (THROWAWAY, Verdict.BLOCKED, NOW + 2 * HOUR), (SPAMRING, Verdict.BLOCKED, NOW + HOUR),
        ]  # fmt: skip
        same_name = replace(SPAMRING, kind=OriginKind.DOMAIN)
        assert unit.lists.verdicts([THROWAWAY, RARE, same_name]) == {THROWAWAY: Verdict.BLOCKED}
        assert not unit.lists.remove(same_name)
        assert unit.lists.remove(THROWAWAY)
        assert not unit.lists.remove(THROWAWAY)
        assert unit.lists.verdicts([THROWAWAY, SPAMRING]) == {SPAMRING: Verdict.BLOCKED}


def test_verdicts_are_read_by_their_whole_key(database: Database) -> None:
    rows = [{"kind": "domain", "value": f"v1:{place}", "verdict": "blocked", "since": NOW} for place in range(2000)]
    with database.writing() as connection:
        connection.execute(sa.insert(table(ListedRow)), rows)
        connection.execute(sa.text("ANALYZE listed"))
        keys = {"kinds": ["domain", "label"], "values": ["v1:7", "v1:8", "unknown"]}
        found = plan(connection, VERDICTS, keys)
        assert len(connection.execute(VERDICTS, keys).all()) == 2
    assert ("(kind=? AND value=?)" if database.is_sqlite else "listed_pkey") in found
    assert "SCAN listed" not in found
    assert "Seq Scan" not in found


def test_a_signers_own_link_is_found_by_its_label_and_by_its_pseudonym(work: Work) -> None:
    put(work, OWN, Verdict.BLOCKED)
    with work() as unit:
        (listed,) = unit.lists.all()
        assert listed.origin.name.startswith("own~")
        assert unit.lists.verdicts([OWN, listed.origin]) == {OWN: Verdict.BLOCKED, listed.origin: Verdict.BLOCKED}
        assert unit.lists.remove(listed.origin)


def read(work: Work, kind: OriginKind = OriginKind.DOMAIN, start: dt.datetime = NOON) -> TrendCounts:
    with work() as unit:
        return unit.trends.read("elms", kind, start, NOON - dt.timedelta(days=7))


def test_trends_are_counted_by_hour_and_compared_with_the_time_before(work: Work) -> None:
    with work() as unit:
        for hours, origin, change in (
            (0, THROWAWAY, 4), (1, THROWAWAY, 3), (1, THROWAWAY, -1), (1, RARE, 2), (-1, THROWAWAY, 1),
            (-30, THROWAWAY, 2), (-2, RARE, 9), (-3, Origin(OriginKind.DOMAIN, "gone.example"), 6),
            (-24 * 7 - 1, THROWAWAY, 99), (0, OWN, 5), (0, OWN, 1),
        ):  # fmt: skip
            unit.trends.count("elms", NOON + hours * HOUR, [origin], change)
        unit.trends.count("oaks", NOON, [THROWAWAY], 70)
        unit.commit()
    counts = read(work)
    assert dict(counts.now) == {THROWAWAY.name: 6}, "two signatures name nobody"
    assert dict(counts.before) == {THROWAWAY.name: 3}
    assert (counts.total_now, counts.total_before, counts.first) == (8, 18, NOON - 30 * HOUR)
    ((own, total),) = read(work, OriginKind.LABEL).now.items()
    assert (own[:4], total) == ("own~", 6)
    with work() as unit:
        assert unit.trends.total("elms", THROWAWAY, NOON - 30 * HOUR, NOON + HOUR) == 2 + 1 + 4
        assert unit.trends.total("elms", OWN, NOON, NOON + HOUR) == 6
        assert unit.trends.total("oaks", RARE, NOON, NOON + HOUR) == 0


def test_a_count_that_was_dropped_never_falls_below_zero(work: Work) -> None:
    with work() as unit:
        unit.trends.count("elms", NOON, [THROWAWAY], -1)
        unit.trends.count("elms", NOON, [THROWAWAY], FEWEST)
        unit.commit()
    assert dict(read(work).now) == {THROWAWAY.name: FEWEST}


def test_a_petition_that_nobody_signed_has_no_trends(work: Work) -> None:
    assert read(work) == TrendCounts()


def world_of(database: Database, vault: Vault) -> World:
    return World(work=lambda: SqlUnitOfWork(database, vault))


def signs(world: World, number: int, mail: str, link: str = "", petition: str = SALESFORCE) -> Talker:
    person = world.person(f"Ada{number}", user_id=str(number)).about(petition)
    answers = {"full_name": "Ada Lovelace", "postal_code": "90210", "email": mail}
    if petition == TREES:
        answers = {"who": "Ada", "country": "US", "code": "90210", "role": "tenant", "mail": mail}
    person.does(ev.Open(link), ev.Begin(), ev.Answer(answers), ev.Confirm())
    return person


def totals(database: Database) -> list[str]:
    """The counts, each the sum of its parts."""
    sums = Counter[tuple[object, ...]]()
    for row in rows_of(database)["trends"]:
        sums[row["petition"], row["kind"], row["hour"], row["value"]] += int(str(row["total"]))
    return sorted(map(str, sums.values()))


def test_a_thief_reads_neither_domains_nor_what_is_on_the_lists(database: Database, vault: Vault) -> None:
    world = world_of(database, vault)
    put(world.work, RARE, Verdict.BLOCKED)
    put(world.work, SPAMRING, Verdict.BLOCKED)
    signs(world, 1, "ada@box.ada.example")
    signs(world, 2, "ben@ada.example")
    signs(world, 3, "cem@longer-than-that-by-a-bit.example", petition=TREES)
    world.now += dt.timedelta(days=1)
    signs(world, 4, "dee@ada.example")
    dump = repr(rows_of(database))
    assert not any(name in dump for name in ("ada.example", "longer-than", "spamring"))
    assert totals(database) == ["1", "1", "2"], "subdomains count with the domain that someone registered"
    values = {str(row["value"]) for name in ("trends", "listed") for row in rows_of(database)[name]}
    assert len(values) == 5, "the same domain looks different on another day, and on the list"
    assert len({len(value) for value in values}) <= 2, "lengths are rounded up"
    with SqlUnitOfWork(database, Vault([KEY + "!"])) as work:
        assert work.lists.verdicts([RARE, SPAMRING]) == {}, "the key is needed"


def test_withdrawing_and_erasing_take_a_signature_out_of_the_trends(database: Database, vault: Vault) -> None:
    world = world_of(database, vault)
    people = [signs(world, number, f"a{number}@mail.example", "flyer") for number in range(3)]
    world.person("no address").does(ev.Open(), ev.Begin(), ev.Answer({"postal_code": "90210"}), ev.Confirm())
    assert totals(database) == ["3", "3"]
    world.now += dt.timedelta(days=2)
    people[0].does(ev.Withdraw())
    people[1].does(ev.Forget())
    assert totals(database) == ["1", "1"]
    people[2].does(ev.Withdraw())
    assert rows_of(database)["trends"] == [], "no row is left to tell that there was such a domain"


def test_trends_go_after_some_days_and_with_the_petition(database: Database, vault: Vault) -> None:
    world = world_of(database, vault)
    ada = signs(world, 1, "ada@mail.example")
    world.now += TRENDS_KEPT
    signs(world, 2, "ben@mail.example")
    signs(world, 3, "cem@mail.example", petition=TREES)
    SqlPersonalData(database, vault).clean(world.now + HOUR)
    assert totals(database) == ["1", "1"]
    ada.does(ev.Withdraw())
    assert totals(database) == ["1", "1"], "hers is no longer among them"
    anonymise_petition(database, vault, SALESFORCE)
    assert [row["petition"] for row in rows_of(database)["trends"]] == [TREES]
