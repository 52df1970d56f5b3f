"""The services: one incoming update is one call, which takes effect completely or not at all."""
