"""Code that surfaces share: settings, log, metrics, links, the web listener, and the way to the services."""
