"""The product's modules, parsed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGES = ("addin", "pipeline", "scoring", "workbook_templates")


class Module(NamedTuple):
    """One source file: its dotted name, its path and its syntax tree."""

    name: str
    path: Path
    tree: ast.Module


class Import(NamedTuple):
    """One import: the module that is named, and the line."""

    target: str
    line: int


@cache
def modules() -> list[Module]:
    """Every module of the product."""
    paths = [p for package in PACKAGES for p in sorted((ROOT / package).rglob("*.py"))]
    return [Module(_dotted(p), p, ast.parse(p.read_text(encoding="utf-8"))) for p in paths]


def _dotted(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(module: Module) -> Iterator[Import]:
    """What the module imports anywhere in it, `from a import b` as ``a.b``."""
    is_package = module.path.name == "__init__.py"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ""
            if node.level:
                parts = module.name.split(".")
                parts = parts[: len(parts) - node.level + is_package]
                start = ".".join([*parts, start]).rstrip(".")
            for alias in node.names:
                yield Import(f"{start}.{alias.name}", node.lineno)
