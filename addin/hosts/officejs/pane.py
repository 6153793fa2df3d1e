"""What the task pane asks the server for."""

from __future__ import annotations

from starlette.routing import Route

__all__ = ["ROUTES"]

ROUTES: list[Route] = []
"""Routes under ``/v1/``; sign-in, limits and headers are the application's."""
