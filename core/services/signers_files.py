"""Makes the files that signers ask for: what is stored about them, and the proof of a signature."""

from __future__ import annotations

from collections.abc import Callable

from core.conversation.data_file import data_file
from core.conversation.my_data import MyData
from core.log.proof import InclusionProof
from core.log.proving import make_proof
from core.petition.petition import Petition
from core.ports import Person, UnitOfWork
from core.services.setup import SigningSetup
from core.signatures.signature import Signature


def stored_data(
    setup: SigningSetup, work: UnitOfWork, person: Person, petition: Callable[[str], Petition], locale: str
) -> MyData:
    """The file with everything that is now stored about a person."""
    stored = work.own_data.of(person.id)
    known = [slug for slug in stored.petitions if slug in setup.petitions or work.records.of(slug)]
    return data_file(stored, {slug: petition(slug) for slug in known}, locale, setup.clock())


def proof_of(work: UnitOfWork, signature: Signature | None) -> InclusionProof | None:
    """The proof of a signature; None until the log has it."""
    return make_proof(work.log, signature.petition, signature.receipt, signature.digest) if signature else None
