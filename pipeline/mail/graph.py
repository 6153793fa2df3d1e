"""Microsoft Graph as the way out: for companies whose Exchange Online takes no SMTP passwords.

A message of up to 3 MB leaves as it is (``sendMail`` with MIME content). A larger one becomes a
draft without its files, the files are added, large ones in ranges (an upload session), and the
draft is sent.

Source: learn.microsoft.com/graph, "Send messages with MIME content", "Attach large files to Outlook
messages".
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import partial
from typing import Any, cast
from urllib.parse import quote

from pipeline.delivery.http import is_safe
from pipeline.mail.microsoft import AppLogin, call
from pipeline.mail.records import Outgoing
from pipeline.mail.ways import Send, Unusable
from scoring.errors import DeliveryError

__all__ = ["ENDPOINT", "Graph"]

ENDPOINT = "https://graph.microsoft.com"
_SMALL = 3_000_000
"""Bytes that a request may bring: its body is a third larger, and 4 MB are the limit."""
_RANGE = 10 * 327_680
"""Bytes of one part of an upload; below 4 MB and a multiple of 320 KiB."""
_LONG = 300.0
"""Seconds for the answer to the request that sends."""


@dataclass(frozen=True)
class Graph:
    """A mailbox of Microsoft 365, and the app that may send from it (permission ``Mail.Send``).

    Attributes:
        login: of the app; messages over 3 MB also need its permission ``Mail.ReadWrite``.
        endpoint: of the service; another one in a national cloud.
        seconds: to wait for an answer.
    """

    login: AppLogin
    endpoint: str = ENDPOINT
    seconds: float = 30.0
    name: str = "graph"

    @contextmanager
    def session(self) -> Iterator[Send]:
        """A token for some messages.

        Raises:
            Later: nobody answers now. Unusable: the app's login is refused.
        """
        token = self.login.token(f"{self.endpoint}/.default")
        yield partial(self._send, token)

    def _send(self, token: str, message: Outgoing, begin: Callable[[], None]) -> str:
        mailbox = f"{self.endpoint}/v1.0/users/{quote(message.sender, safe='@')}"
        ask = partial(_ask, token, seconds=self.seconds)
        if len(message.data) <= _SMALL:
            begin()
            body = b64encode(message.data)
            self._told(message, partial(ask, f"{mailbox}/sendMail", body, final=True))
            return "202 accepted by Microsoft Graph"
        page, files = _apart(message.data)
        made = self._told(message, partial(ask, f"{mailbox}/messages", b64encode(page)))
        draft = f"{mailbox}/messages/{quote(str(made.get('id', '')), safe='')}"
        try:
            for name, kind, data in files:
                self._told(message, partial(_attach, ask, draft, name, kind, data, self.seconds))
            begin()
        except BaseException:
            with suppress(DeliveryError):
                ask(draft, None, method="DELETE")
            raise
        self._told(message, partial(ask, f"{draft}/send", b"", final=True))
        return "202 accepted by Microsoft Graph"

    def _told(self, message: Outgoing, asked: Callable[[], Any]) -> dict[str, Any]:
        """The answer to a request; what is not allowed is told with what to look at."""
        try:
            return cast("dict[str, Any]", asked() or {})
        except Unusable as error:
            raise Unusable(
                f"{error} Check that {message.sender} is a mailbox, and that the app has the "
                "permissions Mail.Send and, over 3 MB, Mail.ReadWrite."
            ) from error


def _ask(
    token: str,
    url: str,
    data: bytes | None,
    *,
    seconds: float,
    method: str = "POST",
    kind: str = "text/plain",
    final: bool = False,
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
    wait = max(seconds, _LONG) if final and seconds >= 30 else seconds
    return call(url, data, headers, method=method, seconds=wait, final=final)[0]


def _attach(
    ask: Callable[..., dict[str, Any]],
    draft: str,
    name: str,
    kind: str,
    data: bytes,
    seconds: float,
) -> None:
    """Add a file to a draft; over 3 MB range by range."""
    json_kind = "application/json"
    if len(data) < _SMALL:
        file = {
            "@odata.type": "#microsoft.graph.fileAttachment", "name": name, "contentType": kind,
            "contentBytes": b64encode(data).decode(),
        }  # fmt: skip
        ask(f"{draft}/attachments", json.dumps(file).encode(), kind=json_kind)
        return
    item = {"attachmentType": "file", "name": name, "size": len(data), "contentType": kind}
    body = json.dumps({"AttachmentItem": item}).encode()
    found = ask(f"{draft}/attachments/createUploadSession", body, kind=json_kind)
    url = str(found.get("uploadUrl", ""))
    if not is_safe(url):
        raise Unusable("Microsoft named no encrypted address for the upload. Send it later.")
    for start in range(0, len(data), _RANGE):
        part = data[start : start + _RANGE]
        # The address itself is the permission: no token goes there.
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"bytes {start}-{start + len(part) - 1}/{len(data)}",
        }
        call(url, part, headers, method="PUT", seconds=seconds)


def _apart(data: bytes) -> tuple[bytes, list[tuple[str, str, bytes]]]:
    """A message without its files, and the files: name, media type and content."""
    mail = message_from_bytes(data, policy=policy.SMTP)
    files = list(mail.iter_attachments()) if mail.get_content_type() == "multipart/mixed" else []
    found = [
        (f.get_filename() or "attachment", f.get_content_type(), bytes(f.get_payload(decode=True)))
        for f in files
    ]
    for part in files:
        mail.get_payload().remove(part)  # type: ignore[union-attr]
    return mail.as_bytes(), found
