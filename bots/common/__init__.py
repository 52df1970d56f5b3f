"""Shared by the surfaces: settings, log, metrics, links, the web listener, and the way to the services."""
