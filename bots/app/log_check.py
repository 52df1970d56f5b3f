"""Checks a whole log of a site: its key, its entries, what it had before, and the number that the site shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import aiohttp
from rich.console import Console

from bots.app.log_site import LogSite, log_address
from bots.common.progress_bar import progress_bar
from core.errors import LogError
from core.log.checkpoint import Checkpoint
from core.log.log_entry import ExclusionClass, LogCount
from core.log.proof import InclusionProof
from core.log.signed_note import SignedNote, VerifierKey
from core.log.verifying import EarlierCheckpoint, LogAudit, proven, trusted_checkpoint

_LEFT_OUT = {
    ExclusionClass.DUPLICATE: "duplicates",
    ExclusionClass.HELD_BACK: "held back",
    ExclusionClass.INVALIDATED: "invalid",
}


async def check_log(
    address: str, trusted: Sequence[VerifierKey], proof: InclusionProof | None, earlier: SignedNote | None
) -> list[str]:
    """Read a whole log. Returns what it shows, or raises LogError."""
    async with aiohttp.ClientSession() as session:
        site = LogSite(session, log_address(address))
        note, shown = await site.checkpoint(), await site.shown()
        sentences = []
        if not trusted:
            trusted = _shown_keys(shown)
            sentences.append(f"Trusting what the site itself shows as its key: {', '.join(map(str, trusted))}")
        checkpoint = trusted_checkpoint(note, trusted)
        if proof:
            sentences.append(proven(proof, trusted))
        count = await _add_up(site, checkpoint, list(_earlier(trusted, proof, earlier)))
    _compare(count.number, checkpoint, shown)
    return [*sentences, _summary(count, checkpoint), *(["The log still has everything it had then."] * bool(earlier))]


def _shown_keys(shown: Mapping[str, Any]) -> list[VerifierKey]:
    """The keys that the site shows. Raises LogError if it shows none, or anything else."""
    keys = shown.get("keys")
    if not isinstance(keys, list) or not keys:
        raise LogError("The site doesn't show whose signature to trust: name the key with --key KEY.")
    return [VerifierKey.parse(str(key)) for key in keys]


def _earlier(
    trusted: Sequence[VerifierKey], proof: InclusionProof | None, note: SignedNote | None
) -> Iterator[EarlierCheckpoint]:
    """The checkpoints that the log has to go on from."""
    if proof:
        yield EarlierCheckpoint(trusted_checkpoint(proof.checkpoint, trusted), "the proof's checkpoint")
    if note:
        yield EarlierCheckpoint(trusted_checkpoint(note, trusted), "the earlier checkpoint")


async def _add_up(site: LogSite, checkpoint: Checkpoint, earlier: Sequence[EarlierCheckpoint]) -> LogCount:
    """The sum of all entries, with a bar that shows how many are read."""
    audit, read = LogAudit(checkpoint, earlier), 0
    with progress_bar(Console(stderr=True)) as progress:
        async with aclosing(site.entries(checkpoint)) as bundles:
            async for entries in bundles:
                audit.add(entries)
                read += len(entries)
                progress(read, checkpoint.size)
    return audit.close()


def _compare(number: int, checkpoint: Checkpoint, shown: Mapping[str, Any]) -> None:
    """Raise LogError if the site shows another number for the checkpoint than its entries add up to."""
    if not shown:
        raise LogError("The log is in order, but the site shows no number to compare it with: it has no count.json.")
    told = (shown.get("size"), shown.get("root"), shown.get("count"))
    if told[:2] != (checkpoint.size, checkpoint.root_text):
        raise LogError(f"The site shows a number for another checkpoint, of size {told[0]}. Try again in a minute.")
    if told[2] != number:
        raise LogError(f"The entries add up to {number:,}, but the site says {told[2]}.")


def _summary(count: LogCount, checkpoint: Checkpoint) -> str:
    parts = (f"{number:,} {_LEFT_OUT[reason]}" for reason, number in count.excluded.items() if number)
    left_out = ", ".join(parts)
    return (
        f"The entries of {checkpoint.origin}, 0 to {checkpoint.size - 1:,}, add up to {count.number:,}, as the site "
        f"says: {count.received:,} received, {count.withdrawn:,} withdrawn, {sum(count.excluded.values()):,} left out"
        + (f" ({left_out})." if left_out else ".")
    )
