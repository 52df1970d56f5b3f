"""Two people in one household may share a mailbox; the counts and the review follow."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.conversation import state as ev
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService
from core.petition.form import Field, FieldKind
from core.signatures.household import never, place_for
from core.signatures.review import Query
from core.signatures.signature import Signature, SignatureStatus, Signer
from tests.effort import scaled
from tests.world import NOW, ORGANIZERS, SALESFORCE, Talker, World, petitions

MAIL = "lovelace@example.org"


def signs(world: World, name: str, code: str = "90210", account: str = "", mail: str = MAIL) -> Talker:
    person = world.person(name, user_id=account or name)
    answers = {"full_name": name, "postal_code": code, "email": mail}
    person.does(ev.Begin(), ev.Answer(answers), ev.Confirm())
    assert "Thank you!" in person.reads()
    return person


def totals(world: World) -> dict[str, int]:
    with world.work() as work:
        counts = work.reviews.counts(Query(SALESFORCE))
        assert work.tallies.of(SALESFORCE).counted == counts.get("counted", 0)  # type: ignore[call-overload]
    return {status.value: count for status, count in counts.items() if count}


@pytest.mark.parametrize(
    ("name", "code", "counted"),
    [
        ("Ben Lovelace", "90210", 2),
        ("Ben Lovelace", "10001", 1),
        ("Ben Lovelace", "Germany", 1),
        ("ADA  lovelace", "90210", 1),
        ("Lovelace, Ada", "90210", 1),
    ],
)
def test_the_second_counts_with_another_name_and_the_same_code(name: str, code: str, counted: int) -> None:
    world = World()
    signs(world, "Ada Lovelace")
    signs(world, name, code, account="second")
    assert totals(world) == {"counted": counted} | ({"duplicate": 1} if counted == 1 else {})


def test_names_with_other_marks_are_other_names() -> None:
    world = World()
    signs(world, "राम कुमार")
    signs(world, "रीम कुमार")
    assert totals(world) == {"counted": 2}


def test_a_third_person_waits_for_either_and_nobody_counts_twice() -> None:
    world = World()
    ada, ben = signs(world, "Ada Lovelace"), signs(world, "Ben Lovelace")
    signs(world, "Cem Lovelace")
    signs(world, "Ben Lovelace", account="again")
    assert totals(world) == {"counted": 2, "duplicate": 2}
    ada.does(ev.Withdraw())
    assert totals(world) == {"counted": 2, "duplicate": 1}, "Cem took Ada's place"
    ben.does(ev.Withdraw())
    assert totals(world) == {"counted": 2}, "Ben's other signature took Ben's"
    signs(world, "Cem Lovelace", account="third")
    assert totals(world) == {"counted": 2, "duplicate": 1}


def test_who_is_alone_in_a_mailbox_keeps_it_from_another_account_of_theirs() -> None:
    world = World()
    ada = signs(world, "Ada Lovelace")
    signs(world, "Ben Lovelace")
    ada.does(ev.Withdraw())
    signs(world, "Ben Lovelace", account="again")
    assert totals(world) == {"counted": 1, "duplicate": 1}


SIGNERS = [(name, code) for name in ("Ada Lovelace", "Ben Lovelace", "Cem Lovelace") for code in ("90210", "10001")]


@settings(max_examples=scaled(30), deadline=None)
@given(st.permutations(SIGNERS), st.lists(st.integers(0, len(SIGNERS) - 1), unique=True))
def test_a_mailbox_counts_for_two_at_most_whoever_leaves(
    order: list[tuple[str, str]], leaving: list[int]
) -> None:  # fmt: skip
    world = World()
    people = [signs(world, name, code, account=f"{name} {code}") for name, code in order]
    for number in leaving:
        people[number].does(ev.Withdraw())
        assert totals(world).get("counted", 0) <= 2
    left = len(SIGNERS) - len(leaving)
    assert (totals(world).get("counted", 0) > 0) == (left > 0), "no place stays empty while a duplicate waits"


def test_a_ledger_without_a_petitions_rule_lets_nobody_share() -> None:
    ada = Signature("elms", "R-1", "r1", 1, SignatureStatus.COUNTED, "d" * 64, NOW, "telegram", "en")
    assert place_for(replace(ada, receipt="R-2"), (ada, None), never) == 0, "it waits for the place that is taken"


def test_without_a_postal_code_nobody_shares() -> None:
    bare = (Field("full_name", FieldKind.NAME, required=True), Field("email", FieldKind.EMAIL))
    world = World(petitions={SALESFORCE: replace(petitions()[SALESFORCE], fields=bare)})
    signs(world, "Ada Lovelace")
    signs(world, "Ben Lovelace")
    assert totals(world) == {"counted": 1, "duplicate": 1}


def test_organizers_can_accept_a_duplicate_by_receipt_or_all_by_status() -> None:
    world = World()
    office = OrganizerService(world.signing, ORGANIZERS)

    def asks(line: str) -> list[str]:
        view = office.run(Signer("test", "Olga", "Olga"), CommandLine("review", line))
        assert view
        talker = Talker(world, Signer("test", "Olga"), view=view)
        return talker.reads().splitlines()

    signs(world, "Ada Lovelace")
    for number, code in enumerate(("10001", "10002", "10003")):
        signs(world, "Ben Lovelace", code, account=f"ben {number}")
    receipt = "0000-0000-0002"
    assert f"Accept {receipt}" in asks(f"{SALESFORCE} status=duplicate")
    assert asks(f"{SALESFORCE} accept status=any") == ["Nothing to review here."]
    assert asks(f"accept {receipt}")[0].endswith("is now “Counted”.")
    assert totals(world) == {"counted": 2, "duplicate": 2}
    asks(f"invalidate {receipt}")
    assert asks(f"restore {receipt}")[0].endswith("is now “Counted”."), "undone exactly"
    signs(world, "Ada Lovelace", account="again")
    assert totals(world) == {"counted": 2, "duplicate": 3}, "the mailbox still counts once"
    view = office.run(Signer("test", "Olga", "Olga"), CommandLine("review", f"{SALESFORCE} accept status=duplicate"))
    assert view
    order = view.screen.buttons[0][0].order
    assert order
    asks(order.argument)
    assert totals(world) == {"counted": 5}
    with world.work() as work:
        assert work.audit.last(1)[0].what.endswith("accept salesforce-cbp status=duplicate: 3")
