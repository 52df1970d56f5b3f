"""Renews core/petition/mail_providers.json: `python -m tests.renewal.mail_providers`.

The list is common.json of the newest email-providers on npm, by Jannis R, without disposable addresses and examples.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from disposable_email_domains import blocklist

from core.petition.mail_domain import DATA

PACKAGE, MEMBER = "email-providers", "package/common.json"
_EXAMPLES = frozenset({"example.com", "mydomain.com", "test.com", "test.de", "yourdomain.com", "www.com"})


def main() -> None:
    """Download the package, and write what is needed of it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as package:
            file = package.extractfile(MEMBER)
            assert file
            domains = domains_of(json.load(file))
    facts = {
        "source": f"{MEMBER} of {archive.stem}",
        "licence": "ISC, Copyright (c) Jannis R",
        "sha256": digest_of(domains),
        "domains": domains,
    }
    DATA.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def domains_of(common: Iterable[str]) -> list[str]:
    """The domains of real mailboxes, most common first."""
    return [domain for domain in common if domain not in blocklist | _EXAMPLES]


def digest_of(domains: list[str]) -> str:
    """SHA-256 of the domains, one on each line."""
    return hashlib.sha256("\n".join(domains).encode()).hexdigest()


if __name__ == "__main__":
    main()
