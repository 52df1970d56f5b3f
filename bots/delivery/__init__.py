"""Delivery: workers that send what waits in the outbox, and make and deliver files."""
