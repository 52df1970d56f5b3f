"""Renews tests/discord_server/openapi: `python -m tests.renewal.discord_api [FOLDER]`.

The file is Discord's own description of its API, from github.com/discord/discord-api-spec. Only the bodies of the calls
that a bot makes to write are kept, with the schemas that they use. FOLDER is a clone that is there already.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.discord_server.schema import BODY, FOLDER, REFERENCE, SPEC
from tests.renewal.clones import commit_of, renew_from

SOURCE = "https://github.com/discord/discord-api-spec"
MEMBER, LICENCE = "specs/openapi.json", "LICENSE"
_WRITTEN = re.compile(
    r"/channels/[^/]+/messages(/\{message_id\})?"
    r"|/interactions/.*/callback"
    r"|/webhooks/\{webhook_id\}/\{webhook_token\}(/messages/(@original|\{message_id\}))?"
    r"|/applications/\{application_id\}(/guilds/\{guild_id\})?/commands(/\{command_id\})?"
)


def main() -> None:
    """Write what is needed of the newest description, and its licence."""
    renew_from(SOURCE, renew)


def renew(clone: Path) -> None:
    """Rewrite the files from a clone."""
    whole = (clone / MEMBER).read_bytes()
    kept = reduced(json.loads(whole))
    facts = {
        "x-source": f"{MEMBER} of {SOURCE}, commit {commit_of(clone)}",
        "x-source-sha256": hashlib.sha256(whole).hexdigest(),
        "x-sha256": digest_of(kept),
    }
    SPEC.write_text(json.dumps(facts | kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (FOLDER / LICENCE).write_bytes((clone / LICENCE).read_bytes())


def reduced(spec: dict[str, Any]) -> dict[str, Any]:
    """The bodies of the calls that write, as an OpenAPI document, with the schemas that they refer to."""
    paths: dict[str, Any] = {}
    for path, methods in spec["paths"].items():
        for method, call in methods.items():
            if _WRITTEN.fullmatch(path) and isinstance(call, dict) and "requestBody" in call:
                schema = call["requestBody"]["content"][BODY]["schema"]
                paths.setdefault(path, {})[method] = {"requestBody": {"content": {BODY: {"schema": schema}}}}
    schemas, found = spec["components"]["schemas"], {}
    waiting = sorted(_referred(paths))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = schemas[name]
            waiting += sorted(_referred(found[name]))
    named = {name: found[name] for name in sorted(found)}
    return {"openapi": spec["openapi"], "info": spec["info"], "paths": paths, "components": {"schemas": named}}


def _referred(node: Any) -> Iterator[str]:
    """The names of the schemas that a part of the document refers to."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].removeprefix(REFERENCE)
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _referred(inner)


def digest_of(kept: dict[str, Any]) -> str:
    """SHA-256 of what was kept, written as JSON without white space and with sorted keys."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


if __name__ == "__main__":
    main()
