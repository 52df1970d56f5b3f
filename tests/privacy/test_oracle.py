"""Nobody can find out if an address has signed, or if a signature of their own was held back.

Two worlds differ only in a secret: in one, the person who signs gives the victim's address, and organizers reject some
of the attacker's signatures. The attacker does the same in both. While others sign too, so that the public counts agree
whenever the attacker looks, nothing may differ. On a quiet petition, only what docs/design/privacy.md lists may.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from bots.web.pages import Pages
from bots.web.routes import Front
from core.conversation import state as ev
from core.conversation.typed import SendProof
from core.queries import Queries
from storage.vault import Vault
from tests.conftest import KEY
from tests.effort import scaled
from tests.privacy.attacker import ACCOUNTS, GROUP, VICTIM, Sight, Watched, open_world

PRIVACY = Path(__file__).parents[2] / "docs" / "design" / "privacy.md"
LISTED = re.compile(r"^## An exact count tells who watches it$(.*?)^## ", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Sign:
    """An account of the attacker signs; `link` is a label, or the number of the account whose share link it opens."""

    account: int
    mail: str = ""
    link: str | int = ""


@dataclass(frozen=True)
class Withdraw:
    """An account of the attacker withdraws."""

    account: int


@dataclass(frozen=True)
class Erase:
    """An account of the attacker erases everything."""

    account: int


@dataclass(frozen=True)
class AskData:
    """An account of the attacker asks for its data."""

    account: int


@dataclass(frozen=True)
class AskProof:
    """An account of the attacker asks for the proof of its signature."""

    account: int


@dataclass(frozen=True)
class Published:
    """In both worlds, the public log takes in everything new."""


@dataclass(frozen=True)
class PersonSigns:
    """A person signs, with the victim's address or with another."""

    link: str = ""


@dataclass(frozen=True)
class PersonWithdraws:
    """That person withdraws."""


@dataclass(frozen=True)
class Rejected:
    """In one world, organizers reject the signature of one of the attacker's accounts."""

    account: int


Attack: TypeAlias = Sign | Withdraw | Erase | AskData | AskProof
Action: TypeAlias = Attack | PersonSigns | PersonWithdraws | Rejected | Published

accounts = st.integers(0, 3) | st.integers(0, ACCOUNTS - 1)
links = st.sampled_from(["", "made-up", "made-up", GROUP]) | st.integers(0, 3)
scripts = st.lists(
    st.builds(Sign, accounts, st.sampled_from(["", VICTIM, VICTIM, "own@example.org"]), links)
    | st.builds(Withdraw, accounts)
    | st.builds(Erase, accounts)
    | st.builds(AskData, accounts)
    | st.builds(AskProof, accounts)
    | st.just(Published())
    | st.builds(PersonSigns, st.sampled_from(["", "made-up", GROUP]))
    | st.just(PersonWithdraws())
    | st.builds(Rejected, accounts),
    max_size=16,
)
FIVE_AND_ONE: list[Action] = [PersonSigns(), *(Sign(n, "", "made-up") for n in range(5)), Sign(5, VICTIM, "made-up")]
FOUR_IN_A_GROUP: list[Action] = [PersonSigns(), *(Sign(n, "", GROUP) for n in range(4)), Sign(4, VICTIM, GROUP)]
BY_A_SHARE_LINK: list[Action] = [PersonSigns(), *(Sign(n, "", 0) for n in range(5)), Sign(5, VICTIM, 0)]
AHEAD_OF_THE_VICTIM: list[Action] = [Sign(0, VICTIM, "made-up"), PersonSigns(), Withdraw(0)]
HELD_BACK: list[Action] = [
    *(Sign(n, "", "made-up") for n in range(6)),
    Rejected(0),
    AskData(0),
    Sign(6),
    Withdraw(0),
    AskData(0),
    Erase(1),
]
PROVEN: list[Action] = [PersonSigns(), Sign(0, VICTIM), AskProof(0), Published(), AskProof(0), Rejected(0), AskProof(0)]
ALL_ACCOUNTS: list[Action] = [PersonSigns(), *(Sign(n, VICTIM, "made-up") for n in range(ACCOUNTS))]
LOOKING_ON: list[Action] = [PersonSigns(), Sign(0, VICTIM), Withdraw(1)]
UNSHRUNK = (Phase.explicit, Phase.generate)  # each example opens two databases
SCRIPTS = (FIVE_AND_ONE, FOUR_IN_A_GROUP, BY_A_SHARE_LINK, AHEAD_OF_THE_VICTIM, HELD_BACK, LOOKING_ON)

Worlds: TypeAlias = Callable[[], AbstractContextManager[tuple[Watched, Watched]]]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """Two new worlds, of which the first has the secret."""
    folder, numbers, vault = tmp_path_factory.mktemp("oracle"), count(), Vault([KEY])

    @contextmanager
    def opened() -> Iterator[tuple[Watched, Watched]]:
        first, second = (open_world(folder / str(next(numbers)), vault) for _ in range(2))
        try:
            yield first, second
        finally:
            first.database.close()
            second.database.close()

    return opened


