"""The mutator itself: the same places for the same seed, and broken source that is still Python."""

from __future__ import annotations

import ast

import pytest

from tests.mutation.copies import ROOT
from tests.mutation.places import Place, places_in
from tests.mutation.sampling import modules, sample

MANY = 1000  # places: more than there are modules


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return modules(ROOT)


@pytest.fixture(scope="module")
def places(sources: dict[str, str]) -> list[Place]:
    return sample(sources, MANY, seed=13)


def broken(source: str) -> set[str]:
    return {place.breaks(source) for place in places_in("x.py", source)}


def test_places_are_stable_for_a_seed_and_change_with_it(sources: dict[str, str], places: list[Place]) -> None:
    assert sample(sources, MANY, seed=13) == places
    assert sample(sources, MANY, seed=14) != places
    assert sample(sources, 50, seed=13) == places[:50]


def test_a_change_of_one_module_moves_no_place_of_another(sources: dict[str, str], places: list[Place]) -> None:
    name = places[0].module
    changed = sample({**sources, name: sources[name] + "\nMORE = 1 + 2 < 3\n"}, MANY, seed=13)
    others = [place for place in places if place.module != name]
    assert [place for place in changed if place.module != name][:200] == others[:200]


def test_a_new_module_displaces_one_place_at_most(sources: dict[str, str]) -> None:
    before = sample(sources, 100, seed=13)
    for name in ("bots/new.py", "core/text/new.py", "storage/another.py"):
        after = sample({**sources, name: "ENOUGH = 1 + 2 < 3\n"}, 100, seed=13)
        assert len(set(before) - set(after)) <= 1


def test_every_module_has_its_turn_before_any_has_a_second(sources: dict[str, str], places: list[Place]) -> None:
    with_places = [name for name, source in sources.items() if places_in(name, source)]
    first = [place.module for place in places[: len(with_places)]]
    assert sorted(first) == sorted(with_places)
    assert {name.partition("/")[0] for name in first[:30]} == {"core", "bots", "storage"}


def test_every_mutant_parses_and_differs(sources: dict[str, str], places: list[Place]) -> None:
    for place in places:
        source = sources[place.module]
        assert ast.dump(ast.parse(place.breaks(source))) != ast.dump(ast.parse(source)), place
        assert place.diff(source).startswith("--- ")


@pytest.mark.parametrize(
    ("source", "mutants"),
    [
        ("x = a < b\n", {"x = (a <= b)\n"}),
        ("x = a and not b\n", {"x = (a or not b)\n", "x = a and (b)\n"}),
        ("LIMIT = 64\n", {"LIMIT = 65\n"}),
        ("x = f(y, wait=True)\n", {"x = f(y)\n", "x = f(y, wait=False)\n"}),
        ("if ready:\n    go()\n", {"if (not (ready)):\n    go()\n", "if ready:\n    pass\n"}),
        ("def f() -> bool:\n    return g()\n", {f"def f() -> bool:\n    return {value}\n" for value in (True, False)}),
        ("def f():\n    return g()\n", {"def f():\n    return None\n"}),
        ("self.take = None\n", {"pass\n"}),
        ("raise Gone\n", {"pass\n"}),
        ("log.setLevel('INFO')\n", {"pass\n", "log.setLevel('INFOX')\n"}),
        ("é = 'ż' if 1 else b\n", {"é = 'żX' if 1 else b\n", "é = 'ż' if 2 else b\n", "é = 'ż' if (not (1)) else b\n"}),
    ],
)
def test_mutations_that_are_made(source: str, mutants: set[str]) -> None:
    assert broken(source) == mutants


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring."""\n',
        "def f(a: int = ...) -> list[int]: ...\n",
        "__all__ = ['a']\n",
        "x: TypeAlias = A | B\n",
        "if TYPE_CHECKING:\n    import y\n",
        "assert a < b\n",
        "@dataclass(frozen=True, slots=True)\nclass A:\n    b: int\n",
        "say('Some words for people.')\nx = f'{a < b}'\n".replace("say(", "x = say("),
        "y = cast('int', x)\n",
    ],
)
def test_mutations_that_are_not_made(source: str) -> None:
    assert broken(source) == set()
