"""How a server is set up: read from the environment, so that every worker has the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from scoring.errors import HostError

__all__ = ["Settings", "SignIn", "is_loopback", "read_id", "read_url"]

SignIn = Literal["none", "token", "entra"]

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TOKEN_LENGTH = 20
_URL = re.compile(
    r"(https?)://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::([0-9]{1,5}))?((?:[/?#].*)?)",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the host: localhost or a loopback address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def read_url(url: str) -> str:
    """The URL of a server as browsers name it: scheme, host, and the port where it is unusual.

    Raises:
        ValueError: says what is wrong and how it is written.
    """
    found = _URL.fullmatch(url.strip())
    if found is None:
        raise ValueError(f"{url} is no address. Write it as https://scores.example.com.")
    scheme, host, port, rest = (part and part.lower() for part in found.groups())
    if rest.strip("/"):
        raise ValueError(f"{url} has a path. Give HealthSheet a host name or port of its own.")
    if scheme == "http" and not is_loopback(host):
        raise ValueError(f"{url} is not encrypted, and Excel refuses it. Write https://.")
    number = int(port or _PORTS[scheme])
    if not 0 < number < 65_536:
        raise ValueError(f"{url} has no port that can be. Give one from 1 to 65535.")
    return f"{scheme}://{_host(host)}{'' if number == _PORTS[scheme] else f':{number}'}"


def _host(name: str) -> str:
    """A host name as it is, an address of version 6 in its shortest form."""
    if not name.startswith("["):
        return name
    try:
        return f"[{ip_address(name.strip('[]'))}]"
    except ValueError:
        raise ValueError(f"{name} is no address. Write it as [::1].") from None


def read_id(text: str) -> str:
    """An id of Entra, or nothing.

    Raises:
        ValueError: not an id; says where to find it.
    """
    if text and not _GUID.fullmatch(text):
        raise ValueError("This is no id. Copy it from the app registration's overview.")
    return text.lower()


def _rate(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d{0,8}/(second|minute|hour)", text):
        raise ValueError("This is no rate. Write it as 600/minute; second and hour go as well.")
    return text


def _tokens(given: object) -> object:
    return tuple(re.split(r"[\s,]+", given.strip())) if isinstance(given, str) else given


class Settings(BaseModel):
    """Settings of a server.

    Attributes:
        url: under which Excel reaches the server; scheme, host and port, nothing behind them.
        sign_in: who may call: everybody (on this machine only), who has a token, or who signs
            in with Entra ID.
        tokens: the tokens that are accepted; to revoke one, remove it and restart.
        tenant: id of the Entra directory.
        client_id: of the Entra app registration.
        authority: who signs for Entra; other clouds have their own.
        rate: requests that a person may make, as ``600/minute``; each worker counts by itself.
        max_body: bytes of a request.
        max_answer: bytes of an answer.
        max_calls: of a request.
        max_cells: of a request, in all its ranges.
        max_seconds: of work a request.
        max_active: requests that a worker takes on at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, AfterValidator(read_url)] = "https://localhost:3000"
    sign_in: SignIn = "none"
    tokens: Annotated[tuple[SecretStr, ...], BeforeValidator(_tokens)] = ()
    tenant: Annotated[str, AfterValidator(read_id)] = ""
    client_id: Annotated[str, AfterValidator(read_id)] = ""
    authority: Annotated[str, AfterValidator(read_url)] = "https://login.microsoftonline.com"
    rate: Annotated[str, AfterValidator(_rate)] = "600/minute"
    max_body: Annotated[int, Field(gt=0)] = 8_000_000
    max_answer: Annotated[int, Field(gt=0)] = 32_000_000
    max_calls: Annotated[int, Field(gt=0)] = 5_000
    max_cells: Annotated[int, Field(gt=0)] = 2_000_000
    max_seconds: Annotated[float, Field(gt=0)] = 30.0
    max_active: Annotated[int, Field(gt=0)] = 64

    @property
    def host(self) -> str:
        """The host name of the URL."""
        return urlsplit(self.url).hostname or ""

    @model_validator(mode="after")
    def _complete(self) -> Settings:
        if self.sign_in == "none" and not is_loopback(self.host):
            text = f"{self.url} is open to others, so people must sign in. Add --sign-in token"
            raise ValueError(f"{text} or --sign-in entra.")
        if self.sign_in == "token":
            self._check_tokens()
        if self.sign_in == "entra" and not (self.tenant and self.client_id):
            raise ValueError("Entra sign-in needs two ids. Add --tenant and --client-id.")
        return self

    def _check_tokens(self) -> None:
        make = 'Make one with python -c "import secrets; print(secrets.token_urlsafe(32))".'
        if not any(token.get_secret_value() for token in self.tokens):
            text = "Token sign-in needs a token in HEALTHSHEET_TOKENS or HEALTHSHEET_TOKENS_FILE."
            raise ValueError(f"{text} {make}")
        if any(len(token.get_secret_value()) < _TOKEN_LENGTH for token in self.tokens):
            raise ValueError(f"A token is shorter than {_TOKEN_LENGTH} characters. {make}")

    def to_environment(self) -> dict[str, str]:
        """Variables from which `from_environment` makes the same settings.

        Not the tokens: they come from the environment already, or from a file, and stay there.
        """
        plain = self.model_dump(exclude={"tokens"})
        return {_variable(name): str(value) for name, value in plain.items() if value != ""}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], **given: object) -> Settings:
        """Settings from variables such as ``HEALTHSHEET_URL``; a file may hold the tokens.

        Args:
            environment: of the process.
            given: settings that win over the environment; None means not given.

        Raises:
            HostError: names the setting, what is wrong and the next step.
        """
        found: dict[str, object] = {
            name: environment[_variable(name)]
            for name in cls.model_fields
            if environment.get(_variable(name))
        }
        if file := environment.get("HEALTHSHEET_TOKENS_FILE"):
            found["tokens"] = _read_tokens(Path(file))
        try:
            return cls.model_validate(found | {k: v for k, v in given.items() if v is not None})
        except ValidationError as error:
            raise HostError("\n".join(map(_sentence, error.errors()))) from None


def _read_tokens(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")  # editors on Windows put a mark at its start
    except (OSError, UnicodeDecodeError):
        raise HostError(
            f"HEALTHSHEET_TOKENS_FILE: {file} cannot be read. Write one token a line into it."
        ) from None


def _variable(name: str) -> str:
    return f"HEALTHSHEET_{name.upper()}"


def _sentence(error: Mapping[str, object]) -> str:
    """What is wrong with one setting; never its value, which may be a secret."""
    location, context = error["loc"], error.get("ctx")
    assert isinstance(location, tuple)
    if isinstance(context, dict) and isinstance(context.get("error"), ValueError):
        text = str(context["error"])
    else:
        text = f"{str(error['msg']).rstrip('.')}. Correct it."
    return f"{_variable(str(location[0]))}: {text}" if location else text
