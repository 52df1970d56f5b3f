"""Delivery: workers that send entries from the outbox, and make and deliver files."""
