"""Headers that protect readers: pages run and load only our own files, and other sites see no referrer."""

from __future__ import annotations

POLICY = "Content-Security-Policy"
_OWN_FILES = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors "
)
SNIFFING = "X-Content-Type-Options"
OURS = {
    SNIFFING: "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On every answer."""
PROTECTING = OURS | {
    POLICY: _OWN_FILES + "'none'",
    "Referrer-Policy": "no-referrer",  # a source must not learn by whose link its reader came
    "Permissions-Policy": "browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every document: what a browser opens, and what could run something there."""
ANYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""On files that other sites may show."""
FRAMED = ANYWHERE | {POLICY: _OWN_FILES + "*"}
"""On the counter, which they may show in a frame."""
