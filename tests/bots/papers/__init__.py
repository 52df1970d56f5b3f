"""Tests of the files that are drawn for organizers."""
