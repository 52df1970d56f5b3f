"""Telegram as a surface: updates become events, screens become messages."""
