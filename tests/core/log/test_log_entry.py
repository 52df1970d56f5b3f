"""Entries are canonical JSON, add up to the number of signatures, and are opened by what a proof file says."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LogError
from core.log.checkpoint import Checkpoint
from core.log.log_entry import (
    Excluded,
    ExclusionClass,
    LogCount,
    LogEntry,
    Received,
    Restored,
    Withdrawn,
    entry_bytes,
    hidden_indexes,
    hidden_receipt,
    read_entry,
)
from core.log.proof import InclusionProof, OpenedEntry
from core.log.signed_note import SignerKey, sign_note
from core.log.tree import leaf_hash, node_hash

TEXT, HIDDEN, SALT = "1" * 64, "2" * 64, bytes(range(32))
DUPLICATE, HELD_BACK = ExclusionClass.DUPLICATE, ExclusionClass.HELD_BACK
RECEIVED = Received(TEXT, HIDDEN)

digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
numbers = st.integers(1, 2**53 - 1)
entries = (
    st.builds(Received, digests, digests)
    | st.builds(Withdrawn, numbers)
    | st.builds(Excluded, st.sampled_from(ExclusionClass), numbers, digests)
    | st.builds(Restored, st.sampled_from(ExclusionClass), numbers, digests)
)


@given(entries)
def test_an_entry_is_read_as_it_was_written(entry: LogEntry) -> None:
    assert read_entry(entry_bytes(entry)) == entry


def test_entries_are_canonical_json() -> None:
    assert entry_bytes(RECEIVED) == f'{{"kind":"received","receipt":"{HIDDEN}","text":"{TEXT}"}}'.encode()
    assert entry_bytes(Withdrawn(7)) == b'{"entry":7,"kind":"withdrawn"}'
    assert entry_bytes(Restored(HELD_BACK, 2, HIDDEN)) == (
        f'{{"class":"held_back","entries":"{HIDDEN}","kind":"restored","number":2}}'.encode()
    )


def test_the_hidden_parts_can_be_recomputed() -> None:
    assert hidden_receipt(SALT, "ABC") == hashlib.sha256(SALT + b"ABC").hexdigest()
    opened = hashlib.sha256(SALT + b'{"added":[1,5],"removed":[2]}').hexdigest()
    assert hidden_indexes(SALT, [5, 1], {2}) == opened


GOOD = entry_bytes(Excluded(DUPLICATE, 2, HIDDEN)).decode()


@pytest.mark.parametrize(
    "data",
    [
        "", "null", "[]", "{}", "{", '{"kind":["received"]}', GOOD + " ", GOOD.replace(":2}", ":2.0}"),
        GOOD.replace('"number":2', '"number":0'), GOOD.replace('"number":2', '"number":true'),
        GOOD.replace("duplicate", "unknown"), GOOD.replace("}", ',"more":1}'), GOOD.replace(HIDDEN, HIDDEN[1:]),
        GOOD.replace("2222", "2A22"), '{"entry":-1,"kind":"withdrawn"}', '{"kind":"withdrawn","entry":7}',
        '{"entry":7,"entry":7,"kind":"withdrawn"}', '{"entry":1e400,"kind":"withdrawn"}', "[" * 100_000, "\udcff",
    ],
)  # fmt: skip
def test_anything_else_is_refused(data: str) -> None:
    with pytest.raises(LogError):
        read_entry(data.encode(errors="surrogateescape"))


def counted(*added: LogEntry) -> LogCount:
    count = LogCount()
    for entry in added:
        count.add(read_entry(entry_bytes(entry)))
    return count


def total(*added: LogEntry) -> int:
    return counted(*added).number


def test_entries_add_up_to_the_signatures_that_count() -> None:
    assert total() == 0
    assert total(RECEIVED, RECEIVED, Withdrawn(0)) == 1
    assert total(*[RECEIVED] * 5, Excluded(DUPLICATE, 2, HIDDEN), Excluded(HELD_BACK, 1, HIDDEN)) == 2
    assert total(*[RECEIVED] * 5, Excluded(HELD_BACK, 2, HIDDEN), Restored(HELD_BACK, 1, HIDDEN)) == 4


def test_an_excluded_signature_that_is_withdrawn_is_subtracted_once() -> None:
    batch = (Withdrawn(0), Withdrawn(1), Restored(DUPLICATE, 1, HIDDEN))
    assert total(RECEIVED, RECEIVED, Excluded(DUPLICATE, 1, HIDDEN), *batch) == 0


@pytest.mark.parametrize(
    "added",
    [
        (Withdrawn(0),), (RECEIVED, Withdrawn(1)), (Withdrawn(1), RECEIVED), (RECEIVED, Withdrawn(0), Withdrawn(0)),
        (RECEIVED, Withdrawn(0), Withdrawn(1)),
        (RECEIVED, Excluded(DUPLICATE, 1, HIDDEN), Restored(HELD_BACK, 1, HIDDEN)),
    ],
)  # fmt: skip
def test_entries_that_make_no_sense_have_no_sum(added: tuple[LogEntry, ...]) -> None:
    with pytest.raises(LogError):
        total(*added)


def test_the_parts_of_the_sum_are_told() -> None:
    added: tuple[LogEntry, ...] = (RECEIVED, RECEIVED, Withdrawn(1), Excluded(HELD_BACK, 1, HIDDEN))
    count = counted(*added)
    assert (count.size, count.received, count.withdrawn, count.number) == (4, 2, 1, 0)
    assert {str(reason): number for reason, number in count.excluded.items() if number} == {"held_back": 1}


OPENED = OpenedEntry("ABCD-EFGH", SALT, TEXT)
LEAF = leaf_hash(OPENED.entry)
NOTE = sign_note(str(Checkpoint("example.org/log", 2, node_hash(LEAF, SALT))), [SignerKey("example.org/log", SALT)])
PROOF = InclusionProof(OPENED, 0, (SALT,), NOTE)


def test_a_proof_opens_its_entry() -> None:
    file = str(PROOF)
    read = InclusionProof.parse(file)
    assert (read, str(read)) == (PROOF, file)
    assert json.loads(read.opened.entry)["receipt"] == hidden_receipt(SALT, "ABCD-EFGH")
    assert node_hash(leaf_hash(read.opened.entry), read.hashes[0]) == Checkpoint.parse(read.checkpoint.text).root


def test_a_proof_has_the_lines_of_its_specification() -> None:
    first, extra, index, sibling, empty, *note = str(PROOF).split("\n")
    assert (first, index, empty) == ("c2sp.org/tlog-proof@v1", "index 0", "")
    assert extra.startswith("extra ey")
    assert sibling == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    assert "\n".join(note) == str(NOTE)
    alone = InclusionProof(OPENED, 0, (), NOTE)
    assert InclusionProof.parse(str(alone)) == alone


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1", "@v2"), ("extra ", "extra  "), ("extra ", "more "), ("index 0", "index 00"), ("index 0", "index"),
        ("AAECAwQF", "AAEC"), ("AAECAwQF", "????"), ("\n\nexample", "\nexample"), ("extra ey", "extra fy"),
        ("index 0\n", "index 0\n" + "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n" * 64),
    ],
)  # fmt: skip
def test_a_malformed_proof_is_refused(old: str, new: str) -> None:
    file = str(PROOF)
    assert old in file
    with pytest.raises(LogError):
        InclusionProof.parse(file.replace(old, new))
