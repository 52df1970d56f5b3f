"""Makes the proof of a signature from what its log has published."""

from __future__ import annotations

from core.log.proof import InclusionProof, OpenedEntry
from core.log.records import PublishedLogs
from core.log.signed_note import SignedNote
from core.log.tiles import TileHashes, proof_tiles
from core.log.tree import inclusion_proof


def make_proof(logs: PublishedLogs, petition: str, receipt: str, text: str) -> InclusionProof | None:
    """The proof that the signature with a receipt is in the petition's log, under the text with a digest.

    None until the log has it.
    """
    link, record = logs.link(receipt), logs.checkpoint(petition)
    if link is None or record is None:
        return None
    size = record.checkpoint.size
    tiles = logs.tiles(petition, proof_tiles(link.entry, size))
    hashes = inclusion_proof(link.entry, size, TileHashes(size, tiles.__getitem__))
    return InclusionProof(OpenedEntry(receipt, link.salt, text), link.entry, hashes, SignedNote.parse(record.note))
