"""Run the server: listen, start the workers, stop when asked."""

from __future__ import annotations

import errno
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
from uvicorn.supervisors import Multiprocess

from addin.hosts.officejs.access_log import LOGGING
from addin.hosts.officejs.app import from_environment
from addin.hosts.officejs.settings import Settings, is_loopback
from scoring.errors import HostError

__all__ = ["check_open", "listen", "serve", "stoppable"]

# By name: each worker process makes its own.
_APP = f"{from_environment.__module__}:{from_environment.__name__}"
_GRACE = 40
"""Seconds that requests may take to end; the longest work is 30."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that clients can connect to.

    Args:
        host: name or address; ``localhost`` is both addresses of loopback.
        port: 0 takes a free one.

    Raises:
        HostError: the port is taken or not allowed, or the address is not this machine's.
    """
    if host != "localhost":
        return [_bound(host, port)]
    first = _bound("127.0.0.1", port)
    try:
        # Browsers try this address first.
        return [first, _bound("::1", first.getsockname()[1])]
    except _NoSuchAddress:
        return [first]
    except HostError:
        first.close()
        raise


class _NoSuchAddress(HostError):
    """This machine does not have the address."""


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends small answers at once. Without, each waits 40 ms for
    # the client to acknowledge its headers.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        raise _refused(host, port, error) from None
    made.listen()
    return made


def _refused(host: str, port: int, error: Exception) -> HostError:
    if isinstance(error, OverflowError):
        return HostError(f"--port {port} is no port. Give one from 0 to 65535.")
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        text = "Stop what runs there, or give another with --port."
        return HostError(f"Port {port} is taken. {text}")
    if isinstance(error, PermissionError):
        return HostError(f"Port {port} is not allowed to you. Give one above 1023 with --port.")
    text = f"--host {host} is no address of this machine. Leave it out, or give 0.0.0.0."
    return _NoSuchAddress(text)


class _Stopped(BaseException):
    """The process was told to stop."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Inside, being told to stop (Ctrl+C, or as a container does) is a good end."""

    def stop(*_: object) -> None:
        raise _Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    # While uvicorn serves it takes the signals; once it has stopped it sends itself the same again.
    with suppress(_Stopped):
        yield


def check_open(settings: Settings, host: str) -> None:
    """Refuse to serve others without a sign-in.

    Raises:
        HostError: the address is not loopback, and nobody has to sign in.
    """
    if settings.sign_in == "none" and not is_loopback(host):
        text = f"--host {host} is open to others, so people must sign in."
        raise HostError(f"{text} Add --sign-in token or --sign-in entra, or leave --host out.")


def serve(
    settings: Settings,
    sockets: list[socket.socket],
    *,
    workers: int = 1,
    certificate: tuple[Path, Path] | None = None,
) -> None:
    """Serve until the process is told to stop; requests under way are answered first.

    Args:
        settings: of the server; worker processes get them through the environment.
        sockets: from `listen`.
        workers: processes.
        certificate: files of the certificate and its key; None without encryption.
    """
    os.environ.update(settings.to_environment())
    chain, key = certificate or (None, None)
    config = uvicorn.Config(
        _APP,
        factory=True,
        workers=workers,
        ssl_certfile=chain,
        ssl_keyfile=key,
        log_config=LOGGING,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
    )
    if workers > 1:
        Multiprocess(config, sockets).run()
    else:
        uvicorn.Server(config).run(sockets)
