"""The names in the hand-in: every signature keeps the promise under which it was given.

Since consent is stored, a signature itself says whether it is named, whatever petition.toml says by now. Earlier ones
were given under one of two promises. A petition without `named_if` named everyone, and the review said so. A petition
with `named_if` named those who answered yes; then some of its earlier signatures have an answer to that question.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.export.proof import in_force
from core.petition.answers import handed_in
from core.petition.form import Field
from core.petition.petition import Petition
from core.signatures.consent import ConsentSubject
from core.signatures.signature import Signature


def asked_before(petition: Petition, signatures: Iterable[Signature]) -> bool:
    """True if the petition asked for the name before consent was stored; `signatures` are all of them, oldest first.

    Reads only up to the first signature that tells.
    """
    if not petition.named_if:
        return False
    for signature in signatures:
        if signature.named is not None:
            return False
        if petition.named_if in signature.answers:
            return True
    return False


def is_named(petition: Petition, signature: Signature, *, asked: bool) -> bool:
    """True if the hand-in names the signer; `asked` is the answer of `asked_before`."""
    if signature.named is not None:
        return signature.named
    return petition.names(signature.answers) if asked else True


def shown_answers(petition: Petition, signature: Signature) -> tuple[Field, ...]:
    """The fields whose answers the hand-in shows of this signer: those that the review named when they confirmed.

    A field without `hand_in` by now is none of them.
    """
    consent = in_force(signature, ConsentSubject.HAND_IN)
    agreed = consent.answers if consent else ()
    return tuple(field for field in handed_in(petition, signature.answers) if field.name in agreed)
