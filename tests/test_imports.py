"""Who may import whom: the layers of the product, and the libraries each of them may touch.

pipeline → workbook_templates → scoring        addin → scoring
inside addin: hosts → registry → functions → records, broadcast, readers → cells → scoring
"""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from tests.modules import PACKAGES, Module, imports, modules

_ADDIN = (
    "addin.hosts",
    "addin.registry",
    "addin.function",
    "addin.functions",
    "addin.records",
    "addin.broadcast",
    "addin.readers",
    "addin.cells",
)
# Each layer may import itself and what follows it; the command line may import everything.
LAYERS: dict[str, tuple[str, ...]] = {
    "pipeline.cli": PACKAGES,
    "pipeline": ("pipeline", "workbook_templates", "scoring"),
    "workbook_templates": ("workbook_templates", "scoring"),
    "scoring": ("scoring",),
    **{layer: (*_ADDIN[i:], "scoring") for i, layer in enumerate(_ADDIN)},
}
# Libraries and the only modules that may import them.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "xlwings": ("addin.hosts.xlwings",),
    "uno": ("addin.hosts.libreoffice",),
    "unohelper": ("addin.hosts.libreoffice",),
    "com.sun": ("addin.hosts.libreoffice",),
    "pyspark": ("pipeline.scale",),
    "jinja2": ("pipeline.mail",),
    "PIL": ("pipeline.mail",),
    "openpyxl": ("pipeline", "workbook_templates"),
    "xlsxwriter": ("pipeline", "workbook_templates"),
    **dict.fromkeys(
        ("anyio", "cryptography", "jwt", "limits", "starlette", "uvicorn"),
        ("addin.hosts.officejs",),
    ),
}


def within(name: str, package: str) -> bool:
    """Whether the dotted name is the package or lies in it."""
    return name == package or name.startswith((package + ".", package + "_"))


def layer_of(name: str) -> str | None:
    """The closest layer that the module belongs to."""
    found = [layer for layer in LAYERS if within(name, layer)]
    return max(found, key=len, default=None)


def faults(module: Module) -> list[str]:
    """Every import of the module that goes against the rules."""
    found = []
    layer = layer_of(module.name)
    for target, line in imports(module):
        # A bare import of the own package gives nothing but its folder.
        ours = target.split(".")[0] in PACKAGES and target != module.name.split(".")[0]
        if ours and not (layer and any(within(target, allowed) for allowed in LAYERS[layer])):
            found.append(f"{module.path.name}:{line}: {module.name} imports {target}")
        for library, allowed in LIBRARIES.items():
            uses = target == library or target.startswith(library + ".")
            if uses and not any(within(module.name, place) for place in allowed):
                found.append(f"{module.path.name}:{line}: {module.name} imports {target}")
    return found


def saves_with_openpyxl(module: Module) -> list[int]:
    """Lines that call ``.save(`` in a module that imports openpyxl."""
    if not any(target.split(".")[0] == "openpyxl" for target, _ in imports(module)):
        return []
    return [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "save"
    ]


def test_every_module_keeps_to_its_layer() -> None:
    """No module imports a layer above or beside it, nor a library that belongs to another."""
    assert [fault for module in modules() for fault in faults(module)] == []


def test_openpyxl_only_reads() -> None:
    """No module that imports openpyxl saves with it: it drops what people made."""
    assert {m.name: lines for m in modules() if (lines := saves_with_openpyxl(m))} == {}


def _module(name: str, text: str) -> Module:
    path = Path(*name.split(".")).with_suffix(".py")
    return Module(name, path, ast.parse(textwrap.dedent(text)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("scoring.score", "import openpyxl"),
        ("scoring.score", "from xlsxwriter import Workbook"),
        ("scoring.score", "def f():\n    import pipeline.sources"),
        ("scoring.score", "from addin import cells"),
        ("workbook_templates.fill", "from pipeline import cli"),
        ("workbook_templates.fill", "from addin.cells import Cell"),
        ("pipeline.sources", "from addin import registry"),
        ("pipeline.sources", "import xlwings"),
        ("addin.cells", "from addin import functions"),
        ("addin.functions", "from . import registry"),
        ("addin.stray", "from addin import cells"),
        ("addin.registry", "from .hosts import libreoffice"),
        ("addin.registry", "import openpyxl"),
        ("addin.hosts.xlwings", "import uno"),
        ("addin.hosts.xlwings", "from starlette.routing import Route"),
        ("addin.hosts.libreoffice", "import xlwings as xw"),
        ("addin.hosts.libreoffice.addin", "from workbook_templates import fill"),
    ],
)
def test_fault_is_seen(name: str, text: str) -> None:
    """Each forbidden direction is really found."""
    assert len(faults(_module(name, text))) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pipeline.cli", "from addin.hosts.libreoffice import build"),
        ("pipeline.cli_addin", "from addin import registry"),
        ("pipeline.cli.report", "from workbook_templates.fill import fill"),
        ("pipeline.sources", "import openpyxl\nfrom scoring import columns"),
        ("workbook_templates.drawing.parts", "import xlsxwriter\nfrom . import theme"),
        ("addin.hosts.libreoffice", "import uno\nfrom com.sun.star.sheet import XAddIn"),
        ("addin.hosts.libreoffice_build", "from addin.registry import FUNCTIONS"),
        ("addin.hosts.libreoffice.build", "import addin, scoring"),
        ("addin.functions", "from addin.cells import Cell\nfrom scoring.score import score"),
    ],
)
def test_allowed_import(name: str, text: str) -> None:
    """What the layers allow is not reported."""
    assert faults(_module(name, text)) == []


def test_saving_is_seen() -> None:
    """A save through openpyxl is really found."""
    module = _module("pipeline.sources", "import openpyxl\nopenpyxl.Workbook().save('x')")
    assert saves_with_openpyxl(module) == [2]
