"""One mailbox, many spellings: the canonical form of an address, by rules kept as data (mailbox.toml).

Modelled on the rule table of the UK Parliament's e-petitions, which an operator can change during an attack.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from email_validator import validate_email
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from core.addresses import is_mail_domain

Character = Annotated[str, StringConstraints(max_length=1)]


class DomainRule(BaseModel):
    """Parts of an address that a provider ignores before the @: one character, and everything after another."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    suffix: Character = ""
    ignore: Character = ""


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
        return self

    def canonical(self, address: str) -> str:
        """The one spelling for all addresses that reach the same mailbox; `address` must be valid."""
        normal = validate_email(address, check_deliverability=False).normalized
        local, _, domain = normal.lower().rpartition("@")
        domain = self.aliases.get(domain, domain)
        rule = self.domains.get(domain, self.default)
        if rule.suffix:
            local = local.split(rule.suffix, 1)[0] or local
        if rule.ignore:
            local = local.replace(rule.ignore, "") or local
        return f"{local}@{domain}"
