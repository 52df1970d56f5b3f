"""The files that every command reads at its start, read once by the server that tests fork commands off."""

from __future__ import annotations

from core.petition.loading import PETITIONS, load_catalog, read_petitions

load_catalog()
read_petitions(PETITIONS)
