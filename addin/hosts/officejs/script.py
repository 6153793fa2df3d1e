"""``/functions.js``: the module that gives Excel an implementation for every cell function."""

from __future__ import annotations

import json

from addin.registry import FUNCTIONS

__all__ = ["functions_script"]


def functions_script() -> str:
    """The text of ``/functions.js``, an ES module.

    It names the functions of the registry and leaves the work to ``static/functions``. Addresses
    are relative, so that the server may stand behind a path, and so that a page which imports
    ``static/functions/session.js`` gets the same instance.
    """
    names = json.dumps([function.name for function in FUNCTIONS], indent=2)
    return f'import {{ associate }} from "./static/functions/main.js";\n\nassociate({names});\n'
