"""What the library's Socket Mode client lacks: a look at the address, and at who is still there."""

from __future__ import annotations

import select
from contextlib import suppress
from socket import SHUT_RDWR, socket
from urllib.parse import urlsplit

from slack_sdk.socket_mode.builtin import SocketModeClient

from bot.secrets import safe_address
from bot.transports.slack_errors import FAULTS, explained
from jobs.errors import UsageError

_GONE = select.POLLHUP | select.POLLERR | getattr(select, "POLLRDHUP", 0)  # the last on Linux only


class WireClient(SocketModeClient):
    """Raises what explained() makes of a fault, and UsageError for an address that is not encrypted."""

    def issue_new_wss_url(self) -> str:
        """A new address, good for one connection."""
        try:
            address = str(self.web_client.apps_connections_open(app_token=self.app_token)["url"])
        except FAULTS as error:
            raise explained(error) from None
        parts = urlsplit(address)
        safe_address(address.replace("ws", "http", 1), "the address of the socket")
        # The library speaks TLS on port 443 and nowhere else, whatever the scheme says.
        if parts.scheme == "wss" and parts.port not in (None, 443):
            raise UsageError("the address of the socket has a port that is not encrypted")
        return address

    def drop_if_cut(self) -> None:
        """Let go of a connection whose other end has gone: the library reads nothing from it, again and again
        without a pause, and notices by its pings within a minute."""
        sock = self._open_socket()
        if sock is None:
            return
        try:
            look = select.poll()
            look.register(sock.fileno(), _GONE)
            cut = bool(look.poll(0))
        except (OSError, ValueError):  # closed in this moment
            return
        if cut:
            self.disconnect()

    def hang_up(self) -> None:
        """End the connection now: to close it, the library waits for the next message, or three seconds."""
        sock = self._open_socket()
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(SHUT_RDWR)

    def _open_socket(self) -> socket | None:
        sock: socket | None = self.current_session.sock if self.current_session is not None else None
        return sock
