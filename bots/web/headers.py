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
    "Referrer-Policy": "no-referrer",  # a source must not learn whose link its reader came through
    "Permissions-Policy": "browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every document: anything that a browser opens, or that could run a script there."""
SENDING_NOTHING = {
    POLICY: (_OWN_FILES + "'none'").replace("connect-src 'self'", "connect-src 'none'"),
}
"""On the page that checks proofs: no script on it can send anything anywhere."""
ANYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""On files that other sites may show."""
REDIRECTING = OURS | ANYWHERE | {"Referrer-Policy": "no-referrer"}
"""On a redirect, which browsers check like the file it leads to; other sites may show some of those."""
FRAMED = ANYWHERE | {POLICY: _OWN_FILES + "*"}
"""On the counter, which other sites may show in a frame."""
