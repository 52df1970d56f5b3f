"""The verifier of our own accepts what the product writes, and refuses everything that was tampered with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.log.log_entry import ExclusionClass, Withdrawn, entry_bytes
from core.log.signed_note import SignerKey
from tests.log.sample import ORIGIN, TEXT, SampleLog, excluded, receipt, received, restored, small
from tests.log.verifier import RefusedError, audit, verify_proof

SMALL = SampleLog.of(small())
OTHER_KEY = SignerKey(ORIGIN, bytes(range(1, 33)))


def test_it_recomputes_the_number_from_the_tiles_alone() -> None:
    found = audit(SMALL.fetch, SMALL.verifier_key)
    assert (found.received, found.withdrawn, found.number) == (600, 20, 600 - 20 - 30 + 5)
    assert found.excluded == {"duplicate": 10, "held_back": 15}


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 70_000])
def test_it_accepts_logs_of_every_form(size: int) -> None:
    log = SampleLog.of([received(0)] * size)
    assert audit(log.fetch, log.verifier_key).number == size


def test_it_accepts_a_log_that_grew() -> None:
    earlier = SampleLog.of(small()[:300]).files["checkpoint"]
    assert audit(SMALL.fetch, SMALL.verifier_key, earlier).head.size == 623


def altered_leaf() -> SampleLog:
    """A log whose entry 5 now has another text, with everything else as it was."""
    entries = [*SMALL.entries]
    entries[5] = entry_bytes(received(5, "0" * 64))
    return with_checkpoint(SampleLog.of(entries), SMALL.files["checkpoint"])


def altered_order() -> SampleLog:
    """A log in which two entries changed places."""
    entries = [*SMALL.entries]
    entries[5], entries[6] = entries[6], entries[5]
    return with_checkpoint(SampleLog.of(entries), SMALL.files["checkpoint"])


def altered_tile() -> SampleLog:
    """A log whose tiles aren't those of its entries, although the root is right."""
    log = SampleLog.of(small())
    log.files["tile/1/000.p/2"] = bytes(64)
    return log


def with_checkpoint(log: SampleLog, checkpoint: bytes) -> SampleLog:
    log.files["checkpoint"] = checkpoint
    return log


def without(path: str) -> SampleLog:
    """A log that lacks a file."""
    log = SampleLog.of(small())
    del log.files[path]
    return log


def cut(path: str) -> SampleLog:
    """A log in which a file lacks its end."""
    log = SampleLog.of(small())
    log.files[path] = log.files[path][:-40]
    return log


def negative() -> SampleLog:
    """A log that leaves out more than it received."""
    return SampleLog.of([received(1), excluded(ExclusionClass.INVALIDATED, [0, 1])])


TAMPERED = {
    "an altered leaf": altered_leaf,
    "an altered order": altered_order,
    "an altered tile": altered_tile,
    "a lost bundle": lambda: without("tile/entries/001"),
    "a lost tile": lambda: without("tile/0/002.p/111"),
    "no checkpoint": lambda: without("checkpoint"),
    "a cut bundle": lambda: cut("tile/entries/000"),
    "a cut checkpoint": lambda: cut("checkpoint"),
    "another key": lambda: SampleLog.of(small(), OTHER_KEY),
    "two withdrawals of one signature": lambda: SampleLog.of([received(1), Withdrawn(0), Withdrawn(0)]),
    "a withdrawal of nothing": lambda: SampleLog.of([received(1), Withdrawn(1)]),
    "more left out than received": negative,
    "more restored than left out": lambda: SampleLog.of([received(1), restored(ExclusionClass.DUPLICATE, [0])]),
    "an unknown kind": lambda: SampleLog.of([b'{"kind":"added"}']),
    "JSON with spaces": lambda: SampleLog.of([b'{"kind": "received"}']),
    "no JSON": lambda: SampleLog.of([b"\xff\x00"]),
}


@pytest.mark.parametrize("tampered", TAMPERED.values(), ids=TAMPERED)
def test_it_refuses(tampered: Callable[[], SampleLog]) -> None:
    with pytest.raises(RefusedError):
        audit(tampered().fetch, SMALL.verifier_key)


@pytest.mark.parametrize(
    "later",
    [small()[:299], [*small()[:100], received(1000), *small()[101:]], small()[:298] + small()[299:]],
    ids=["shrunk", "forked", "an entry removed"],
)
def test_it_refuses_a_log_that_changed_its_past(later: list[object]) -> None:
    earlier = SampleLog.of(small()[:300]).files["checkpoint"]
    log = SampleLog.of(later)  # type: ignore[arg-type]
    audit(log.fetch, log.verifier_key)  # alone, it looks right
    with pytest.raises(RefusedError):
        audit(log.fetch, log.verifier_key, earlier)


@pytest.mark.parametrize("index", [0, 1, 255, 256, 511, 599])
def test_it_accepts_each_proof(index: int) -> None:
    found = verify_proof(SMALL.proof(index, index).encode(), SMALL.verifier_key)
    assert (found.index, found.receipt, found.text, found.head.size) == (index, receipt(index), TEXT, 623)


@given(st.integers(0, 599), st.integers(0, 5000), st.integers(1, 255))
def test_it_refuses_a_proof_with_any_byte_changed(index: int, place: int, change: int) -> None:
    proof = bytearray(SMALL.proof(index, index).encode())
    place %= len(proof)
    proof[place] ^= change
    with pytest.raises((RefusedError, UnicodeDecodeError)):
        verify_proof(bytes(proof), SMALL.verifier_key)


def test_it_refuses_proofs_of_others() -> None:
    for proof in (
        SMALL.proof(3, 4),  # another signature's place
        SMALL.proof(3, 3, "0" * 64),  # other words
        SampleLog.of(small(), OTHER_KEY).proof(3, 3),
        "",
        SMALL.proof(3, 3)[:200],
        "c2sp.org/tlog-proof@v1\nextra W10=\nindex 0\n\n" + str(SMALL.checkpoint),  # `extra` holds []
    ):
        with pytest.raises(RefusedError):
            verify_proof(proof.encode(), SMALL.verifier_key)
