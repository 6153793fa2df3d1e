"""The VBA project that we write, beside the one that xlwings ships."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
import xlwings
from hypothesis import given
from hypothesis import strategies as st

from addin.hosts.xlwings.compound import compound_file
from addin.hosts.xlwings.vba import modules
from addin.hosts.xlwings.vba_project import compressed, encrypted, vba_project
from tests.addin.xlwings.reading import Compound, decompressed, decrypted, records

_SHEETS = ("SettingsSheet", "FunctionsSheet")


@pytest.fixture(scope="module")
def ours() -> dict[str, bytes]:
    """The streams of our project."""
    return Compound(vba_project(modules("1.2.3"), _SHEETS)).streams


@pytest.fixture(scope="module")
def shipped() -> dict[str, bytes]:
    """The streams of an add-in that xlwings ships and Excel runs on many machines."""
    file = Path(xlwings.__file__).with_name("quickstart_addin_ribbon.xlam")
    with zipfile.ZipFile(file) as package:
        return Compound(package.read("xl/vbaProject.bin")).streams


def _properties(streams: dict[str, bytes]) -> dict[str, str]:
    text = streams["PROJECT"].decode("cp1252")
    return dict(re.findall(r'(?m)^(\w+)="(.*)"\r?$', text))


def test_sources_stand_in_the_project(ours: dict[str, bytes]) -> None:
    """Every module can be read back, under its name."""
    for name, source in modules("1.2.3").items():
        text = decompressed(ours[f"VBA/{name}"]).decode("cp1252")
        assert text.startswith(f'Attribute VB_Name = "{name}"\r\n')
        assert text.endswith(source)


def test_nothing_is_compiled(ours: dict[str, bytes], shipped: dict[str, bytes]) -> None:
    """As in what xlwings ships, there is no compiled code beside the sources."""
    assert len(ours["VBA/_VBA_PROJECT"]) == len(shipped["VBA/_VBA_PROJECT"]) == 7
    assert ours["VBA/_VBA_PROJECT"][:4] == shipped["VBA/_VBA_PROJECT"][:4]


def test_directory_is_built_as_theirs(ours: dict[str, bytes], shipped: dict[str, bytes]) -> None:
    """The same records in the same order, but for the references to libraries."""
    references = {0x16, 0x3E, 0x33, 0x2F, 0x30, 0x0D}

    def kinds(streams: dict[str, bytes]) -> list[int]:
        listed = [number for number, _ in records(decompressed(streams["VBA/dir"]))]
        head = listed[: listed.index(0x19)]
        modules_of_one = listed[listed.index(0x19) : listed.index(0x2B) + 1]
        return [n for n in head if n not in references] + modules_of_one + listed[-1:]

    assert kinds(ours) == kinds(shipped)


def test_directory_lists_the_modules(ours: dict[str, bytes]) -> None:
    """Each module stands with its stream, its kind, and its source at the very beginning."""
    listed = records(decompressed(ours["VBA/dir"]))
    names = [data.decode() for number, data in listed if number == 0x19]
    assert set(names) == {*_SHEETS, *modules("1.2.3")}
    assert [data.decode() for number, data in listed if number == 0x1A] == names
    assert {data for number, data in listed if number == 0x31} == {bytes(4)}
    kinds = [number for number, _ in listed if number in (0x21, 0x22)]
    documents = {name for name, kind in zip(names, kinds, strict=True) if kind == 0x22}
    assert documents == {"ThisWorkbook", *_SHEETS}


def test_properties(ours: dict[str, bytes], shipped: dict[str, bytes]) -> None:
    """Neither protected nor locked nor hidden, and written as the shipped ones are."""
    for streams in (ours, shipped):
        found = _properties(streams)
        assert decrypted(found["CMG"]) == bytes(4)
        assert decrypted(found["DPB"]) == bytes(1)
        assert decrypted(found["GC"]) == b"\xff"
    theirs = _properties(shipped)
    seed = int(theirs["CMG"][:2], 16)
    assert encrypted(bytes(4), theirs["ID"], seed)[:6] == theirs["CMG"][:6]


@given(st.binary(max_size=9000) | st.text("ab \n", max_size=9000).map(str.encode))
def test_compression_keeps_everything(data: bytes) -> None:
    """What is compressed comes back, but for zeros after what cannot be compressed."""
    back = decompressed(compressed(data))
    assert back[: len(data)] == data
    assert not back[len(data) :].strip(b"\0")


def test_compression_compresses() -> None:
    """A source takes less than half of its size."""
    source = modules("1.2.3")["HealthFunctions"].encode()
    assert len(compressed(source)) * 2 < len(source)
    assert decompressed(compressed(source)) == source


@given(
    st.dictionaries(
        st.sampled_from(["a", "B", "dir", "x/one", "x/Two", "x/three", "y/z", "long name"]),
        st.binary(max_size=100) | st.integers(4000, 70_000).map(lambda n: b"\x07" * n),
    )
)
def test_streams_come_back(streams: dict[str, bytes]) -> None:
    """A compound file holds every stream, small or large, in folders or not."""
    assert Compound(compound_file(streams)).streams == streams


def test_too_large_for_one_file() -> None:
    """More than the header can name is refused, not written wrong."""
    with pytest.raises(ValueError, match="too large"):
        compound_file({"a": bytes(7_200_000)})
