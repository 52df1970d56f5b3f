"""Everything that talks to the outside, with one folder per surface."""
