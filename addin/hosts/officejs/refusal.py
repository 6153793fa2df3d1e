"""What the server answers where it does not do what it was asked."""

from __future__ import annotations

from pydantic_core import to_json
from starlette.responses import Response

from scoring.errors import HostError

__all__ = ["Refusal"]


class Refusal(HostError):
    """A request that is not answered.

    Attributes:
        status: of HTTP.
        code: one word for programs, such as ``too-large``.
        retry_after: seconds after which it may be asked again; None where that will not help.
    """

    def __init__(
        self, status: int, code: str, message: str, *, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.retry_after = status, code, retry_after

    def response(self) -> Response:
        """``{"error": {"code": …, "message": …}}`` with the status."""
        body = to_json({"error": {"code": self.code, "message": str(self)}})
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return Response(body, self.status, headers, media_type="application/json")
