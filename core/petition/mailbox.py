"""One mailbox, many spellings: the canonical form of an address, by rules kept as data (mailbox.toml).

Modelled on the rule table of the UK Parliament's e-petitions, which an operator can change during an attack.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Annotated

from email_validator import validate_email
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from core.addresses import is_mail_domain
from core.petition.domain_names import parse_domain

Character = Annotated[str, StringConstraints(max_length=1)]
Characters = Annotated[str, StringConstraints(max_length=10)]


class DomainRule(BaseModel):
    """Differences that a provider ignores.

    Everything after the character `suffix` is ignored, and so is each character of `ignore`. The characters of `alike`
    all count as the first of them. With `subdomains`, anything@name.domain reaches name@domain.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    suffix: Character = ""
    ignore: Characters = ""
    alike: Characters = ""
    subdomains: bool = False


class MailboxRules(BaseModel):
    """The rule for each domain, and the domains that are aliases of others."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    default: DomainRule = DomainRule()
    domains: Mapping[str, DomainRule] = {}
    aliases: Mapping[str, str] = {}

    @model_validator(mode="after")
    def _names_domains(self) -> MailboxRules:
        for domain in (*self.domains, *self.aliases, *self.aliases.values()):
            if not is_mail_domain(domain):
                raise ValueError(f"{domain!r} is not a mail domain. Expected: small letters, such as gmail.com")
            if (letters := parse_domain(domain)) and letters != domain:
                raise ValueError(f"{domain!r} must be in its own letters: {letters}")
        return self

    def canonical(self, address: str) -> str:
        """The one spelling for all addresses that reach the same mailbox; `address` must be valid."""
        normal = validate_email(address, check_deliverability=False).normalized
        local, _, domain = normal.rpartition("@")
        local, domain = self._without_subdomain(unicodedata.normalize("NFKC", local).lower(), domain.lower())
        rule = self.domains.get(domain, self.default)
        if rule.suffix:
            local = local.split(rule.suffix, 1)[0] or local
        local = local.translate(str.maketrans("", "", rule.ignore)) or local
        local = local.translate(str.maketrans(rule.alike, rule.alike[:1] * len(rule.alike)))
        return f"{local}@{domain}"

    def _without_subdomain(self, local: str, domain: str) -> tuple[str, str]:
        """The name and the mail domain by its main name; the name may have been part of the domain."""
        name, _, parent = domain.partition(".")
        parent = self.aliases.get(parent, parent)
        if self.domains.get(parent, self.default).subdomains:
            return name, parent
        return local, self.aliases.get(domain, domain)
