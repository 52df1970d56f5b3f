"""Tests of bots.preview."""
