"""The LibreOffice extension as a file, and the command that builds and installs it."""

from __future__ import annotations

import json
import os
import re
import stat
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

import addin.hosts.libreoffice.vendor as vendoring
from addin.cells import Fault
from addin.hosts.libreoffice import build, build_oxt, install_oxt, uninstall_oxt
from addin.hosts.libreoffice.metadata import extension_files
from addin.hosts.libreoffice.names import SERVICE, long_name, method, parameter
from addin.hosts.libreoffice.python import OfficePython, find_program, office_python, this_python
from addin.hosts.libreoffice.uno_types import IDL, uno_type
from addin.hosts.libreoffice.values import cell_reader, error_code, shown
from addin.hosts.libreoffice.vendor import platform_tags, requirements
from addin.registry import FUNCTIONS
from pipeline.cli import main
from scoring.errors import HostError

OOR = "{http://openoffice.org/2001/registry}"


@pytest.fixture(scope="module")
def oxt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_oxt(tmp_path_factory.mktemp("oxt") / "made" / "hs.oxt")


def test_names_that_files_hold() -> None:
    """Saved workbooks hold these names: a change would break them."""
    assert [long_name(f) for f in FUNCTIONS[:2]] == [
        "ORG.HEALTHSHEET.CELLS.HEALTHSCORE",
        "ORG.HEALTHSHEET.CELLS.HEALTHTIER",
    ]


def test_every_function_is_declared() -> None:
    """Type library and names come from the registry, in its order and with its texts."""
    files = extension_files("1.2.3", "3.11")
    root = fromstring(files["CalcAddIns.xcu"])
    nodes = root.findall(f"./node/node[@{OOR}name='{SERVICE}']/node/node")
    assert [n.get(f"{OOR}name") for n in nodes] == [method(f) for f in FUNCTIONS]
    for node, function in zip(nodes, FUNCTIONS, strict=True):
        texts = {p.get(f"{OOR}name"): p.findtext("value") for p in node.findall("prop")}
        assert texts["DisplayName"] == function.name
        assert texts["CompatibilityName"] == f"_xldudf_{function.name}"
        assert texts["Description"] == function.help
        arguments = [n.get(f"{OOR}name") for n in node.findall("node/node")]
        assert arguments == [parameter(a) for a in function.arguments]
        typed = ", ".join(f"[in] {IDL[uno_type(a)]} {parameter(a)}" for a in function.arguments)
        assert f" {method(function)}({typed});" in files["cells.idl"]


def test_argument_types() -> None:
    """LibreOffice lets people leave out only arguments of type any; data keeps its errors."""
    for function in FUNCTIONS:
        for argument in function.arguments:
            assert (uno_type(argument) == "any") >= argument.optional
            assert argument.optional or argument.kind != "rows" or uno_type(argument) == "range"
            assert parameter(argument).isalnum()  # interface descriptions allow no underscores


def test_files_are_well_formed() -> None:
    """Every XML file parses, and the manifest names files that exist."""
    files = extension_files("1.2.3", "3.11")
    for name, text in files.items():
        if text.startswith("<?xml"):
            fromstring(text)
        if name.endswith(".py"):
            compile(text, name, "exec")
    listed = re.findall(r'full-path="([^"]+)"', files["META-INF/manifest.xml"])
    assert set(listed) <= set(files)
    assert '<version value="1.2.3"/>' in files["description.xml"]


def test_packages_inside(oxt: Path) -> None:
    """The extension carries the one engine, its presets, and pydantic with licences."""
    with zipfile.ZipFile(oxt) as package:
        names = package.namelist()
    assert "pythonpath/scoring/models/scorecard.toml" in names
    assert "pythonpath/addin/hosts/libreoffice/component.py" in names
    for name in requirements():
        assert any(n.startswith(f"pythonpath/{name.replace('-', '_')}") for n in names), name
    assert not [n for n in names if "__pycache__" in n or n.endswith("RECORD")]
    assert not [n for n in names if "/hosts/officejs/" in n or "/hosts/xlwings/" in n]
    assert [n for n in names if "pydantic-" in n and "LICENSE" in n]
    assert oxt.stat().st_size < 6_000_000


def test_same_code_same_file(oxt: Path, tmp_path: Path) -> None:
    """Two builds are equal, and nothing unfinished is left behind."""
    again = build_oxt(tmp_path / "again.oxt")
    assert again.read_bytes() == oxt.read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["again.oxt"]


def test_replaces_an_older_file(tmp_path: Path) -> None:
    """Building over a file replaces it."""
    target = tmp_path / "hs.oxt"
    target.write_text("old")
    assert zipfile.is_zipfile(build_oxt(target))


