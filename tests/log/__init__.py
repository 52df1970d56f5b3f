"""The public log, checked from outside: by a verifier of our own, and by Go's code."""
