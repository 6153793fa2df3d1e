"""Microsoft Graph as its documentation describes it, as far as mail needs it, on this machine."""

from __future__ import annotations

import json
import re
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

TENANT, CLIENT, SECRET = "sample-tenant", "sample-client", "not-a-real-secret"
TOKEN = "sample-token"
_LIMIT = 4 * 1024 * 1024
_PART = 4 * 1024 * 1024


@dataclass
class Draft:
    """A message that was not sent yet."""

    mail: Message
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass
class GraphService:
    """What the service did, and what it answers next.

    Attributes:
        url: of all its parts.
        answers: path ending → answers it gives first: status, headers; (0, {}) hangs up after it
            did what was asked.
        sent: recipient, message and the files that were added to it.
        asked: method and path of each request.
    """

    url: str = ""
    answers: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    sent: list[tuple[str, Message, dict[str, bytes]]] = field(default_factory=list)
    drafts: dict[str, Draft] = field(default_factory=dict)
    uploads: dict[str, tuple[Draft, str, int, bytearray]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)

    def send(self, mail: Message, files: dict[str, bytes]) -> None:
        self.sent.append((str(mail["To"]), mail, files))

    def answer(self, path: str) -> tuple[int, dict[str, str]] | None:
        """What a test wants this request to be answered."""
        for ending, waiting in self.answers.items():
            if path.endswith(ending) and waiting:
                return waiting.pop(0)
        return None


class _Handler(BaseHTTPRequestHandler):
    service: GraphService

    def do_POST(self) -> None:
        self._do()

    def do_PUT(self) -> None:
        self._do()

    def do_DELETE(self) -> None:
        self._do()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = unquote(self.path)
        self.service.asked.append(f"{self.command} {path}")
        self.service.tokens.append(self.headers.get("Authorization"))
        wanted = self.service.answer(path)
        if wanted and wanted[0]:
            self._say(wanted[0], {"error": {"code": "Sample", "message": "As the test wants."}},
                      wanted[1])  # fmt: skip
            return
        status, found = self._done(path, body)
        if wanted:
            self.close_connection = True
            return
        self._say(status, found)

    def _done(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if path.endswith("/oauth2/v2.0/token"):
            form = {k: v[0] for k, v in parse_qs(body.decode()).items()}
            right = (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
            if not right or form["grant_type"] != "client_credentials" or TENANT not in path:
                said = "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1"
                return 401, {"error": "invalid_client", "error_description": said}
            return 200, {"access_token": TOKEN, "expires_in": 3599}
        if path.startswith("/upload/"):
            return self._uploaded(path, body)
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"error": {"code": "InvalidAuthenticationToken", "message": "No."}}
        if len(body) > _LIMIT:
            return 413, {"error": {"code": "RequestEntityTooLarge", "message": "Too large."}}
        return self._mailed(path, body)

    def _mailed(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        service, tail = self.service, path.partition("/users/")[2].split("/")[1:]
        if tail == ["sendMail"]:
            service.send(message_from_bytes(b64decode(body, validate=True)), {})
            return 202, {}
        if tail == ["messages"]:
            name = f"draft={len(service.drafts) + 1}"
            service.drafts[name] = Draft(message_from_bytes(b64decode(body, validate=True)))
            return 201, {"id": name}
        draft = service.drafts[tail[1]]
        if tail[2:] == ["send"]:
            service.send(draft.mail, draft.files)
            del service.drafts[tail[1]]
            return 202, {}
        if tail[2:] == ["attachments"]:
            file = json.loads(body)
            assert file["@odata.type"] == "#microsoft.graph.fileAttachment"
            draft.files[file["name"]] = b64decode(file["contentBytes"])
            return 201, {}
        if tail[2:] == ["attachments", "createUploadSession"]:
            item = json.loads(body)["AttachmentItem"]
            name = str(len(service.uploads))
            service.uploads[name] = (draft, item["name"], item["size"], bytearray())
            return 201, {"uploadUrl": f"{service.url}/upload/{name}"}
        del service.drafts[tail[1]]
        return 204, {}

    def _uploaded(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        draft, name, size, got = self.service.uploads[path.removeprefix("/upload/")]
        said = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", self.headers["Content-Range"])
        assert said is not None
        first, last, whole = map(int, said.groups())
        if (first, whole) != (len(got), size) or last - first + 1 != len(body) or len(body) > _PART:
            return 416, {"error": {"code": "InvalidRange", "message": "Not the next range."}}
        got += body
        if len(got) < size:
            return 200, {"nextExpectedRanges": [str(len(got))]}
        draft.files[name] = bytes(got)
        return 201, {}

    def _say(self, status: int, found: dict[str, Any], more: dict[str, str] | None = None) -> None:
        data = json.dumps(found).encode() if found else b""
        self.send_response(status)
        for name, value in {**(more or {}), "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def graph_service() -> Iterator[GraphService]:
    """The service on a free port of this machine."""
    service = GraphService()
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
