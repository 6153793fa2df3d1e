"""LibreOffice Calc: an extension (.oxt) made from the registry.

Only `component` imports UNO, and only LibreOffice's own Python imports `component`.
"""

from addin.hosts.libreoffice.build import build_oxt
from addin.hosts.libreoffice.install import install_oxt

__all__ = ["build_oxt", "install_oxt"]
