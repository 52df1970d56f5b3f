"""The choices that complete an option stay within Discord's limits."""

from __future__ import annotations

from dataclasses import replace

from bots.discord.commands import PETITION, Invocation
from bots.discord.completion import complete, offered
from core.petition.collection import PetitionCollection
from tests.world import SALESFORCE, TREES, petitions

TYPED = Invocation("organize export", {}, "filters")


def test_a_choice_whose_value_would_be_cut_is_left_out() -> None:
    """Discord refuses all choices if a value has more than 100 characters; a shorter one would mean something else."""
    choices = [("too long", "v" * 101), ("as long as any", "v" * 100), ("n" * 101, "short")]
    assert offered(TYPED, choices) == [
        {"name": "as long as any", "value": "v" * 100}, {"name": "n" * 99 + "…", "value": "short"},
    ]  # fmt: skip


def test_no_more_than_25_choices_are_offered() -> None:
    choices = [(f"choice {number}", str(number)) for number in range(26)]
    assert [choice["value"] for choice in offered(TYPED, choices)] == [value for _, value in choices[:25]]


def test_a_renamed_petition_has_its_present_name_which_leads_to_its_sources() -> None:
    renamed = replace(petitions()[SALESFORCE], folder="no-cbp")
    collection = PetitionCollection({SALESFORCE: renamed, TREES: petitions()[TREES]}, names={"no-cbp": SALESFORCE})
    choices = complete(Invocation("petition read", {PETITION: ""}, PETITION), collection, "en", {})
    assert [choice["value"] for choice in choices] == ["no-cbp", TREES]
    sources = complete(Invocation("petition sources", {PETITION: "no-cbp"}, "source"), collection, "en", {})
    assert [choice["value"] for choice in sources] == ["1", "2", "3"]
