"""A directory like Entra ID on this machine: real keys, served over HTTPS, and tokens."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from addin.hosts.officejs.tls import local_certificate

__all__ = ["CLIENT", "TENANT", "URL", "Directory", "new_key"]

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
URL = "https://scores.example.com"


def new_key() -> rsa.RSAPrivateKey:
    """A key as the directory's."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Directory:
    """Serves the public halves of its keys.

    Attributes:
        keys: key id → key; tests add to it, as a directory does when it changes keys.
        asked: how often the keys were fetched.
        is_up: whether it answers.
        authority: file that its clients must trust.
    """

    def __init__(self, folder: Path) -> None:
        self.keys = {"first": new_key()}
        self.asked = 0
        self.is_up = True
        made = local_certificate(folder)
        self.authority = made.authority
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made.chain, made.key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://localhost:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def claims(self, **changes: object) -> dict[str, object]:
        """What a good token of version 2 says; a change to None leaves the claim out."""
        now = int(time.time())
        good = {
            "aud": CLIENT,
            "iss": f"{self.url}/{TENANT}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "tid": TENANT,
            "oid": "person-1",
            "scp": "access_as_user",
        }
        return {name: value for name, value in (good | changes).items() if value is not None}

    def token(self, *, key: str = "first", **changes: object) -> str:
        """A token signed with a key of the directory."""
        claims = self.claims(**changes)
        return jwt.encode(claims, self.keys[key], algorithm="RS256", headers={"kid": key})

    def _key_set(self) -> Mapping[str, Any]:
        algorithm = jwt.algorithms.RSAAlgorithm
        public = {kid: algorithm.to_jwk(key.public_key()) for kid, key in self.keys.items()}
        return {
            "keys": [json.loads(jwk) | {"kid": kid, "use": "sig"} for kid, jwk in public.items()]
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        directory = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """Answer with the keys."""
                directory.asked += 1
                found = self.path == f"/{TENANT}/discovery/v2.0/keys" and directory.is_up
                body = json.dumps(directory._key_set()).encode() if found else b"{}"
                self.send_response(200 if found else 503)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