def test_unwritable_place(tmp_path: Path) -> None:
    """A file that cannot be written is an error that says so."""
    (tmp_path / "file").write_text("")
    with pytest.raises(HostError, match="cannot be written"):
        build_oxt(tmp_path / "file" / "hs.oxt")


def test_other_python_without_pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a fitting pydantic the error says which Python it must be for."""
    here = this_python()
    monkeypatch.setattr(vendoring, "this_python", lambda: here)
    monkeypatch.setattr(sys, "executable", _program(tmp_path, "pip", "exit 1"))
    other = OfficePython((3, 13), "linux-aarch64", ".other.so", here.executable)
    with pytest.raises(HostError, match=r"runs Python 3\.13 on linux-aarch64; pydantic for it"):
        build_oxt(tmp_path / "hs.oxt", python=other)


def test_result_is_tried_before_it_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An extension that its Python cannot load is not written."""
    monkeypatch.setattr(build, "vendor", lambda folder, python: folder.mkdir())
    with pytest.raises(HostError, match="does not load in LibreOffice's Python"):
        build_oxt(tmp_path / "hs.oxt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "decimal", "cell"),
    [
        ("79.5", ".", 79.5), ("79,5", ",", 79.5), ("-1", ".", -1.0), ("1E-05", ".", 1e-5),
        ("1,125", ".", "1,125"), ("1.125", ",", "1.125"), ("1.125,5", ",", "1.125,5"),
        ("", ".", ""), ("", ",", ""), ("TRUE", ".", "TRUE"), ("79%", ".", "79%"),
        ("nan", ".", "nan"), ("1_0", ".", "1_0"), ("14.08.2026", ".", "14.08.2026"),
    ],
)  # fmt: skip
def test_cells_that_arrive_as_text(text: str, decimal: str, cell: object) -> None:
    """Numbers are read in the office's own notation; all else stays text."""
    assert cell_reader(decimal)(text) == cell


def test_errors_are_marked_numbers() -> None:
    """Every error goes out as a NaN, and known numbers come in as the error they show."""
    for number, code in ((32767, "#N/A"), (503, "#NUM!"), (519, "#VALUE!"), (522, "Err:522")):
        assert error_code(number) == code
        marked = shown(Fault(code))
        assert isinstance(marked, float)
        assert struct.pack("<d", marked)[:4] == number.to_bytes(4, "little")
    unknown = shown(Fault("#SPILL!"))  # LibreOffice has no such error
    assert isinstance(unknown, float)
    assert struct.pack("<d", unknown)[:4] == (519).to_bytes(4, "little")
    assert shown(60.0) == 60.0
    assert shown("Green") == "Green"


@pytest.mark.parametrize(
    ("platform", "tag"),
    [
        ("linux-x86_64", "manylinux2014_x86_64"),
        ("macosx-11.0-arm64", "macosx_11_0_arm64"),
        ("win-amd64", "win_amd64"),
        ("win32", "win32"),
    ],
)
def test_platform_tags(platform: str, tag: str) -> None:
    """Platforms as Python names them have their wheels' tags."""
    assert tag in platform_tags(platform)


def test_office_python_is_found() -> None:
    """LibreOffice's Python is new enough and runs."""
    found = office_python()
    assert found.version >= (3, 11)
    assert Path(found.executable).is_file()


def test_old_office_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A LibreOffice with too old a Python is refused by version."""
    told = json.dumps([[3, 8], "linux-x86_64", ".so", "python"])
    _program(tmp_path, "python", f"echo '{told}'")
    (tmp_path / "pythonloader.py").touch()
    monkeypatch.setenv("PATH", str(Path(_program(tmp_path, "soffice", "")).parent))
    with pytest.raises(HostError, match=r"is 3\.8; HealthSheet needs 3\.11 or newer"):
        office_python()


def test_office_without_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A LibreOffice that cannot run Python is refused with the package to install."""
    monkeypatch.setenv("PATH", str(Path(_program(tmp_path, "soffice", "")).parent))
    with pytest.raises(HostError, match=r"cannot run Python extensions\..* python3-uno"):
        office_python()


def test_no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without LibreOffice the error says where it was looked for."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(HostError, match="LibreOffice was not found"):
        find_program("no-such-office")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="a system without root")
@pytest.mark.parametrize(("user", "shared"), [(0, True), (1000, False)])
def test_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, user: int, shared: bool) -> None:
    """An older one is replaced; root installs for all users, as LibreOffice demands."""
    log = tmp_path / "log"
    _program(tmp_path, "unopkg", f'echo "$@" > {log}')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert install_oxt(tmp_path / "hs.oxt") is shared
    said = log.read_text().split()
    assert said[:3] == ["add", "--force", "--suppress-license"]
    assert ("--shared" in said) is shared
    assert said[-1] == str(tmp_path / "hs.oxt")


