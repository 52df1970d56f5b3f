"""The big day: many people at once, several processes that Telegram posts to, one PostgreSQL."""
