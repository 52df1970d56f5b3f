"""Stories of people who don't take our word for the number: a signer, a journalist, and an organizer who cheats."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bots.app.verifying import verify
from core.log.log_entry import Received, Withdrawn, entry_bytes, read_entry
from core.log.signed_note import SignerKey
from core.log.tiles import entries_in, tile_at
from core.ports import UnitOfWork
from tests.log.publishing import KEY, SITE, publish, verifier_key
from tests.log.sample import SampleLog
from tests.log.verifier import Fetch, RefusedError, audit, verify_proof
from tests.scenarios.stage import Persona, Theatre
from tests.scenarios.test_supporters import signs
from tests.world import SALESFORCE, World


async def signed(theatre: Theatre, name: str) -> Persona:
    """A supporter who has just signed."""
    person = await theatre.person(name)
    await person.opens(SALESFORCE)
    await signs(person, name)
    await person.taps("Confirm")
    return person


def published(world: World) -> Fetch:
    """Everything that a stranger may download, and nothing else."""

    def fetch(path: str) -> bytes:
        with world.work() as work:
            found = _file(work, path)
        if found is None:
            raise LookupError(path)
        return found

    return fetch


def _file(work: UnitOfWork, path: str) -> bytes | None:
    record, tile = work.log.checkpoint(SALESFORCE), tile_at(path.removeprefix("tile/"))
    if path == "checkpoint":
        return record.note.encode() if record else None
    return work.log.tiles(SALESFORCE, [tile]).get(tile) if tile else None


def rewritten(world: World, *, altered: int | None = None, removed: int | None = None) -> Fetch:
    """The log as a cheating organizer, who has the key, would publish it again: consistent in itself."""
    fetch = published(world)
    size = int(fetch("checkpoint").split(b"\n")[1])
    entries = [read_entry(one) for one in entries_in(fetch(f"tile/entries/000.p/{size}"))]
    if altered is not None:
        was = entries[altered]
        assert isinstance(was, Received)
        entries[altered] = Received("0" * 64, was.receipt)
    if removed is not None:
        later = [one for one in entries if isinstance(one, Withdrawn)]
        entries = [one for at, one in enumerate(entries) if at != removed and one not in later]
    return SampleLog.of([entry_bytes(one) for one in entries], SignerKey(f"{SITE}/p/{SALESFORCE}", KEY)).fetch


async def test_a_signer_checks_a_proof_offline(theatre: Theatre, tmp_path: Path) -> None:
    ada = await signed(theatre, "Ada Lovelace")
    await ada.taps("Proof")
    assert "Your proof will be ready in 12 hours at the latest" in ada.reads()
    assert ada.proofs() == []
    publish(theatre.world)
    await ada.opens(SALESFORCE)
    await ada.taps("My signatures")
    await ada.taps("Proof")
    (proof,) = ada.proofs()
    file = tmp_path / "kept.tlog-proof"
    file.write_bytes(proof)
    done = CliRunner().invoke(verify, [str(file), "--key", verifier_key()])
    assert done.exit_code == 0, done.output
    assert f"is entry 0 of 1 in the log of {SITE}/p/{SALESFORCE}" in done.output
    assert "doesn't prove whether this signature is left out" in done.output


async def test_a_journalist_notices_an_altered_text_and_a_removed_entry(theatre: Theatre) -> None:
    world, people = theatre.world, [await signed(theatre, name) for name in ("Ada", "Ben", "Cem")]
    publish(world)
    kept = published(world)("checkpoint")  # the journalist keeps it
    await people[0].opens(SALESFORCE)
    await people[0].taps("My signatures")
    await people[0].taps("Proof")
    proof = verify_proof(people[0].proofs()[0], verifier_key())
    await people[1].taps("Withdraw")
    await people[1].taps("Withdraw my signature")
    await signed(theatre, "Dee")
    publish(world)
    found = audit(published(world), verifier_key(), kept)
    assert (found.received, found.withdrawn, found.number) == (4, 1, world.counted())
    for cheated in (rewritten(world, altered=proof.index), rewritten(world, removed=proof.index)):
        audit(cheated, verifier_key())  # to someone who has kept nothing, it looks right
        with pytest.raises(RefusedError, match="isn't the one it was before"):
            audit(cheated, verifier_key(), kept)
