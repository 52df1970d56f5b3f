"""What every part that asks Telegram's Bot API shares: how long it waits between tries, what it says when refused."""

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two tries when Telegram cannot be reached
REFUSED = "Telegram refuses TELEGRAM_TOKEN: copy it anew from BotFather."
