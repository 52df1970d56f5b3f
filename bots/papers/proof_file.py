"""Makes the file with the proof of a signature, and the words to send with it."""

from __future__ import annotations

from bots.papers.data_page import DataFile
from core.log.checkpoint import Checkpoint
from core.log.proof import SUFFIX, InclusionProof
from core.messages import Catalog, Message

NOWHERE = ".invalid"
"""The top-level domain of logs that have no page (RFC 2606)."""


def proof_file(proof: InclusionProof, catalog: Catalog, locale: str) -> DataFile:
    """The file; its words say what it proves, what it doesn't, and where to check it."""
    page = Checkpoint.parse(proof.checkpoint.text).origin
    how = Message("proof.page", {"page": f"{page}/verify"})
    if page.partition("/")[0].endswith(NOWHERE):
        how = Message("proof.command")
    words = catalog.text(Message("proof.sent", {"how": how}), locale)
    return DataFile(f"{proof.opened.receipt}{SUFFIX}", str(proof).encode(), words, "text/plain")
