"""Mentions: the people and roles that a message notifies, within its allowed_mentions."""

import re
from typing import Any

from tests.discord_server.errors import Form
from tests.discord_server.state import Pings

_KINDS = ("users", "roles", "everyone")


def check(form: Form, allowed: Any) -> None:
    """Note what is wrong with an allowed_mentions object."""
    if allowed is None:
        return
    parse = form.array(allowed, ("allowed_mentions", "parse"), 0, 3, required=False)
    for index, kind in enumerate(parse):
        if kind not in _KINDS:
            words = f"Value must be one of {{{', '.join(_KINDS)}}}."
            form.add(("allowed_mentions", "parse", index), "BASE_TYPE_CHOICES", words)
    for kind in ("users", "roles"):
        named = form.array(allowed, ("allowed_mentions", kind), 0, 100, required=False)
        if named and kind in parse:
            words = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            form.add(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words)


def find(words: str, allowed: Any) -> Pings:
    """Find the mentions that notify; without allowed_mentions, all of them do."""
    rules = {"parse": _KINDS} if allowed is None else allowed
    parse = rules.get("parse") or ()
    everyone = "everyone" in parse and re.search(r"@(everyone|here)", words) is not None
    return Pings(
        everyone,
        _picked(r"<@!?(\d+)>", words, rules, "users"),
        _picked(r"<@&(\d+)>", words, rules, "roles"),
    )


def _picked(pattern: str, words: str, rules: dict[str, Any], kind: str) -> frozenset[int]:
    named = {int(number) for number in re.findall(pattern, words)}
    if kind in (rules.get("parse") or ()):
        return frozenset(named)
    return frozenset(named & {int(number) for number in rules.get(kind) or ()})
