"""A certificate for localhost that Excel trusts once the person has trusted its authority.

The authority is made on this machine, may sign for localhost alone (name constraints), and its
key never leaves the person's own folder. The certificate lives a year and is renewed by itself.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from scoring.errors import HostError

__all__ = ["Certificate", "config_folder", "local_certificate"]

_AUTHORITY_NAME = "HealthSheet on this computer"
_AUTHORITY_DAYS = 3650
# Apple's systems accept no certificate that lives longer than 825 days.
_DAYS = 397
_RENEW_DAYS = 30
_NAMES: tuple[x509.GeneralName, ...] = (
    x509.DNSName("localhost"),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    x509.IPAddress(ipaddress.ip_address("::1")),
)
_ALLOWED = (
    x509.DNSName("localhost"),
    x509.IPAddress(ipaddress.ip_network("127.0.0.0/8")),
    x509.IPAddress(ipaddress.ip_network("::1/128")),
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files of the certificate.

    Attributes:
        chain: the certificate, PEM.
        key: its private key, PEM.
        authority: the certificate to trust, PEM.
        is_new: whether the authority was made just now, so that nobody trusts it yet.
    """

    chain: Path
    key: Path
    authority: Path
    is_new: bool


def config_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where programs of this system keep a person's settings: the folder ``healthsheet`` there."""
    given = os.environ if environment is None else environment
    if sys.platform == "win32":
        base = given.get("APPDATA") or str(Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        base = given.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "healthsheet"


def local_certificate(folder: Path, now: datetime | None = None) -> Certificate:
    """The certificate in the folder; made where there is none, renewed before it ends.

    Args:
        folder: only the person may read it; made where it is missing.
        now: point in time, with time zone.

    Raises:
        HostError: the folder cannot be written.
    """
    now = now or datetime.now(UTC)
    chain, key = folder / "localhost.pem", folder / "localhost.key"
    authority_file, authority_key = folder / "authority.pem", folder / "authority.key"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        authority = _read(authority_file, authority_key, now)
        is_new = authority is None
        if authority is None:
            authority = _make_authority(now)
            _write(authority_file, authority_key, authority)
        if not _is_signed(_read(chain, key, now), authority[0]):
            _write(chain, key, _make_certificate(authority, now))
    except OSError as error:
        text = f"{folder}: {error.strerror}. Make it writable, or give --cert and --key."
        raise HostError(text) from None
    return Certificate(chain, key, authority_file, is_new)


Pair = tuple[x509.Certificate, EllipticCurvePrivateKey]


def _read(certificate: Path, key: Path, now: datetime) -> Pair | None:
    """What the files hold; None where they are missing, spoilt or about to end."""
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), None)
    except (FileNotFoundError, ValueError):
        return None
    ends_soon = found.not_valid_after_utc < now + timedelta(days=_RENEW_DAYS)
    if ends_soon or not isinstance(private, EllipticCurvePrivateKey):
        return None
    return (found, private) if found.public_key() == private.public_key() else None


def _is_signed(pair: Pair | None, authority: x509.Certificate) -> bool:
    try:
        if pair is not None:
            pair[0].verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return pair is not None


def _make_authority(now: datetime) -> Pair:
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _AUTHORITY_NAME)])
    made = (
        _builder(name, name, key, now, _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        # Whoever steals the key cannot play any site but this machine's own.
        .add_extension(x509.NameConstraints(_ALLOWED, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made, key


def _make_certificate(authority: Pair, now: datetime) -> Pair:
    signer, signer_key = authority
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key())
    made = (
        _builder(name, signer.subject, key, now, _DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_NAMES), critical=False)
        .add_extension(issuer, critical=False)
        .sign(signer_key, hashes.SHA256())
    )
    return made, key


def _builder(
    name: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        # Clocks of one machine differ little, but a virtual one may lag behind.
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(certificate: Path, key: Path, pair: Pair) -> None:
    made, private = pair
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    # The key first: a certificate without its key would pass for whole at the next start.
    _replace(key, pem)
    _replace(certificate, made.public_bytes(serialization.Encoding.PEM))


def _replace(path: Path, content: bytes) -> None:
    """Write a file that only the person can read, whole or not at all."""
    made = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    made.replace(path)
