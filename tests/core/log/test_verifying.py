"""The reader's side of the product agrees with the formulas of RFC 6962, and refuses what was tampered with."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LogError
from core.log.checkpoint import Checkpoint
from core.log.log_entry import ExclusionClass, Withdrawn, entry_bytes
from core.log.proof import InclusionProof
from core.log.signed_note import SignedNote, SignerKey, VerifierKey, sign_note
from core.log.tree import leaf_hash
from core.log.verifying import (
    EarlierCheckpoint,
    GrowingTree,
    LogAudit,
    proven,
    root_of,
    trusted_checkpoint,
    verify_proof,
)
from tests.core.log.naive import audit_path, mth
from tests.log.sample import ORIGIN, SampleLog, excluded, received, small

SMALL = SampleLog.of(small())
KEY = SMALL.key.verifier
SECOND = SignerKey(ORIGIN, bytes(32))


def head(log: SampleLog) -> Checkpoint:
    return trusted_checkpoint(log.checkpoint, [KEY])


def audited(log: SampleLog, *earlier: SampleLog) -> int:
    """The number that a log adds up to."""
    audit = LogAudit(head(log), [EarlierCheckpoint(head(each), "an earlier checkpoint") for each in earlier])
    audit.add(log.entries)
    return audit.close().number


def proof_of(index: int, log: SampleLog = SMALL) -> InclusionProof:
    return InclusionProof.parse(log.proof(index, index))


def test_a_tree_that_grows_has_the_root_of_the_formulas_at_every_size() -> None:
    tree, entries = GrowingTree(), [b"%d" % number for number in range(70)]
    for size in range(71):
        assert (tree.size, tree.root) == (size, mth(entries[:size]))
        if size < 70:
            tree.append(leaf_hash(entries[size]))


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_a_proof_leads_to_the_root_of_the_formulas(place: tuple[int, int]) -> None:
    index, size = place
    entries = [b"%d" % number for number in range(size)]
    path = audit_path(index, entries)
    assert root_of(leaf_hash(entries[index]), index, size, path) == mth(entries)
    for other in ([*path, bytes(32)], path[1:]):
        if other != path:
            with pytest.raises(LogError, match="too many or too few"):
                root_of(leaf_hash(entries[index]), index, size, other)


def test_a_proof_says_what_it_shows_and_what_not() -> None:
    said = proven(proof_of(256), [KEY])
    assert "the receipt 0000-0000-0256 is entry 256 of 623" in said
    assert "received under these words" in said
    assert "doesn't prove whether this signature is left out" in said


def test_a_proof_of_anything_else_is_refused() -> None:
    proof, index = proof_of(3), len(SMALL.entries)
    opened = replace(proof.opened, text="0" * 64)
    for changed, why in (
        (replace(proof, index=4), "another root"),
        (replace(proof, index=index), "the last one in the log is 622"),
        (replace(proof, opened=opened), "another root"),
        (replace(proof, hashes=proof.hashes[::-1]), "another root"),
        (replace(proof, checkpoint=SampleLog.of(small()[:4]).checkpoint), "too many or too few"),
    ):
        with pytest.raises(LogError, match=why):
            verify_proof(changed, [KEY])


def test_only_a_key_of_this_log_is_trusted() -> None:
    stranger = SignerKey("else.example/p/elms", bytes(32))
    note = SMALL.checkpoint
    for signed, keys, why in (
        (note, [], "isn't signed with the key that you trust"),
        (note, [SECOND.verifier], "isn't signed with the key that you trust"),
        (sign_note(note.text, [stranger]), [stranger.verifier], f"but the key is of {stranger.name}"),
        (SignedNote(note.text.replace("623", "624"), note.signatures), [KEY], "doesn't match"),
        (sign_note("A letter\n", [SMALL.key]), [KEY], "isn't a checkpoint"),
    ):
        with pytest.raises(LogError, match=re.escape(why)):
            trusted_checkpoint(signed, keys)


def test_after_the_key_was_replaced_both_keys_can_be_trusted() -> None:
    note = sign_note(SMALL.checkpoint.text, [SECOND, SMALL.key])
    for keys in ([KEY], [SECOND.verifier], [KEY, SECOND.verifier]):
        assert trusted_checkpoint(note, keys) == head(SMALL)
    assert VerifierKey.parse(str(KEY)) == KEY


def test_all_entries_add_up_to_the_number() -> None:
    assert audited(SMALL) == 555
    assert audited(SMALL, *(SampleLog.of(small()[:size]) for size in (0, 1, 255, 256, 300, 623))) == 555


def test_a_log_that_excludes_more_than_it_received_has_no_number() -> None:
    assert audited(SampleLog.of([received(1), excluded(ExclusionClass.DUPLICATE, [0])])) == 0
    with pytest.raises(LogError, match="less than nothing"):
        audited(SampleLog.of([received(1), excluded(ExclusionClass.DUPLICATE, [0, 1])]))


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        (small()[:299], "shrank from size 300 to 299"),
        ([*small()[:100], received(1000), *small()[101:]], "changed its past"),
        ([*small()[:298], *small()[299:]], "changed its past"),
    ],
    ids=["shrunk", "forked", "an entry removed"],
)
def test_a_log_that_changed_its_past_is_refused(entries: list[object], why: str) -> None:
    with pytest.raises(LogError, match=why):
        audited(SampleLog.of(entries), SampleLog.of(small()[:300]))  # type: ignore[arg-type]


def test_a_checkpoint_of_another_log_is_refused() -> None:
    other = EarlierCheckpoint(Checkpoint("else.example/p/elms", 0, bytes(32)), "the proof's checkpoint")
    with pytest.raises(LogError, match=r"The proof's checkpoint is of another log, else\.example"):
        LogAudit(head(SMALL), [other])


def test_entries_of_another_tree_are_refused() -> None:
    swapped = [*SMALL.entries]
    swapped[5], swapped[6] = swapped[6], swapped[5]
    for entries in (SMALL.entries[:-1], swapped, [*SMALL.entries[:-1], entry_bytes(Withdrawn(1))]):
        audit = LogAudit(head(SMALL))
        audit.add(entries)
        with pytest.raises(LogError, match="aren't the ones"):
            audit.close()
