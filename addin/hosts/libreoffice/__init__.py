"""LibreOffice Calc: an extension (.oxt) made from the registry.

Only `component` imports UNO, and only LibreOffice's own Python imports `component`.

What LibreOffice itself limits:

- *values* must be cells. A typed-in array (``{4,5,3,4,4}``) or a single number there is Err:504;
  as *headers* and *score* they work. Ranges that OFFSET, INDIRECT or INDEX give work too.
- An error cell among the headers, in a Model range or as model or segment gives LibreOffice's
  own Err:504. Among the values it counts as missing, as everywhere.
- There is no spilling: for many rows select the cells of the result, type the formula and press
  Ctrl+Shift+Enter.
- An error's message has no place in a cell; ``healthsheet score`` on the same rows prints it.
- In .xlsx files LibreOffice 7 knows the functions by their long names only (`names`).
- Ages count to the day of the last calculation: Ctrl+Shift+F9 brings all cells to today.
"""

from addin.hosts.libreoffice.build import build_oxt
from addin.hosts.libreoffice.install import install_oxt, uninstall_oxt

__all__ = ["build_oxt", "install_oxt", "uninstall_oxt"]
