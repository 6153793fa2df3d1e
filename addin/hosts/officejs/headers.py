"""What answers say to browsers: who may frame, load and keep what.

Excel on the web shows the task pane in a frame inside a frame: the page of Excel
(``excel.cloud.microsoft``, SharePoint, OneDrive, Teams) holds the one that runs Excel
(``….officeapps.live.com``), and that holds ours. A browser asks for all of them, so all are
allowed to frame us, and nobody else. The hosts that run Excel are those Office.js itself trusts.

Scripts come from us and from Microsoft's address of Office.js alone, never inline. Pages talk to
us only: Office.js's telemetry does without.
"""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from addin.hosts.officejs.settings import Settings, is_loopback

__all__ = ["OFFICE_ORIGIN", "Headers"]

_RUN_EXCEL = (
    "*.officeapps.live.com",
    "*.gov.online.office365.us",
    "*.dod.online.office365.us",
    "*.partner.officewebapps.cn",
)
_SHOW_EXCEL = (
    "*.cloud.microsoft",
    "*.office.com",
    "*.office365.com",
    "*.microsoft365.com",
    "*.sharepoint.com",
    "onedrive.live.com",
    "teams.microsoft.com",
    "*.office365.us",
    "*.sharepoint.us",
    "*.sharepoint-mil.us",
    "*.sharepoint.cn",
)
# Excel on the web reads functions.json from its own page.
OFFICE_ORIGIN = "https://(?:{})".format(
    "|".join(re.escape(host).replace(r"\*", "[a-z0-9.-]+") for host in _RUN_EXCEL)
)

_OFFICE_JS = "https://appsforoffice.microsoft.com"
_PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        # Some versions of Office.js load this one file of Microsoft's older library.
        f"script-src 'self' {_OFFICE_JS} https://ajax.aspnetcdn.com/ajax/3.5/MicrosoftAjax.js",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        # Office.js asks there whether a host it does not know is to be trusted.
        f"frame-src {_OFFICE_JS}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self' "
        + " ".join(f"https://{host}" for host in (*_RUN_EXCEL, *_SHOW_EXCEL)),
    )
)
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
_YEAR = 31_536_000


class Headers:
    """ASGI middleware that adds the headers to every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        # On localhost it would hold for whatever else runs there.
        public = settings.url.startswith("https:") and not is_loopback(settings.host)
        self._always = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            **({"Strict-Transport-Security": f"max-age={_YEAR}"} if public else {}),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                headers.update(self._always)
                headers["Content-Security-Policy"] = _PAGE_POLICY if is_page else _DATA_POLICY
                headers["Cache-Control"] = _caching(scope["path"])
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def _caching(path: str) -> str:
    if path.startswith("/v1/"):
        return "no-store"
    # Files are asked for again each time, by their ETag: after an update no page mixes old
    # modules with new ones. Icons do not change.
    return "max-age=86400" if path.startswith("/assets/") else "no-cache"
