"""The tally equals the signatures that count, whatever happens."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from core.conversation import state as ev
from core.conversation.state import Event
from core.ports import UnitOfWork
from core.signatures.signature import Signature, SignatureStatus, Signer
from tests.core.conversation.events import events
from tests.effort import scaled
from tests.world import SALESFORCE, TREES, World

people = st.sampled_from([Signer("telegram", "1", "Ada"), Signer("discord", "1", "Ada L."), Signer("terminal", "me")])
slugs = st.sampled_from([SALESFORCE, TREES])


@settings(max_examples=scaled(150))
@given(st.lists(st.tuples(people, events, slugs, st.booleans()), max_size=60))
def test_the_tally_equals_what_is_counted_whatever_happens(
    story: list[tuple[Signer, Event, str, bool]],
) -> None:
    world = World()
    for number, (signer, event, slug, twice) in enumerate(story):
        first = world.signing.handle(signer, event, slug, update_id=str(number))
        if twice and not isinstance(event, ev.Forget):
            again = world.signing.handle(signer, event, slug, update_id=str(number))
            assert again.revision == first.revision
    with world.work() as work:
        stored: list[tuple[int, Signature]] = list(work.draft.signatures.values())  # type: ignore[attr-defined]
        for slug in (SALESFORCE, TREES):
            kept_counts_are_exact(work, slug, [signature for _, signature in stored if signature.petition == slug])
    nobody_counts_twice(stored)


def kept_counts_are_exact(work: UnitOfWork, slug: str, stored: list[Signature]) -> None:
    """Compare the petition's tally, history and credits with its signatures."""
    totals = work.tallies.of(slug).totals
    assert {status: total for status, total in totals.items() if total} == Counter(one.status for one in stored)
    by_hour = Counter((one.hour, one.platform, one.locale, one.status) for one in stored)
    kept = work.tallies.history(slug, None)
    assert {(one.hour, one.platform, one.locale, one.status): one.count for one in kept} == by_hour
    labels = Counter(one.label for one in stored if one.status is not SignatureStatus.WITHDRAWN)
    for label in ("elms", "oaks"):
        assert work.tallies.credited(slug, label) == labels[label]


def nobody_counts_twice(stored: list[tuple[int, Signature]]) -> None:
    """A person has one signature that was not withdrawn, and a mailbox one that counts."""
    standing = Counter(
        (owner, signature.petition) for owner, signature in stored if signature.status is not SignatureStatus.WITHDRAWN
    )
    assert all(count == 1 for count in standing.values())
    boxes = Counter(
        (signature.petition, signature.mailbox)
        for _, signature in stored
        if signature.mailbox and signature.status is SignatureStatus.COUNTED
    )
    assert all(count == 1 for count in boxes.values())
