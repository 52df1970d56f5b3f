"""A soak test: every surface and worker as a real process, random people and random trouble; nothing may be lost."""
