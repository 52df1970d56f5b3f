"""The reader's side of a log: whose checkpoint to trust, what a proof shows, and what all entries add up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import LogError
from core.log.checkpoint import Checkpoint
from core.log.log_entry import LogCount, read_entry
from core.log.proof import InclusionProof
from core.log.signed_note import SignedNote, VerifierKey
from core.log.tree import EMPTY_ROOT, leaf_hash, node_hash


def trusted_checkpoint(note: SignedNote, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint in a note that one of the keys has signed; raises LogError for any other note."""
    signed = note.signed_by(keys)
    checkpoint = Checkpoint.parse(note.text)
    if not signed:
        raise LogError(f"The checkpoint of {checkpoint.origin} isn't signed with the key that you trust.")
    if checkpoint.origin not in {key.name for key in signed}:
        raise LogError(f"The checkpoint is of {checkpoint.origin}, but the key is of {signed[0].name}.")
    return checkpoint


def verify_proof(proof: InclusionProof, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint of the tree that has the proof's entry; raises LogError if the proof doesn't show that."""
    checkpoint = trusted_checkpoint(proof.checkpoint, keys)
    if root_of(leaf_hash(proof.opened.entry), proof.index, checkpoint.size, proof.hashes) != checkpoint.root:
        raise LogError("The log that was signed doesn't have this signature: the proof leads to another root.")
    return checkpoint


def proven(proof: InclusionProof, keys: Sequence[VerifierKey]) -> str:
    """Sentences that say what a proof shows and what it doesn't; raises LogError if it shows nothing."""
    checkpoint, opened = verify_proof(proof, keys), proof.opened
    return (
        f"Valid: the signature with the receipt {opened.receipt} is entry {proof.index:,} of {checkpoint.size:,} in "
        f"the log of {checkpoint.origin}. It signed the text with the digest {opened.text}.\n"
        "This proves that the signature was received under these words, and that every exclusion shows in a public "
        "sum. It doesn't prove whether this signature is left out, or that every other signer is a person."
    )


def root_of(leaf: bytes, index: int, size: int, hashes: Sequence[bytes]) -> bytes:
    """The root that a leaf hash and the hashes beside its path lead to; raises LogError if there are more or fewer."""
    if index >= size:
        raise LogError(f"The proof is for entry {index}, but the last one in the log is {size - 1}.")
    inner = (index ^ (size - 1)).bit_length()
    if len(hashes) != inner + (index >> inner).bit_count():
        raise LogError("The proof has too many or too few hashes.")
    for level, sibling in enumerate(hashes):
        is_right = level >= inner or index >> level & 1
        leaf = node_hash(sibling, leaf) if is_right else node_hash(leaf, sibling)
    return leaf


class GrowingTree:
    """The root of a tree that grows by one leaf at a time, in memory that grows with the logarithm of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._complete: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        for _ in range(((self.size + 1) & -(self.size + 1)).bit_length() - 1):
            leaf = node_hash(self._complete.pop(), leaf)
        self._complete.append(leaf)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._complete:
            return EMPTY_ROOT
        *left, root = self._complete
        for subtree in reversed(left):
            root = node_hash(subtree, root)
        return root


@dataclass(frozen=True, slots=True)
class EarlierCheckpoint:
    """A checkpoint that the log has to continue, and where it comes from, for messages."""

    checkpoint: Checkpoint
    name: str


class LogAudit:
    """Reads all entries up to a checkpoint: hashes the tree again, and adds the entries up.

    `earlier` are checkpoints of the same log that it has to continue.
    """

    def __init__(self, checkpoint: Checkpoint, earlier: Sequence[EarlierCheckpoint] = ()) -> None:
        self._checkpoint, self._tree, self._count = checkpoint, GrowingTree(), LogCount()
        for each in earlier:
            _check_order(each, checkpoint)
        self._earlier = earlier
        self._compare()

    def add(self, entries: Iterable[bytes]) -> None:
        """Take the next entries; raises LogError for one that makes no sense, or that an earlier tree didn't have."""
        for entry in entries:
            self._count.add(read_entry(entry))
            self._tree.append(leaf_hash(entry))
            self._compare()

    def close(self) -> LogCount:
        """The sum of all entries; raises LogError if they aren't those of the checkpoint."""
        if (self._tree.size, self._tree.root) != (self._checkpoint.size, self._checkpoint.root):
            raise LogError("The entries aren't the ones that the checkpoint was signed for.")
        if self._count.number < 0:
            raise LogError("The entries add up to less than nothing.")
        return self._count

    def _compare(self) -> None:
        for each in self._earlier:
            if each.checkpoint.size == self._tree.size and each.checkpoint.root != self._tree.root:
                raise LogError(f"The log has changed its past: it no longer has what {each.name} says.")


def _check_order(earlier: EarlierCheckpoint, checkpoint: Checkpoint) -> None:
    before = earlier.checkpoint
    if before.origin != checkpoint.origin:
        raise LogError(f"{earlier.name[:1].upper()}{earlier.name[1:]} is of another log, {before.origin}.")
    if before.size > checkpoint.size:
        raise LogError(f"The log shrank from size {before.size:,} to {checkpoint.size:,}.")
