"""The measures of the house: sizes of files and functions, docstrings of public names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from statistics import median

from tests.modules import ROOT, Module, modules

FILE_LINES, FILE_MEDIAN = 400, 200
FUNCTION_LINES, FUNCTION_MEDIAN = 60, 10
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def lines(module: Module) -> int:
    """Lines of a file."""
    return len(module.path.read_text(encoding="utf-8").splitlines())


def functions(module: Module) -> Iterator[tuple[str, int]]:
    """(where, lines) of every function, its docstring not counted."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = node.lineno
            end = node.end_lineno or start
            first = node.body[0]
            if ast.get_docstring(node) is not None and first.end_lineno:
                end -= first.end_lineno - first.lineno + 1
            yield f"{module.name}.{node.name}", end - start + 1


def public(node: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, Definition]]:
    """Public functions, classes and their methods; nested functions are nobody's business."""
    for child in node.body:
        if isinstance(child, Definition) and not child.name.startswith("_"):
            name = f"{prefix}.{child.name}"
            yield name, child
            if isinstance(child, ast.ClassDef):
                yield from public(child, name)


def documented(node: Definition) -> bool:
    """Whether it has a docstring, or overrides or overloads what has one."""
    marks = {ast.unparse(mark).split(".")[-1] for mark in node.decorator_list}
    return ast.get_docstring(node) is not None or bool(marks & {"override", "overload"})


def test_files_are_short() -> None:
    """No file above the limit, and most far below it."""
    sizes = {module.name: lines(module) for module in modules()}
    assert {name: size for name, size in sizes.items() if size > FILE_LINES} == {}
    assert median(sizes.values()) <= FILE_MEDIAN


def test_functions_are_short() -> None:
    """No function above the limit, and most far below it."""
    sizes = [found for module in modules() for found in functions(module)]
    assert [found for found in sizes if found[1] > FUNCTION_LINES] == []
    assert median([size for _, size in sizes] or [0]) <= FUNCTION_MEDIAN


def test_public_names_are_documented() -> None:
    """Every module, public class, function and method says what it is."""
    missing = [module.name for module in modules() if ast.get_docstring(module.tree) is None]
    for module in modules():
        missing += [name for name, node in public(module.tree, module.name) if not documented(node)]
    assert missing == []


def test_tests_say_what_they_show() -> None:
    """Every test has a docstring whose first paragraph is one sentence."""
    missing = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                told = (ast.get_docstring(node) or "").split("\n\n")[0]
                if not told or re.search(r"[.!?] [A-Z]", told):
                    missing.append(f"{path.relative_to(ROOT)}::{node.name}")
    assert missing == []
