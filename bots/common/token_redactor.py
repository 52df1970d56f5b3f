"""Keeps tokens out of the log, whichever library logs them: bot tokens, and Discord's tokens for single interactions.

python-telegram-bot does log them: it logs the base URL at DEBUG when a Bot is built, and `Bot.initialize` quotes a
rejected token in its InvalidToken. discord.py logs the address of a rate-limited call. A direct message's channel leads
to its reader, so channel ids are redacted too.
"""

import logging
import re

_TELEGRAM = r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}"
_DISCORD = r"\b[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{25,}"
_INTERACTION = r"(?<=/)[A-Za-z0-9_-]{60,}"  # part of the address of every answer
_TOKEN = re.compile(f"{_TELEGRAM}|{_DISCORD}|{_INTERACTION}")
_CHANNEL = re.compile(r"(?<=/channels/)\d+")
_FORMATTER = logging.Formatter()


def redact(text: str) -> str:
    """The text with every token and every channel in an address replaced."""
    return _CHANNEL.sub("<channel>", _TOKEN.sub("<token>", text))


class TokenRedactor(logging.Filter):
    """A filter for log handlers (not loggers, which don't see their children's records)."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite message and traceback before they are formatted; lets every record through."""
        record.msg, record.args = redact(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text:
            # The exception itself still has the token, so only its text may be logged.
            record.exc_text, record.exc_info = redact(record.exc_text), None
        return True
