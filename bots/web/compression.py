"""The encoding of an answer that its reader prefers (RFC 9110, 12.5.3)."""

from __future__ import annotations

from functools import lru_cache

from bots.web.weights import weighted


@lru_cache(maxsize=256)
def prefers_gzip(accepted: str) -> bool:
    """True if a reader who sent this Accept-Encoding takes gzip at least as willingly as the plain body.

    A reader who accepts neither gets the plain body, which serves better than an error.
    """
    weights: dict[str, float] = {}
    for name, weight in weighted(accepted):
        weights.setdefault(name.lower(), weight)
    gzip = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0)))
    return gzip > 0 and gzip >= weights.get("identity", weights.get("*", 0))
