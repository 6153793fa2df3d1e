"""Start Python as Excel does and ask it something: the best proof there is without Excel."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
import time
from typing import Any

from addin.hosts.xlwings.vba import FUNCTIONS_MODULE
from addin.registry import FUNCTIONS

__all__ = ["ask_server"]

_PATIENCE = 30.0  # seconds until a server must answer; the DLL waits for a minute
_CODE = "import xlwings; xlwings.serve({clsid!r})"


def ask_server() -> str:
    """What went wrong with a COM server of our own, empty where it answered.

    It runs under this very Python, the one beside ``pythonw.exe``, so that its words can be read.
    """
    pythoncom: Any = importlib.import_module("pythoncom")
    clsid = str(pythoncom.CreateGuid())
    with tempfile.TemporaryFile("w+") as said:
        command = [sys.executable, "-P", "-B", "-c", _CODE.format(clsid=clsid)]
        process = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            server = _connect(pythoncom, clsid, process)
            if server is None:
                said.seek(0)
                return (said.read().strip().splitlines() or ["it gives no reason"])[-1]
            return _ask(server)
        finally:
            process.kill()
            process.wait()


def _connect(pythoncom: Any, clsid: str, process: subprocess.Popen[bytes]) -> Any:
    """The server, or None when the process ends or does not register in time."""
    client: Any = importlib.import_module("win32com.client")
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            found = pythoncom.CoCreateInstance(
                pythoncom.MakeIID(clsid),
                None,
                pythoncom.CLSCTX_LOCAL_SERVER,
                pythoncom.IID_IDispatch,
            )
        except pythoncom.com_error:
            time.sleep(0.1)  # not registered yet
        else:
            return client.Dispatch(found)
    return None


def _ask(server: Any) -> str:
    """Any function that needs no argument will do; it must give a table."""
    function = next(f for f in FUNCTIONS if all(a.optional for a in f.arguments))
    arguments = [None] * len(function.arguments)
    try:
        rows = server.CallUDF(FUNCTIONS_MODULE, function.name, arguments)
    except Exception as error:  # noqa: BLE001 - whatever COM says is what the person must read
        return str(error)
    return "" if isinstance(rows, tuple) else f"{function.name} gave {rows!r}"
