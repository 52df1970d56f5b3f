"""Consent to updates by channel, and the addresses that organizers can use."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.petition.form import Field, FieldKind
from core.signatures.contacts import OptIns, opt_in, usable_contacts
from tests.core.organizer.test_commands import Office
from tests.world import SALESFORCE, World, petitions

ASKING = replace(
    petitions()[SALESFORCE], fields=(*petitions()[SALESFORCE].fields, Field("phone", FieldKind.PHONE, country="US"))
)


@pytest.mark.parametrize(
    ("answers", "contacts"),
    [
        ({"email": "ada@example.org"}, "email"),
        ({"email": "ada@gmail.com", "phone": "+14155550132"}, "email phone"),
        ({"email": "ada@GMIAL.com", "phone": "+14155550132"}, "phone"),
        ({"email": "ada@mailinator.com"}, ""),
        ({"email": "ada@eu.mailinator.com"}, ""),
        ({}, ""),
    ],
)
def test_a_doubtful_address_cannot_be_used(answers: dict[str, str], contacts: str) -> None:
    assert usable_contacts(ASKING, answers) == contacts


def test_opt_ins_are_added_up_by_channel_and_by_what_can_be_used() -> None:
    values = [
        (opt_in(updates=here, by_email=mail, contacts=contacts), count)
        for here, mail, contacts, count in (
            (True, False, "email", 1), (False, True, "email phone", 2), (False, True, "", 4), (False, True, "phone", 8),
            (False, False, "email", 16),
        )
    ]  # fmt: skip
    assert OptIns.of(values) == OptIns(here=1, by_email=14, addresses=2, phones=10)
    assert OptIns.of(values).total == 15


def contacts(office: Office) -> list[str]:
    return office.reads(f"count {SALESFORCE}").splitlines()[-3:]


def test_the_numbers_follow_what_each_signer_does() -> None:
    office = Office(World(petitions={SALESFORCE: ASKING}))
    people = [office.world.person("", "telegram", str(number)) for number in range(3)]
    form = {"full_name": "Ada", "postal_code": "90210", "phone": "415 555 0132"}
    for person, mail in zip(people, ("ada@example.org", "ben@gmial.com", "cy@example.org"), strict=True):
        person.does(ev.Open(), ev.Answer({**form, "email": mail}))
        if mail.endswith("gmial.com"):
            person.does(ev.Pick("email", 1))
    for person, by_email in zip(people, (True, True, False), strict=True):
        person.does(ev.SetUpdates(True, by_email=by_email), ev.Confirm())
    assert office.world.counted() == 3
    assert contacts(office) == [
        "Want updates: 3 (1 in the chat, 2 by email)", "Email addresses you can use: 1", "Phone numbers you can use: 2",
    ]  # fmt: skip
    people[2].does(ev.SetUpdates(True, by_email=True))
    assert contacts(office)[1:] == ["Email addresses you can use: 2", "Phone numbers you can use: 3"]
    people[2].does(ev.SetUpdates(False))
    people[1].does(ev.Withdraw())
    assert contacts(office) == [
        "Want updates: 1 (0 in the chat, 1 by email)", "Email addresses you can use: 1", "Phone numbers you can use: 1",
    ]  # fmt: skip
    assert office.reads(f"stats {SALESFORCE} 7d updates").splitlines()[2:5] == contacts(office)
    people[0].does(ev.Forget())
    assert contacts(office) == [
        "Want updates: 0", "Email addresses you can use: 0", "Phone numbers you can use: 0",
    ]  # fmt: skip
