"""Tests that need programs from Debian: `python -m tests.tools` installs those and runs these."""
