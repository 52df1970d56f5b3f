"""Tests of the public log as pure values."""
