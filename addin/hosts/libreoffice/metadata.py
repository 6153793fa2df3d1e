"""The descriptive files of the extension, each made from the registry.

LibreOffice takes the types of arguments from the type library (a raw ``.idl`` file will do) and
names, help and category from ``CalcAddIns.xcu``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from addin.hosts.libreoffice.names import (
    COMPONENT,
    EXTENSION,
    INTERFACE,
    MODULE,
    SERVICE,
    excel_name,
    method,
    parameter,
)
from addin.hosts.libreoffice.uno_types import IDL, uno_type
from addin.registry import FUNCTIONS, Argument, Function

__all__ = ["extension_files"]

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def extension_files(version: str, python: str) -> dict[str, str]:
    """Path inside the extension → content of every descriptive file.

    Args:
        version: of the extension.
        python: version of Python that it is made for, such as 3.11.
    """
    return {
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(version),
        "description.txt": _DESCRIPTION,
        "cells.idl": _idl(),
        "cells.components": _components(),
        "CalcAddIns.xcu": _calc_addins(),
        COMPONENT: Path(__file__).with_name("loader.py").read_text(encoding="utf-8"),
        "made.json": _made(python),
    }


def _made(python: str) -> str:
    """What `loader` must know where our packages do not load."""
    alone = [method(f) for f in FUNCTIONS if f.result == "cell"]
    return json.dumps({"service": SERVICE, "python": python, "alone": alone}, indent=1) + "\n"


def _idl() -> str:
    opened = " ".join(f"module {name} {{" for name in MODULE)
    closed = " ".join("};" for _ in MODULE)
    methods = "\n".join(f"    {_declaration(f)}" for f in FUNCTIONS)
    service = SERVICE.rpartition(".")[2]
    return (
        f"{opened}\ninterface {INTERFACE} {{\n{methods}\n}};\n"
        f"service {service} {{ interface {INTERFACE}; }};\n{closed}\n"
    )


def _declaration(function: Function) -> str:
    # Only a declared sequence of sequences reaches the sheet as rows.
    result = "sequence< sequence< any > >" if function.result != "cell" else "any"
    arguments = ", ".join(f"[in] {IDL[uno_type(a)]} {parameter(a)}" for a in function.arguments)
    return f"{result} {method(function)}({arguments});"


def _calc_addins() -> str:
    functions = "".join(_function_node(f) for f in FUNCTIONS)
    body = _node("AddInInfo", _node(SERVICE, _node("AddInFunctions", functions), replace=True))
    return (
        f'{_HEAD}<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="CalcAddIns"'
        f' oor:package="org.openoffice.Office">\n{body}</oor:component-data>\n'
    )


def _function_node(function: Function) -> str:
    arguments = "".join(_argument_node(a) for a in function.arguments)
    return _node(
        method(function),
        _prop("DisplayName", function.name)
        + _prop("Description", function.help)
        # A fixed list of categories is all that LibreOffice knows.
        + _prop("Category", "Add-In", language=False)
        + _prop("CompatibilityName", excel_name(function))
        + _node("Parameters", arguments),
        replace=True,
    )


def _argument_node(argument: Argument) -> str:
    shown = _prop("DisplayName", argument.name) + _prop("Description", argument.help)
    return _node(parameter(argument), shown, replace=True)


def _node(name: str, content: str, *, replace: bool = False) -> str:
    operation = ' oor:op="replace"' if replace else ""
    return f'<node oor:name="{name}"{operation}>\n{content}</node>\n'


def _prop(name: str, value: str, *, language: bool = True) -> str:
    tongue = ' xml:lang="en"' if language else ""
    return f'<prop oor:name="{name}"><value{tongue}>{escape(value)}</value></prop>\n'


def _components() -> str:
    return (
        f'{_HEAD}<components xmlns="http://openoffice.org/2010/uno-components">\n'
        f' <component loader="com.sun.star.loader.Python" uri="{COMPONENT}">\n'
        f'  <implementation name="{SERVICE}"><service name="{SERVICE}"/></implementation>\n'
        " </component>\n</components>\n"
    )


def _manifest() -> str:
    kind = "application/vnd.sun.star"
    return _HEAD + _entries(
        {
            "cells.idl": f"{kind}.uno-typelibrary;type=RDB",
            "cells.components": f"{kind}.uno-components",
            "CalcAddIns.xcu": f"{kind}.configuration-data",
        }.items()
    )


def _entries(files: Iterable[tuple[str, str]]) -> str:
    lines = "".join(
        f' <manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>\n'
        for path, kind in files
    )
    space = 'xmlns:manifest="http://openoffice.org/2001/manifest"'
    return f"<manifest:manifest {space}>\n{lines}</manifest:manifest>\n"


def _description(version: str) -> str:
    return (
        f'{_HEAD}<description xmlns="http://openoffice.org/extensions/description/2006"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' xmlns:lo="http://libreoffice.org/extensions/description/2011">\n'
        f' <identifier value="{EXTENSION}"/>\n <version value="{escape(version)}"/>\n'
        ' <display-name><name lang="en">HealthSheet</name></display-name>\n'
        ' <extension-description><src lang="en" xlink:href="description.txt"/>'
        "</extension-description>\n"
        " <dependencies>\n"
        '  <lo:LibreOffice-minimal-version value="7.3" name="LibreOffice 7.3"/>\n'
        " </dependencies>\n</description>\n"
    )


_DESCRIPTION = (
    f"Customer health scores in cells: {FUNCTIONS[0].name} and {len(FUNCTIONS) - 1} more "
    "functions. The function wizard lists them under Add-in.\n"
)
