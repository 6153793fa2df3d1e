"""pywin32 as far as xlwings touches it, so that the Windows half of xlwings runs unmodified.

Nothing of xlwings is replaced: its decorators, converters, `CallUDF` and object model are its own.
What stands here in place of Windows is named, so that it is plain what a test does not show: the
DLL, the marshalling of COM, VBA and Excel. Patches the process it runs in: only for subprocesses.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import ctypes
import datetime as dt
import os
import sys
import tempfile
import types
from typing import Any

# Imported before the platform is changed: these look at it.
_SENSITIVE = (asyncio, concurrent.futures, os, tempfile)

MISSING = -2147352572  # DISP_E_PARAMNOTFOUND: an argument that was left out


class ComError(Exception):
    """`pywintypes.com_error`."""

    @property
    def hresult(self) -> int:
        """The first of its arguments."""
        number: int = self.args[0]
        return number

    @property
    def excepinfo(self) -> Any:
        """The third: what the server itself says, its words as item 2."""
        return self.args[2]


class TimeType(dt.datetime):
    """`pywintypes.TimeType`: how a date cell arrives."""


class Pointer:
    """`PyIDispatch`: the type of a bare COM pointer."""


class CDispatch:
    """`win32com.client.CDispatch`, the class of every COM object in tests.

    A COM object answers what its ``_oleobj_`` says of its type.
    """

    CLSID = ""

    @property
    def _oleobj_(self) -> Any:
        attributes = types.SimpleNamespace(iid=self.CLSID)
        info = types.SimpleNamespace(GetTypeAttr=lambda: attributes)
        return types.SimpleNamespace(GetTypeInfo=lambda: info)


class Wrapped:
    """What `win32com.server.util.wrap` gives."""

    def __init__(self, held: object) -> None:
        self.held = held


class _Nothing(types.ModuleType):
    """A module any function of which does nothing and gives 0."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: 0


class _Library:
    """A DLL any function of which gives 0."""

    def __getattr__(self, name: str) -> Any:
        return _Library() if name[0].islower() else lambda *_: 0


def _module(name: str, **members: Any) -> None:
    module = _Nothing(name)
    module.__file__ = f"C:/{name}.pyd"
    module.__dict__.update(members)
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


def _unwrap(value: Any) -> object:
    if isinstance(value, Wrapped):
        return value.held
    raise ComError(-2147467262, "no such interface", None, None)


def _given(value: Any, *_: Any, **__: Any) -> Any:
    return value


def _refuse(*_: Any, **__: Any) -> None:
    raise ImportError("no type library")


def install() -> types.ModuleType:
    """Put pywin32 in place and import xlwings as on Windows."""
    _module("pywintypes", com_error=ComError, error=ComError, TimeType=TimeType, IID=_given)
    for name in ("win32api", "win32con", "win32gui", "win32event"):
        _module(name)
    _module("win32process", GetWindowThreadProcessId=lambda _: (0, 1))
    _module("win32timezone", TimeZoneInfo=types.SimpleNamespace(utc=lambda: dt.UTC))
    _module(
        "pythoncom",
        IID_IDispatch=0,
        TypeIIDs={0: Pointer},
        ole_error=ComError,
        com_error=ComError,
        CoInitialize=lambda *_: None,
    )
    classes = {name: type(name, (), {}) for name in ("CoClassBaseClass", "DispatchBaseClass")}
    _module("win32com")
    _module("win32com.client", CDispatch=CDispatch, Dispatch=_given, DispatchEx=_given, **classes)
    sys.modules["win32com.client"].gencache = types.SimpleNamespace(  # type: ignore[attr-defined]
        EnsureModule=_refuse
    )
    for name in ("win32com.server", "win32com.server.dispatcher", "win32com.server.policy"):
        _module(name)
    _module("win32com.server.util", wrap=Wrapped, unwrap=_unwrap)
    ctypes.oledll = ctypes.windll = _Library()  # type: ignore[attr-defined]
    _fake_pydll()
    platform, sys.platform = sys.platform, "win32"
    try:
        import xlwings
    finally:
        sys.platform = platform
    return xlwings


def _fake_pydll() -> None:
    real = ctypes.PyDLL

    def pydll(path: Any, *more: Any, **named: Any) -> Any:
        if str(path).startswith("C:/"):
            return types.SimpleNamespace(PyCom_PyObjectFromIUnknown=types.SimpleNamespace())
        return real(path, *more, **named)

    ctypes.PyDLL = pydll  # type: ignore[misc,assignment]


def to_variant(result: object) -> object:
    """A Python result as pywin32 hands it to VBA: (VARTYPE, value), or rows of these.

    After ``PyCom_VariantFromPyObject`` and ``invoke_finish`` of pywin32: a tuple is a result and
    changed arguments, so that only its first item arrives.
    """
    if isinstance(result, tuple):
        return to_variant(result[0])
    if isinstance(result, list):
        return [to_variant(item) for item in result]
    kinds = ((bool, "VT_BOOL"), (int, "VT_I4"), (float, "VT_R8"), (str, "VT_BSTR"))
    for kind, name in kinds:
        if isinstance(result, kind):
            return (name, result)
    raise TypeError(f"Objects of type {type(result).__name__} cannot be converted to a VARIANT")
