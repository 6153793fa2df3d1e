"""`healthsheet addin serve`: the server behind the cell functions in Excel."""

from __future__ import annotations

import argparse

from pipeline.cli import DONE


def configure(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=3000, help="port; 0 takes a free one")
    parser.add_argument("--no-tls", action="store_true", help="plain HTTP, behind a proxy")


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    import socket

    import uvicorn

    from addin.hosts.officejs.app import create_app
    from addin.hosts.officejs.settings import Settings

    listening = socket.create_server((args.host, args.port))
    url = f"http://{args.host}:{listening.getsockname()[1]}"
    print(f"Serving {url}", flush=True)
    config = uvicorn.Config(create_app(Settings(url=url)), log_level="warning", server_header=False)
    uvicorn.Server(config).run([listening])
    return DONE
