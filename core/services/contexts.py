"""The facts about a signer that the rules and screens of a turn ask for."""

from __future__ import annotations

from collections.abc import Callable

from core.petition.trial import is_trial
from core.ports import Person
from core.signatures.signature import Signature, SignerContext


class Contexts:
    """Makes the context of a person once for as long as neither they nor their signatures change.

    Trials of a petition that isn't there any more are not among the signatures; `has` tells if one is there.
    """

    def __init__(self, has: Callable[[str], bool]) -> None:
        self._has = has
        self._made: dict[str, tuple[Person, tuple[Signature, ...], SignerContext]] = {}

    def of(self, slug: str, person: Person, signatures: tuple[Signature, ...]) -> SignerContext:
        """The context for a petition."""
        made = self._made.get(slug)
        if made and made[0] is person and made[1] is signatures:
            return made[2]
        own = next((signature for signature in signatures if signature.petition == slug), None)
        shown = tuple(each for each in signatures if not is_trial(each.petition) or self._has(each.petition))
        signer = person.signer
        context = SignerContext(
            person.details, signer.name, own, shown, signer.language, signer.platform, person.reads_whole
        )
        self._made[slug] = person, signatures, context
        return context
