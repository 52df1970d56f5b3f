"""Filters for what is sealed in signatures, so that only a search which opens every row can compare it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field
from functools import cached_property

from core.petition.domain_names import domain_of, with_parents
from core.petition.form import FieldKind
from core.petition.mailbox import MailboxRules
from core.petition.petition import Petition
from core.signatures.alternatives import Alternatives
from core.signatures.search import Matcher, Wanted, has_words
from core.signatures.signature import Signature

MOST_MATCHES = 10_000
"""The number of signatures about which one order can decide after such a search."""


@dataclass(frozen=True, slots=True)
class SealedFilter:
    """Filters for an email address, a mail domain, a name, and a country by its code; empty ones match all."""

    email: str = ""
    domain: str = ""
    name: str = ""
    country: str = ""

    def __bool__(self) -> bool:
        return any(astuple(self))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the filters that are not empty; these may be noted, unlike their values."""
        return tuple(name for name in ("email", "domain", "name", "country") if getattr(self, name))


@dataclass(frozen=True, slots=True)
class SignaturePage:
    """One page of signatures with their answers; `rows` counts those that no key opened, too.

    `total` is the number of rows on all pages, and `last` the id of the last one on this.
    """

    signatures: tuple[Signature, ...]
    rows: int
    total: int
    last: int = 0


@dataclass
class SealedSearch:
    """Compares signatures of a petition with filters, and collects the ids of those that match.

    `alternatives` are the domains and countries of signatures that fail no other filter.
    """

    petition: Petition
    only: SealedFilter
    rules: MailboxRules
    ids: list[int] = field(default_factory=list)
    alternatives: Alternatives = field(default_factory=Alternatives)
    rows: int = 0
    unopened: int = 0
    total: int = 0

    def add(self, page: SignaturePage) -> None:
        """Compare another page."""
        for signature in page.signatures:
            failed = dict(self._failed(signature))
            if not failed:
                self.ids.append(signature.id or 0)
            elif len(failed) == 1:
                self.alternatives.add(*failed.popitem())
        self.rows += page.rows
        self.unopened += page.rows - len(page.signatures)
        self.total = page.total

    @property
    def is_too_much(self) -> bool:
        """True if more signatures match than one order can decide about."""
        return len(self.ids) > MOST_MATCHES

    def _failed(self, signature: Signature) -> Iterator[tuple[str, str]]:
        """Each filter that the signature doesn't match, with a value that it would match; empty if that is private."""
        answers, only = signature.answers, self.only
        address = self.petition.answered(FieldKind.EMAIL, answers)
        if only.email and not self._matcher.has_answers(self.petition.slug, answers):
            yield "email", ""
        if only.domain and only.domain not in with_parents(domain := domain_of(address)):
            yield "domain", domain
        if only.name and not has_words(self.petition.signer_name(answers), only.name):
            yield "name", ""
        country = signature.region.partition("-")[0]
        if only.country and country != only.country:
            yield "country", country

    @cached_property
    def _matcher(self) -> Matcher:
        petitions: Mapping[str, Petition] = {self.petition.slug: self.petition}
        return Matcher(Wanted(self.only.email, address=self.only.email), petitions, self.rules)
