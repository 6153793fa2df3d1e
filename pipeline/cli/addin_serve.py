"""`healthsheet addin serve`: the server behind the cell functions in Excel."""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from addin.hosts.officejs.settings import Settings, is_loopback, read_id, read_url
from pipeline.cli import DONE
from pipeline.cli.addin_server import checked, needs_server
from scoring.errors import HostError

if TYPE_CHECKING:
    from addin.hosts.officejs.tls import Certificate

_SIGN_IN = {
    "none": "Nobody has to sign in; only this computer can call.",
    "token": "People sign in with a token.",
    "entra": "People sign in with Entra ID.",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.description = (
        "Run the server behind the cell functions in Excel. Without options it serves this "
        "computer alone, encrypted with a certificate made for it."
    )
    listening = parser.add_argument_group("where it listens")
    listening.add_argument("--host", default="localhost",
                           help="address to listen on (default: localhost)")  # fmt: skip
    listening.add_argument("--port", type=int, default=3000,
                           help="port; 0 takes a free one (default: 3000)")  # fmt: skip
    listening.add_argument("--url", type=checked(read_url), metavar="URL",
                           help="where Excel reaches it, if elsewhere")  # fmt: skip
    listening.add_argument("--workers", type=int, default=1, metavar="N",
                           help="processes; about one for each core (default: 1)")  # fmt: skip
    _configure_sign_in(parser.add_argument_group("who may call"))
    _configure_encryption(parser.add_argument_group("encryption"))


def _configure_sign_in(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--sign-in", choices=_SIGN_IN,
                       help="token: tokens in HEALTHSHEET_TOKENS or HEALTHSHEET_TOKENS_FILE; "
                       "entra: company accounts (default: none)")  # fmt: skip
    group.add_argument("--tenant", type=checked(read_id), metavar="ID",
                       help="of the Entra directory")  # fmt: skip
    group.add_argument("--client-id", type=checked(read_id), metavar="ID",
                       help="of the Entra app registration")  # fmt: skip


def _configure_encryption(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--cert", type=Path, metavar="FILE", help="certificate (PEM)")
    group.add_argument("--key", type=Path, metavar="FILE", help="its private key (PEM)")
    group.add_argument("--no-tls", action="store_true",
                       help="plain HTTP, behind a proxy that encrypts")  # fmt: skip
    group.add_argument("--trust", action="store_true",
                       help="make this computer trust the certificate made for it")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    if args.workers < 1:
        raise HostError(f"--workers {args.workers}: give 1 or more.")
    with needs_server():
        from addin.hosts.officejs.serve import check_open, listen, serve, stoppable

        sockets = listen(args.host, args.port)
        settings = _settings(args, sockets[0])
        check_open(settings, args.host)
        certificate = _certificate(args, settings)
        files = (args.cert, args.key) if args.cert else None
        if certificate is not None:
            files = (certificate.chain, certificate.key)
        with stoppable():
            _say_next(settings, certificate, trusts=args.trust)
            serve(settings, sockets, workers=args.workers, certificate=files)
    print("Stopped; requests under way were answered.")
    return DONE


def _settings(args: argparse.Namespace, listening: socket) -> Settings:
    """Options win over the environment; without either, the address it listens on."""
    port = listening.getsockname()[1]
    url = args.url or os.environ.get("HEALTHSHEET_URL")
    if url is None and not is_loopback(args.host):
        example = "--url https://scores.example.com"
        raise HostError(f"--url is missing: say where Excel reaches the server, as {example}.")
    scheme = "http" if args.no_tls else "https"
    name = f"[{args.host}]" if ":" in args.host else args.host
    return Settings.from_environment(
        os.environ,
        url=url or f"{scheme}://{name}:{port}",
        sign_in=args.sign_in,
        tenant=args.tenant,
        client_id=args.client_id,
    )


def _certificate(args: argparse.Namespace, settings: Settings) -> Certificate | None:
    """The certificate made for this computer, where none is given and one is wanted."""
    if bool(args.cert) != bool(args.key):
        raise HostError("--cert and --key belong together. Give both.")
    for file in (args.cert, args.key):
        if file is not None and not file.is_file():
            raise HostError(f"{file} is not there. Give the PEM files of certificate and key.")
    if args.no_tls or args.cert:
        return None
    if not is_loopback(settings.host):
        text = f"Give --cert and --key for {settings.host}, or --no-tls behind a proxy that"
        raise HostError(f"{text} encrypts.")
    from addin.hosts.officejs.tls import config_folder, local_certificate

    return local_certificate(config_folder())


def _say_next(settings: Settings, certificate: Certificate | None, *, trusts: bool) -> None:
    from addin.hosts.officejs.trust import trust, trust_commands

    print(f"HealthSheet for Excel: {settings.url}", _SIGN_IN[settings.sign_in], sep="\n")
    if certificate is not None:
        print(f"Its certificate is kept in {certificate.authority.parent}.")
    if certificate is not None and trusts:
        trust(certificate.authority)
    elif certificate is not None and certificate.is_new:
        print("Excel must trust the new certificate once: start with --trust, or run")
        for command in trust_commands(certificate.authority):
            print(f"  {shlex.join(command)}")
    if settings.url.startswith("https:"):
        print(f"Next: healthsheet addin manifest --url {settings.url}")
    print("Stop with Ctrl+C.", flush=True)
