"""Faults between the bot and Telegram, told apart by whether a repeat is harmless.

telegram.error.NetworkError
├── ConnectFailed    (Unsent)   no connection, so Telegram saw nothing
├── GatewayFailed    (Unsent)   a page or redirect of the server in front, which didn't pass the request on
├── RequestLost                 the connection broke after the request went out: it may have taken effect
├── OddBotApiAnswer             an answer that Telegram never gives to this call: it may have taken effect
└── telegram.error.TimedOut
    ├── ConnectTimedOut (Unsent)   no free or no new connection in time
    ├── UploadStalled   (Unsent)   the body never arrived whole, so Telegram did not act on it
    └── AnswerTimedOut             sent in full, no answer: it may have taken effect
"""

import os
import traceback

import aiohttp
from telegram.error import NetworkError, TimedOut


class Unsent:
    """Marks a fault after which Telegram cannot have acted on the request: any call may be repeated."""


class ConnectFailed(NetworkError, Unsent):
    """No connection could be opened (refused, name not found, TLS); nothing was sent."""


class ConnectTimedOut(TimedOut, Unsent):
    """No connection became free, or none was established, within the time-out; nothing was sent."""


class UploadStalled(TimedOut, Unsent):
    """The body stopped moving for longer than the write time-out and was cut off before its end."""


class GatewayFailed(NetworkError, Unsent):
    """The server in front of the Bot API answered instead of passing the request on."""


class RequestLost(NetworkError):
    """The connection broke after the request was sent; whether it took effect is unknown."""


class OddBotApiAnswer(NetworkError):
    """The answer is not one that Telegram gives to this call; whether it took effect is unknown."""


class AnswerTimedOut(TimedOut):
    """The request was sent in full and no answer came in time; whether it took effect is unknown."""


class PoolExhausted(Exception):
    """Internal to the transport: every connection stayed busy for the whole pool time-out."""


class WriteStalled(Exception):
    """Internal to the transport: one chunk of the body was not accepted within the write time-out."""


def translate(error: Exception) -> NetworkError:
    """The fault as python-telegram-bot knows it, in words that cannot include the URL (which has the token)."""
    match error:
        case PoolExhausted():
            return ConnectTimedOut("All connections are busy; the request was not sent")
        case WriteStalled():
            return UploadStalled("The upload stalled; the request was not sent in full")
        case aiohttp.ConnectionTimeoutError():
            return ConnectTimedOut("Connecting took too long; the request was not sent")
        case aiohttp.ClientConnectorError() | aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return ConnectFailed(f"Cannot connect: {_name_of(error)}")
        case TimeoutError():
            return AnswerTimedOut("Telegram did not answer in time")
        case _:
            return RequestLost(f"The connection was lost: {_name_of(error)}")


def _name_of(error: Exception) -> str:
    # Only the class name, errno and place: aiohttp's own texts may quote the URL, or even the file being sent.
    if isinstance(error, OSError) and error.errno and error.errno > 0:
        return f"{type(error).__name__} ({os.strerror(error.errno)})"
    if isinstance(error, aiohttp.ClientError | OSError):
        return type(error).__name__
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {place.name}:{place.lineno}"
