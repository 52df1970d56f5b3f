"""The Telegram surface: updates become events, screens become messages."""
