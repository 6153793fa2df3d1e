"""The manifest: what Excel demands, and where it leads."""

from __future__ import annotations

import json
import re
import struct
import subprocess
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from addin.hosts.officejs.manifest import manifest
from pipeline.cli import main
from scoring.errors import HostError
from tests.addin.officejs.manifest_rules import faults
from tests.addin.officejs.wire_calls import client
from tests.modules import ROOT

URL = "https://scores.example.com"
CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
GOOD = manifest(URL, CLIENT)


@pytest.mark.parametrize("client_id", ["", CLIENT])
@pytest.mark.parametrize("url", [URL, "https://localhost:3000", "https://[::1]:8443"])
def test_no_rule_is_broken(url: str, client_id: str) -> None:
    """The manifest keeps every rule, wherever the server is."""
    assert faults(manifest(url, client_id)) == []


@pytest.mark.parametrize(
    ("pattern", "into", "fault"),
    [
        (r"(<Version>.*?</Version>\s*)(<ProviderName>.*?</ProviderName>\s*)", r"\2\1", "OfficeApp"),
        (
            r"(<Runtimes>.*?</Runtimes>\s*)(<AllFormFactors>.*?</AllFormFactors>\s*)",
            r"\2\1",
            "Host",
        ),
        (r"<Supertip>.*?</Supertip>", "", "Control"),
        (r'<bt:Url id="Pane.Url"[^>]*>', "", "no Urls named Pane.Url"),
        (r'<Runtime resid="Pane.Url"', '<Runtime resid="Help.Url"', "not one page for all"),
        (r'<Label resid="Group.Label"', '<Label resid="Pane.Tip"', "no ShortStrings named"),
        (r"https://scores.example.com/pane.html", "http://scores.example.com/pane.html", "https"),
        (r"<Id>.", "<Id>x", "Id: "),
        (r"<Version>[\d.]*", "<Version>1.0-rc", "Version: "),
        (r"ReadWriteDocument", "Everything", "Permissions: "),
        (r'<bt:Image size="80"[^>]*>', "", "Icon: sizes"),
        (r'DefaultValue="HealthSheet is ready"', f'DefaultValue="{"x" * 126}"', "126 characters"),
        (r'xsi:type="Workbook"', 'xsi:type="Document"', "Host: "),
        (r"<Page>.*?</Page>", "", "ExtensionPoint"),
        (r'id="Help.Url"', 'id="Pane.Label"', "Pane.Label: twice"),
    ],
)
def test_broken_rules_are_seen(pattern: str, into: str, fault: str) -> None:
    """Each rule finds the fault that it is for."""
    spoilt = re.sub(pattern, into, GOOD, flags=re.DOTALL)
    assert spoilt != GOOD
    assert any(fault in found for found in faults(spoilt))


