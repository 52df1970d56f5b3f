"""The Telegram surface under load: speed beside an echo bot, calls a signing, memory beside few conversations."""
