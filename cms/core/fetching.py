"""Fetching what strangers name: only public hosts, only so many bytes, at the very address that was checked."""

import http.client
import ipaddress
import socket
import ssl
from typing import Any
from urllib.parse import urljoin, urlsplit

MOST_REDIRECTS = 3


class NotFetched(Exception):
    """The address is refused, or gave nothing usable."""


def fetch(address: str, *, most_bytes: int, timeout: float = 8) -> bytes:
    """The bytes at an http(s) address. Raises `NotFetched` for private networks, too much, errors and detours.

    The name is resolved once, and the connection goes to what was checked: a second answer can't lead inside.
    """
    for _ in range(MOST_REDIRECTS + 1):
        status, location, body = _get(address, most_bytes, timeout)
        if status in {301, 302, 303, 307, 308} and location:
            address = urljoin(address, location)
        elif status == 200:
            return body
        else:
            raise NotFetched(f"status {status}")
    raise NotFetched("too many redirects")


def _get(address: str, most_bytes: int, timeout: float) -> tuple[int, str, bytes]:
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise NotFetched("no address") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise NotFetched("no address")
    try:
        connection = _connection(parts.scheme, parts.hostname, port, timeout)
        try:
            connection.request("GET", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")
            response = connection.getresponse()
            body = response.read(most_bytes + 1)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFetched(type(error).__name__) from error
    if len(body) > most_bytes:
        raise NotFetched("too much")
    return response.status, response.headers.get("Location", ""), body


def _connection(scheme: str, host: str, port: int, timeout: float) -> http.client.HTTPConnection:
    public = _public(host, port)
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    raw = socket.create_connection((public, port), timeout)
    connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host) if scheme == "https" else raw
    return connection


def _public(host: str, port: int) -> str:
    found: list[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
    if not addresses or any(not address.is_global or address.is_multicast for address in addresses):
        raise NotFetched("not a public host")
    return str(addresses[0])
