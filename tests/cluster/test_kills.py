"""Kills come in random rounds, each of all kinds."""

from __future__ import annotations

import random
from itertools import islice

from tests.cluster.kills import Kind, endless
from tests.cluster.run import Plan

KINDS = tuple(Kind)


def test_every_round_has_every_kind_once_and_a_seed_repeats_it() -> None:
    kinds = list(islice(endless(random.Random(24), KINDS), 4 * len(KINDS)))
    rounds = [kinds[start : start + len(KINDS)] for start in range(0, len(kinds), len(KINDS))]
    assert [sorted(each) for each in rounds] == 4 * [sorted(KINDS)]
    assert len({tuple(each) for each in rounds}) > 1
    assert kinds == list(islice(endless(random.Random(24), KINDS), len(kinds)))


def test_a_plan_names_the_command_that_repeats_it() -> None:
    again = Plan(50, 24, 3, 8, orphans=False).again
    assert again == "python -m tests.cluster --kills 50 --seed 24 --people 3 --ttl 8"
    again = Plan(5, 24, 3, None, orphans=True, only=(Kind.PATRONI, Kind.HAPROXY)).again
    assert again == "python -m tests.cluster --kills 5 --seed 24 --people 3 --only patroni --only haproxy --orphans"
