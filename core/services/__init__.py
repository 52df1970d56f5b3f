"""The services: one incoming update is one call, and a call happens whole or not at all."""