def test_install_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """LibreOffice's own words stand in the error, with what to do."""
    _program(tmp_path, "unopkg", "echo profile is locked >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(HostError, match=r"profile is locked Close LibreOffice and retry\."):
        install_oxt(tmp_path / "hs.oxt")


def test_removal_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where LibreOffice does not let the extension go, its own words say why."""
    _program(tmp_path, "unopkg", "echo profile is locked >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(HostError, match=r"profile is locked Close LibreOffice and retry\."):
        uninstall_oxt()


_ASK = """
import healthsheet_cells as cells
made = cells.g_ImplementationHelper.getComponentFactory("org.healthsheet.Cells", None, None)
service = made.createInstanceWithContext(None)
print(service.getServiceName(), service.healthTier("70", None))
print(service.healthScore(None, None, None, None))
"""


@pytest.mark.office
@pytest.mark.parametrize(
    ("made_for", "why"),
    [("3.8", r"it was made for Python 3\.8, and LibreOffice now runs 3\.\d+"),
     ("", "cannot import name|No module named")],
)  # fmt: skip
def test_cells_say_what_is_wrong(oxt: Path, tmp_path: Path, made_for: str, why: str) -> None:
    """Where pydantic does not fit LibreOffice's Python, a cell shows the sentence and the fix."""
    with zipfile.ZipFile(oxt) as package:
        package.extractall(tmp_path)
    for module in tmp_path.glob("pythonpath/pydantic_core/*.so"):
        module.unlink()
    told = json.loads((tmp_path / "made.json").read_text())
    running = told["python"]
    (tmp_path / "made.json").write_text(json.dumps(told | {"python": made_for or running}))
    types = find_program("soffice").parent
    folders = (types / "types.rdb", types / "types" / "offapi.rdb", tmp_path / "cells.idl")
    done = subprocess.run(
        [office_python().executable, "-c", _ASK],
        env={"PYTHONPATH": str(tmp_path), "URE_MORE_TYPES": " ".join(p.as_uri() for p in folders)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.match(
        rf"org\.healthsheet\.Cells HealthSheet does not start: ({why}).*\. "
        r"Make it anew with: healthsheet addin oxt --install, then restart LibreOffice\.\n"
        r"\(\(.HealthSheet does not start: ",
        done.stdout,
    ), done.stderr


@pytest.mark.office
def test_installed_upgraded_and_removed(oxt: Path, tmp_path: Path) -> None:
    """LibreOffice's real unopkg takes the extension twice, and nothing of it stays behind."""
    places = [tmp_path / name for name in ("UserInstallation", "UNO_SHARED_PACKAGES_CACHE")]
    options = tuple(f"-env:{place.name}={place.as_uri()}" for place in places)
    for _ in range(2):
        install_oxt(oxt, options=options)
    assert [p for p in tmp_path.rglob("healthsheet_cells.py") if p.is_file()]
    assert uninstall_oxt(options=options)
    # What stays are LibreOffice's own lists, which now name nothing of ours.
    left = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert not [p for p in left if b"healthsheet" in p.read_bytes() or "healthsheet" in str(p)]
    assert not uninstall_oxt(options=options)


def test_command_uninstalls(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says whether there was anything to remove, and builds nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    _program(tmp_path, "unopkg", "true")
    assert main(["addin", "oxt", "--uninstall"]) == 0
    assert "Removed HealthSheet" in capsys.readouterr().out
    _program(tmp_path, "unopkg", "echo There is no such extension deployed >&2; exit 1")
    assert main(["addin", "oxt", "--uninstall"]) == 0
    assert "Nothing to remove" in capsys.readouterr().out
    assert [p.name for p in tmp_path.iterdir()] == ["unopkg"]


def test_command_builds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes the file and says what to do next."""
    target = tmp_path / "x.oxt"
    assert main(["addin", "oxt", "-o", str(target)]) == 0
    said = capsys.readouterr().out
    assert zipfile.is_zipfile(target)
    assert f"Wrote {target}" in said
    assert "Next: healthsheet addin oxt" in said


def test_command_lists(capsys: pytest.CaptureFixture[str]) -> None:
    """The list shows every function, and as JSON holds the same."""
    assert main(["addin", "functions"]) == 0
    said = capsys.readouterr().out
    assert main(["addin", "functions", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [f["name"] for f in data] == [f.name for f in FUNCTIONS]
    assert all(f["signature"] in said for f in data)


def _program(folder: Path, name: str, script: str) -> str:
    """A program that runs a shell script."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)
