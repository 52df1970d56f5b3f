"""Ports for servers that a test starts later, or never: nothing else gets them meanwhile.

A port that is only looked up and freed again may go to another worker's server or connection before the test's own
process opens it. Then that process fails, or a server that should be away answers.
"""

from __future__ import annotations

import atexit
import socket

HOST = "127.0.0.1"


def unused_port() -> int:
    """A port on which nothing listens; this process holds it until it ends.

    The holding socket never listens, so connections are refused. The system gives its port to nothing that asks for any
    free one; a server that names the port, and sets SO_REUSEADDR as servers do, may still listen on it.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind((HOST, 0))
    atexit.register(holder.close)  # and holds it until then
    port: int = holder.getsockname()[1]
    return port
