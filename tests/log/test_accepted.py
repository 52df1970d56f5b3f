"""The files that Go accepted stay acceptable: to our own verifier, and to the product's reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import LogError
from core.log.proof import InclusionProof
from core.log.signed_note import SignedNote, VerifierKey
from core.log.tiles import entries_in
from core.log.verifying import EarlierCheckpoint, LogAudit, trusted_checkpoint, verify_proof
from tests.log.demonstration import ACCEPTED, Demonstration
from tests.log.publishing import verifier_key
from tests.log.verifier import RefusedError, audit
from tests.log.verifier import verify_proof as verify_alone

KEY = VerifierKey.parse(verifier_key())
DEMONSTRATION = Demonstration(ACCEPTED, verifier_key())
PROOFS = sorted(ACCEPTED.glob("*.tlog-proof"))


def fetch(path: str) -> bytes:
    """A recorded file of the log."""
    return (ACCEPTED / "log" / path).read_bytes()


def read_by_product(folder: Path) -> int:
    """The number of a log in a folder, with its proofs checked, by the product's own reader."""
    note = SignedNote.parse((folder / "log/checkpoint").read_text(encoding="utf-8"))
    before = SignedNote.parse((folder / "earlier").read_text(encoding="utf-8"))
    checkpoint = trusted_checkpoint(note, [KEY])
    check = LogAudit(checkpoint, [EarlierCheckpoint(trusted_checkpoint(before, [KEY]), "the earlier checkpoint")])
    check.add(entries_in((folder / f"log/tile/entries/000.p/{checkpoint.size}").read_bytes()))
    for file in folder.glob("*.tlog-proof"):
        verify_proof(InclusionProof.parse(file.read_text(encoding="utf-8")), [KEY])
    return check.close().number


def test_our_own_verifier_accepts_what_go_accepted() -> None:
    found = audit(fetch, verifier_key(), (ACCEPTED / "earlier").read_bytes())
    assert (found.received, found.withdrawn, found.number) == (20, 2, 15)
    assert found.excluded == {"duplicate": 2, "invalidated": 1}
    assert len(PROOFS) == 3
    places = {verify_alone(file.read_bytes(), verifier_key()).index for file in PROOFS}
    assert len(places) == 3


def test_the_products_reader_accepts_what_go_accepted() -> None:
    assert read_by_product(ACCEPTED) == 15


def test_proofs_look_alike_whether_or_not_the_signature_counts() -> None:
    lines = [file.read_text(encoding="utf-8").split("\n") for file in PROOFS]
    assert {len(each) for each in lines} <= {len(lines[0]), len(lines[0]) - 1, len(lines[0]) + 1}  # by place alone
    assert len({len(each[1]) for each in lines}) == 1
    assert len({tuple(each[-6:]) for each in lines}) == 1  # one checkpoint


@pytest.mark.parametrize("name", DEMONSTRATION.tamperings)
def test_both_refuse_what_go_refused(name: str, tmp_path: Path) -> None:
    tamper: Callable[[Path], object] = DEMONSTRATION.tamperings[name]
    for file in (each for each in ACCEPTED.rglob("*") if each.is_file()):
        copy = tmp_path / file.relative_to(ACCEPTED)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    tamper(tmp_path)
    with pytest.raises(LogError):
        read_by_product(tmp_path)
    with pytest.raises(RefusedError):
        read_alone(tmp_path)


def read_alone(folder: Path) -> None:
    """Check a log in a folder and its proofs, by the verifier of our own."""
    audit(lambda path: (folder / "log" / path).read_bytes(), verifier_key(), (folder / "earlier").read_bytes())
    for file in folder.glob("*.tlog-proof"):
        verify_alone(file.read_bytes(), verifier_key())
