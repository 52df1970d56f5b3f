"""Tests of the checks of sources."""
