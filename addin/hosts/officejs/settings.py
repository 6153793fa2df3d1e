"""How a server is set up: read from the environment, so that every worker has the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["Settings", "SignIn"]

SignIn = Literal["none", "token", "entra"]


class Settings(BaseModel):
    """Settings of a server.

    Attributes:
        url: under which Excel reaches the server; scheme, host and port, nothing behind them.
        sign_in: who may call: everybody (on loopback only), who has a token, or who signs in
            with Entra ID.
        max_body: bytes of a request.
        max_calls: of a request.
        max_cells: of a request, in all its ranges.
        max_seconds: of work a request.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = "https://localhost:3000"
    sign_in: SignIn = "none"
    max_body: int = 8_000_000
    max_calls: int = 5_000
    max_cells: int = 2_000_000
    max_seconds: float = 30.0

    def to_environment(self) -> dict[str, str]:
        """Variables from which `from_environment` makes the same settings."""
        return {_variable(name): str(value) for name, value in self.model_dump().items()}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Settings from variables such as ``HEALTHSHEET_URL`` and ``HEALTHSHEET_SIGN_IN``."""
        given = {
            name: environment[_variable(name)]
            for name in cls.model_fields
            if _variable(name) in environment
        }
        return cls.model_validate(given)


def _variable(name: str) -> str:
    return f"HEALTHSHEET_{name.upper()}"
