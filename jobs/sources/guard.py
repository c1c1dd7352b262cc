"""Where a download may go: https, hosts that were named, the public internet; each redirect anew."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2

from jobs.errors import Refused, Retry, UsageError

_REDIRECTS = 5
# The publisher hands its archives over to this host; nothing else may take a redirect elsewhere.
_HANDS_OVER = {"data.police.uk": ("policeuk-data.s3.amazonaws.com",)}


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of a download. `allow_private` is for tests: http may reach this machine, and only it."""

    allow_private: bool = False
    max_bytes: int = 8 * 1024**3  # all months and forces are 1.7 GB
    max_seconds: float = 2 * 3600
    timeout: float = 30.0  # for one connect, one read
    attempts: int = 6
    wait: float = 1.0  # before the second attempt; then doubled
    longest_wait: float = 120.0  # a far side that asks for more is asked again by the next run


@dataclass(frozen=True, slots=True)
class Guard:
    """The hosts that one download may speak to."""

    hosts: frozenset[str]
    policy: Policy

    @classmethod
    def of(cls, url: str, policy: Policy) -> Guard:
        """The host of a configured address, and where its publisher is known to hand over to."""
        host = _url(url).host
        return cls(frozenset({host, *_HANDS_OVER.get(host, ())}), policy)

    def check(self, url: httpx2.URL) -> None:
        """Refused unless scheme, host and every address that the host resolves to may be spoken to."""
        here = self.policy.allow_private and url.scheme == "http" and url.host == "127.0.0.1"
        if url.scheme != "https" and not here:
            raise UsageError(
                f"{url.scheme}://{url.host} is not fetched: only https is", "use an https address"
            )
        if url.userinfo or url.host not in self.hosts:
            raise Refused(f"the download was sent on to {url.host}, which is not configured", _WHY)
        try:
            found = socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise Retry(
                f"{url.host} cannot be found: {error}", "check the network, then try again"
            ) from error
        for entry in found:
            self._check_address(url.host, str(entry[4][0]))

    def check_peer(self, response: httpx2.Response) -> None:
        """The address really spoken to: a name may resolve to another one the second time."""
        peer = response.extensions["network_stream"].get_extra_info("server_addr")
        self._check_address(response.url.host, str(peer[0]))

    def _check_address(self, host: str, text: str) -> None:
        address = ipaddress.ip_address(text.partition("%")[0])
        if self.policy.allow_private and address.is_loopback:
            return
        if not address.is_global or address.is_multicast:
            raise Refused(f"{host} leads to {address}, which is not on the public internet", _WHY)

    @contextmanager
    def open(self, client: httpx2.Client, url: str, headers: dict[str, str]) -> Iterator[httpx2.Response]:
        """The answer to a GET, its body not yet read; every step of a redirect is checked anew."""
        at = _url(url)
        for _ in range(_REDIRECTS):
            self.check(at)
            response = client.send(client.build_request("GET", at, headers=headers), stream=True)
            try:
                self.check_peer(response)
                if not response.has_redirect_location:
                    yield response
                    return
                at = response.url.join(response.headers["location"])
            finally:
                response.close()
        raise Refused(f"{at.host} sends the download round in circles", _WHY)


_WHY = "check `archive_url` and `dates_url` of the source; fetch the file by hand and give it with --from"


def _url(text: str) -> httpx2.URL:
    try:
        url = httpx2.URL(text)
    except (httpx2.InvalidURL, ValueError) as error:
        raise UsageError(f"{text[:80]!r} is no address", "give one that starts with https://") from error
    if not url.host:
        raise UsageError(f"{text[:80]!r} is not fetched: only https is", "give one that starts with https://")
    return url
