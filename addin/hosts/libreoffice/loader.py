"""What LibreOffice loads: it finds the packages beside it and hands their component over.

It stands at the top of the extension, next to ``pythonpath/`` and ``made.json``, and is the only
file that must work under any Python: where the packages do not load, most often because an
update brought LibreOffice another Python, cells show the sentence that says so.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import unohelper
from com.sun.star.lang import XServiceInfo, XServiceName
from org.healthsheet import XCells

__all__ = ["g_ImplementationHelper"]

_HERE = Path(__file__).parent
# First, before the system's packages: those may hold another version of what we bring.
sys.path.insert(0, str(_HERE / "pythonpath"))


class _Sentence(unohelper.Base, XCells, XServiceInfo, XServiceName):
    """The service of the functions, each of which gives the same sentence."""

    def __init__(self, service: str, alone: list[str], sentence: str) -> None:
        self._service, self._alone, self._sentence = service, alone, sentence

    def __getattr__(self, name: str) -> Callable[..., object]:
        if name.startswith("_"):
            raise AttributeError(name)
        # LibreOffice takes rows where rows are declared and one cell where one is.
        result = self._sentence if name in self._alone else ((self._sentence,),)
        return lambda *_given: result

    def getServiceName(self) -> str:  # noqa: N802
        return self._service

    def getImplementationName(self) -> str:  # noqa: N802
        return self._service

    def supportsService(self, name: str) -> bool:  # noqa: N802
        return name == self._service

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        return (self._service,)


def _sentence(made_for: str, error: Exception) -> str:
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    why = str(error)
    if running != made_for:
        why = f"it was made for Python {made_for}, and LibreOffice now runs {running}"
    return (
        f"HealthSheet does not start: {why}. "
        "Make it anew with: healthsheet addin oxt --install, then restart LibreOffice."
    )


def _instead(error: Exception) -> Any:
    made = json.loads((_HERE / "made.json").read_text(encoding="utf-8"))
    service, sentence = made["service"], _sentence(made["python"], error)
    helper = unohelper.ImplementationHelper()

    def create(_context: object) -> _Sentence:
        return _Sentence(service, made["alone"], sentence)

    helper.addImplementation(create, service, (service,))
    return helper


try:
    from addin.hosts.libreoffice.component import g_ImplementationHelper
except Exception as error:  # noqa: BLE001 - whatever it is, a cell must say so
    g_ImplementationHelper = _instead(error)  # noqa: N816 - LibreOffice asks for it
