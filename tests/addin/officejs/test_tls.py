"""The certificate for localhost: what it may do, how long, and that a real client trusts it."""

from __future__ import annotations

import socket
import ssl
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from addin.hosts.officejs import trust
from addin.hosts.officejs.tls import config_folder, local_certificate
from addin.hosts.officejs.trust import trust_commands
from scoring.errors import HostError

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def shaken(chain: Path, key: Path, authority: Path, name: str) -> str:
    """What a client that trusts the authority says to a server with the certificate."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain, key)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(ours, server_side=True).close()
        except OSError:
            ours.close()  # the client did not like it, which is what is asked

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        client = ssl.create_default_context(cafile=str(authority))
        with client.wrap_socket(theirs, server_hostname=name) as connected:
            return str(connected.version())
    except ssl.SSLCertVerificationError as error:
        return str(error.verify_message)
    finally:
        theirs.close()
        thread.join()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_a_client_trusts_it(name: str, tmp_path: Path) -> None:
    """A client that trusts the authority shakes hands under each name of loopback."""
    made = local_certificate(tmp_path / "new" / "folder")
    assert made.is_new
    assert shaken(made.chain, made.key, made.authority, name) == "TLSv1.3"


def test_other_names_are_not_covered(tmp_path: Path) -> None:
    """The certificate is for this machine alone."""
    made = local_certificate(tmp_path)
    assert "Hostname mismatch" in shaken(made.chain, made.key, made.authority, "example.com")


def test_authority_may_sign_for_nobody_else(tmp_path: Path) -> None:
    """Whoever steals the authority's key cannot play another site."""
    made = local_certificate(tmp_path)
    authority = certificate(made.authority)
    signer = serialization.load_pem_private_key((tmp_path / "authority.key").read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "bank.example")])
    names = x509.SubjectAlternativeName([x509.DNSName("bank.example")])
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    stolen = (
        x509.CertificateBuilder(authority.subject, name, key.public_key(), 7)
        .not_valid_before(datetime.now(UTC) - timedelta(hours=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=30))
        .add_extension(names, critical=False)
        .add_extension(identifier, critical=False)
        .sign(signer, hashes.SHA256())
    )
    chain, private = tmp_path / "bank.pem", tmp_path / "bank.key"
    chain.write_bytes(stolen.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    said = shaken(chain, private, made.authority, "bank.example")
    assert said == "permitted subtree violation"


def test_openssl_finds_no_fault(tmp_path: Path) -> None:
    """OpenSSL's strict check accepts the certificate as a server's."""
    made = local_certificate(tmp_path)
    checks = ["-x509_strict", "-purpose", "sslserver", "-verify_hostname", "localhost"]
    command = ["openssl", "verify", *checks, "-CAfile", str(made.authority), str(made.chain)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_only_the_person_can_read_it(tmp_path: Path) -> None:
    """Keys and folder are closed to others."""
    folder = tmp_path / "healthsheet"
    local_certificate(folder)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}
    assert modes.pop("healthsheet") == 0o700
    assert set(modes) == {"authority.pem", "authority.key", "localhost.pem", "localhost.key"}
    assert set(modes.values()) == {0o600}


def test_it_is_made_once(tmp_path: Path) -> None:
    """A second start takes what is there, so that trust lasts."""
    first = local_certificate(tmp_path, NOW)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    again = local_certificate(tmp_path, NOW + timedelta(days=300))
    assert not again.is_new
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    lives = certificate(first.chain).not_valid_after_utc - NOW
    assert lives <= timedelta(days=398)


def test_it_is_renewed(tmp_path: Path) -> None:
    """Before it ends a certificate of the same authority takes its place."""
    first = local_certificate(tmp_path, NOW)
    authority, chain = first.authority.read_bytes(), first.chain.read_bytes()
    again = local_certificate(tmp_path, NOW + timedelta(days=380))
    assert not again.is_new
    assert again.authority.read_bytes() == authority
    assert again.chain.read_bytes() != chain
    certificate(again.chain).verify_directly_issued_by(certificate(again.authority))
    assert certificate(again.chain).not_valid_after_utc > NOW + timedelta(days=700)


@pytest.mark.parametrize(
    "name", ["authority.pem", "authority.key", "localhost.pem", "localhost.key"]
)
@pytest.mark.parametrize("spoil", ["", "not a certificate", None])
def test_what_is_spoilt_is_made_again(name: str, spoil: str | None, tmp_path: Path) -> None:
    """A lost, empty or spoilt file leaves no server that cannot start."""
    local_certificate(tmp_path)
    if spoil is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_text(spoil, encoding="ascii")
    made = local_certificate(tmp_path)
    assert made.is_new == name.startswith("authority")
    assert shaken(made.chain, made.key, made.authority, "localhost") == "TLSv1.3"


def test_files_of_two_authorities_are_told_apart(tmp_path: Path) -> None:
    """A certificate that another authority signed is replaced."""
    local_certificate(tmp_path / "one")
    made = local_certificate(tmp_path / "two")
    for name in ("localhost.pem", "localhost.key"):
        (tmp_path / "two" / name).write_bytes((tmp_path / "one" / name).read_bytes())
    local_certificate(tmp_path / "two")
    assert shaken(made.chain, made.key, made.authority, "localhost") == "TLSv1.3"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A folder that cannot be written is named, with the way round."""
    (tmp_path / "file").write_text("", encoding="ascii")
    with pytest.raises(HostError, match=r"file/folder: .*--cert and --key\.$"):
        local_certificate(tmp_path / "file" / "folder")


@pytest.mark.parametrize(
    ("platform", "environment", "ends"),
    [
        ("linux", {"XDG_CONFIG_HOME": "/x"}, "/x/healthsheet"),
        ("linux", {}, "/.config/healthsheet"),
        ("darwin", {}, "/Library/Application Support/healthsheet"),
        ("win32", {"APPDATA": "/a"}, "/a/healthsheet"),
        ("win32", {}, "/AppData/Roaming/healthsheet"),
    ],
)
def test_folder_of_each_system(
    platform: str, environment: dict[str, str], ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each system keeps settings at a place of its own."""
    monkeypatch.setattr(sys, "platform", platform)
    assert config_folder(environment).as_posix().endswith(ends)


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
def test_commands_name_the_file(platform: str) -> None:
    """Each system's commands work on the authority's own file."""
    commands = trust_commands(Path("/a/b c/authority.pem"), platform)
    assert any("/a/b c/authority.pem" in command for command in commands)


@pytest.mark.parametrize(("user", "first"), [(0, "install"), (1000, "sudo")])
def test_rights_are_asked_for_where_they_lack(
    user: int, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Linux only root may add an authority; root need not ask."""
    monkeypatch.setattr("os.geteuid", lambda: user)
    assert {c[0] for c in trust_commands(Path("a.pem"), "linux")} >= {first}


def test_trust_says_what_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A command that is missing or fails is named; one that works is silent."""
    asked = [
        (("no-such-program", "x"), r"^no-such-program is not installed\. Trust .* by hand\.$"),
        (("false", "a b"), r"^false 'a b' failed\. Run it by hand\.$"),
    ]
    for command, text in asked:
        monkeypatch.setattr(trust, "trust_commands", lambda _, c=command: (c,))
        with pytest.raises(HostError, match=text):
            trust.trust(tmp_path / "authority.pem")
    monkeypatch.setattr(trust, "trust_commands", lambda _: (("true",),))
    trust.trust(tmp_path / "authority.pem")
