"""Checks whether addresses can be right: hosts, web addresses, and mail domains."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

LARGEST_PORT = 65535
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_DATABASE = re.compile(
    r"(?P<before>postgres\w*(?:\+\w+)?://(?:[^/?#]*@)?)(?P<hosts>[^/?#@]*)(?P<after>(?:[/?#].*)?)", re.DOTALL
)
_HOST_AND_PORT = re.compile(r"(?:\[(?P<v6>[^]]*)\]|(?P<name>[^:]*))(?::(?P<port>.*))?", re.DOTALL)
_LONGEST_NAME = 253  # RFC 1035, without the dot at its end


def is_host(text: str) -> bool:
    """True for an IP address or a name that could be a host's, international ones included."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        labels = text.removesuffix(".").split(".")
        is_name = all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
        return is_name and len(text) <= _LONGEST_NAME
    return True


def is_web_address(text: str, *schemes: str) -> bool:
    """True for an address with a host that could exist and one of these schemes, by default http or https."""
    if re.search(r"[\s\x00-\x1f]", text):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in (schemes or ("http", "https")) and is_host(parts.hostname or "") and port != 0


def split_database_hosts(text: str) -> tuple[str, tuple[tuple[str, str], ...], str]:
    """Split a PostgreSQL address into the text before its hosts, the hosts with their ports, and the text after.

    As libpq does, it takes several hosts, separated by commas; any of them may be empty, and so may a port.
    """
    found = _DATABASE.fullmatch(text)
    if found is None:
        return text, (), ""
    parts = filter(None, map(_HOST_AND_PORT.fullmatch, found["hosts"].split(",")))
    hosts = tuple((part["v6"] or part["name"] or "", part["port"] or "") for part in parts)
    return found["before"], hosts, found["after"]


def is_mail_address(text: str) -> bool:
    """True for an email address whose domain could exist."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def is_mail_domain(text: str) -> bool:
    """True for a lower-case domain that could follow the @ in an address."""
    return "." in text and text == text.lower() and is_host(text)