def act(watched: Watched, action: Action, *, has_secret: bool) -> None:
    watched.next_step()
    match action:
        case Sign(account, mail, link):
            label = watched.own_link(f"attacker-{link}") if isinstance(link, int) else link
            watched.sign(f"attacker-{account}", mail, label)
        case Withdraw(account):
            watched.account(f"attacker-{account}").does(ev.Withdraw())
        case Erase(account):
            watched.account(f"attacker-{account}").does(ev.Forget())
        case AskData(account):
            watched.account(f"attacker-{account}").does(ev.SendData())
        case AskProof(account):
            watched.account(f"attacker-{account}").does(SendProof())
        case Published():
            watched.publish()
        case PersonSigns(link):
            watched.sign("person", VICTIM if has_secret else "stranger@example.org", link)
        case PersonWithdraws():
            watched.account("person").does(ev.Withdraw())
        case Rejected(account) if has_secret:
            watched.invalidate(f"attacker-{account}")


def play(pair: tuple[Watched, Watched], script: list[Action], *, busy: bool) -> tuple[Sight, Sight]:
    """Act in both worlds, and look at the end. In busy ones, others sign until the public counts agree."""
    for action in script:
        statements = []
        for watched, has_secret in zip(pair, (True, False), strict=True):
            with watched.recorded() as executed:
                act(watched, action, has_secret=has_secret)
            statements.append(executed)
        if isinstance(action, Attack):
            assert statements[0] == statements[1], "the database does the same for the attacker"
        most = max(watched.world.counted() for watched in pair)
        for watched in pair if busy else ():
            watched.raise_count(most)
    most = max(watched.world.counted() for watched in pair)
    for watched in pair if busy else ():
        watched.raise_count(most + 1)  # there is always something new to publish
    used = sorted({f"attacker-{action.account}" for action in script if isinstance(action, Attack)})
    rejected = {("announcements", f"attacker-{action.account}") for action in script if isinstance(action, Rejected)}
    first, second = (watched.sight(used) for watched in pair)
    # Who was rejected gets no announcements: docs/design/privacy.md lists it.
    return (
        {key: first[key] for key in first.keys() - rejected},
        {key: second[key] for key in second.keys() - rejected},
    )


def differences(sights: tuple[Sight, Sight]) -> dict[tuple[str, str], tuple[str, str]]:
    first, second = sights
    assert first.keys() == second.keys()
    return {key: (first[key], second[key]) for key in first if first[key] != second[key]}


@settings(max_examples=scaled(10), phases=UNSHRUNK)
@example(FIVE_AND_ONE)
@example(FOUR_IN_A_GROUP)
@example(BY_A_SHARE_LINK)
@example(AHEAD_OF_THE_VICTIM)
@example(HELD_BACK)
@example(PROVEN)
@example(ALL_ACCOUNTS)
@given(scripts)
def test_while_others_sign_the_attacker_sees_no_difference(worlds: Worlds, script: list[Action]) -> None:
    with worlds() as pair:
        assert differences(play(pair, script, busy=True)) == {}


def listed() -> set[str]:
    """The places at which the public count shows, as docs/design/privacy.md lists them."""
    (section,) = LISTED.findall(PRIVACY.read_text(encoding="utf-8"))
    rows = re.findall(r"^\| (`.+`) \|", section, re.MULTILINE)
    return {place for row in rows for place in re.findall(r"`([a-z. ]+)`", row)}


@settings(max_examples=scaled(5), phases=UNSHRUNK)
@given(scripts)
def test_on_a_quiet_petition_only_the_listed_places_tell(worlds: Worlds, script: list[Action]) -> None:
    with worlds() as pair:
        assert {place for place, _ in differences(play(pair, script, busy=False))} <= listed()


def test_every_listed_place_does_tell_on_a_quiet_petition(worlds: Worlds) -> None:
    told: set[str] = set()
    for script in SCRIPTS:
        with worlds() as pair:
            told |= {place for place, _ in differences(play(pair, [*script, Sign(29)], busy=False))}
    assert told == listed()


def test_the_attacker_looks_everywhere() -> None:
    """After adding a page or a query, let the attacker look at it (tests/privacy/attacker.py), then list it here."""

    def public(kind: type) -> set[str]:
        return {name for name in vars(kind) if not name.startswith("_")}

    assert public(Pages) == {"petition", "version", "embed", "home", "badge", "problem", "verify", "verify_later"}
    files = {"count", "badge", "card", "code", "asset", "sources", "version_json", "checkpoint", "tile"}
    pages = {"home", "petition", "version", "embed", "listen", "verify"}
    assert public(Front) - pages - files == {"routes", "problem", "move", "move_tile", "move_version"}
    shown = {"tally", "credited", "trend", "decision", "cards", "inline_cards", "log", "version", "versions"}
    for_organizers = {"signatures", "unopened", "petitions", "records", "search", "consents_of", "shown_words"}
    for_organizers |= {"communities", "hours", "matching", "stored_log"}
    inner = {"outbox", "moments", "source_checks"}
    assert public(Queries) == shown | for_organizers | inner
