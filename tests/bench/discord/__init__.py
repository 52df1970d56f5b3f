"""The Discord surface under load: speed beside a plain discord.py bot, calls a signing, memory."""