@pytest.mark.parametrize("client_id", ["", CLIENT])
def test_microsofts_parser_reads_it(client_id: str, tmp_path: Path) -> None:
    """The parser that Office itself has in browsers finds page, button and sign-in."""
    (tmp_path / "healthsheet.xml").write_text(manifest(URL, client_id), encoding="utf-8")
    script = (
        "require(process.argv[1]).convert('healthsheet.xml', 'out', false, null, null, false)"
        ".catch((error) => { console.error(error); process.exit(1); });"
    )
    parser = ROOT / "tests" / ".node" / "node_modules" / "office-addin-manifest-converter"
    command = ["node", "-e", script, str(parser / "lib" / "main.js")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    (extension,) = found["extensions"]
    assert [r["code"]["page"] for r in extension["runtimes"]] == [f"{URL}/pane.html"] * 2
    assert "long" in {r["lifetime"] for r in extension["runtimes"]}
    (tab,) = extension["ribbons"][0]["tabs"]
    assert tab["builtInTabId"] == "TabHome"
    assert tab["groups"][0]["controls"][0]["label"] == "HealthSheet"
    names = {c["name"] for c in extension["requirements"]["capabilities"]}
    assert names == {"SharedRuntime", "CustomFunctionsRuntime"}
    sign_in = {"id": CLIENT, "resource": f"api://scores.example.com/{CLIENT}"}
    assert found.get("webApplicationInfo") == (sign_in if client_id else None)


def test_every_address_answers() -> None:
    """Whatever the manifest names is served, pictures in the size they are said to have."""
    server = client(url=URL, sign_in="token", tokens="t" * 20)
    text = server.get("/manifest.xml").text
    urls = set(re.findall(rf'"({re.escape(URL)}/[^"]*)"', text))
    assert len(urls) == 8
    for url in urls:
        answer = server.get(url)
        assert answer.status_code == 200, url
        if size := re.search(r"icon-(\d+)\.png$", url):
            width, height = struct.unpack(">II", answer.content[16:24])
            assert (width, height) == (int(size[1]), int(size[1]))


def test_functions_have_no_prefix() -> None:
    """People type =HEALTH_SCORE(…) as in every other host: there is no namespace."""
    assert "<Namespace" not in GOOD


def test_a_server_keeps_its_id() -> None:
    """The same server has the same id each time, and another server another one."""
    ids = [re.findall("<Id>(.*?)</Id>", manifest(url))[0]
           for url in (URL, URL, "https://scores.example.com:8443")]  # fmt: skip
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("version", "shown"),
    [
        ("0.1.0", "0.1.0.0"),
        ("2.13", "2.13.0.0"),
        ("1.2.3rc4", "1.2.3.0"),
        ("1.2.3.4+local", "1.2.3.0"),
    ],
)
def test_version_has_four_numbers(
    version: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel takes four numbers only."""
    monkeypatch.setattr("addin.hosts.officejs.manifest.version", lambda _: version)
    assert f"<Version>{shown}</Version>" in manifest(URL)


def test_sign_in_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's own manifest has the app registration only where people sign in with it."""
    ids = {"tenant": CLIENT, "client_id": CLIENT}
    entra = client(url=URL, sign_in="entra", **ids)
    token = client(url=URL, sign_in="token", tokens="t" * 20, **ids)
    assert "WebApplicationInfo" in manifest_of(entra)
    assert "WebApplicationInfo" not in manifest_of(token)


def manifest_of(server: TestClient) -> str:
    text: str = server.get("/manifest.xml").text
    return text


def test_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes the server's manifest and says how it gets into Excel."""
    file = tmp_path / "company.xml"
    options = ["--url", "https://Scores.Example.com/", "--client-id", CLIENT.upper()]
    assert main(["addin", "manifest", *options, "-o", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == GOOD
    told = capsys.readouterr().out
    assert told.startswith(f"Wrote {file}: HealthSheet for Excel at {URL}.\nNext: ")


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
def test_each_system_has_a_way(
    platform: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What to do next is told for the system at hand."""
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.chdir(tmp_path)
    assert main(["addin", "manifest"]) == 0
    told = capsys.readouterr().out
    place = {"win32": "Trust Center", "darwin": "/Documents/wef/", "linux": "Upload My Add-in"}
    assert place[platform] in told
    assert (tmp_path / "healthsheet.xml").exists()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--url", "http://scores.example.com"], "is not encrypted, and Excel refuses it."),
        (["--url", "https://example.com/a"], "has a path. Give HealthSheet a host name or port"),
        (["--url", "scores.example.com"], "is no address. Write it as https://scores.example.com."),
        (["--client-id", "abc"], "Copy it from the app registration's overview."),
    ],
)
def test_wrong_options(options: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong address or id is refused with the way it is written."""
    with pytest.raises(SystemExit) as ended:
        main(["addin", "manifest", *options])
    assert ended.value.code == 2
    assert text in " ".join(capsys.readouterr().err.split())


def test_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is not there is named, with the way round."""
    file = tmp_path / "nowhere" / "m.xml"
    assert main(["addin", "manifest", "-o", str(file)]) == 2
    assert capsys.readouterr().err == (
        f"healthsheet: {file}: No such file or directory. Name another file with -o.\n"
    )


def test_localhost_must_be_encrypted_too() -> None:
    """Excel takes no plain address, not even of this machine."""
    with pytest.raises(HostError, match=r"^http://localhost:3000 is not encrypted"):
        manifest("http://localhost:3000")
