"""LibreOffice Calc: an extension (.oxt) made from the registry.

Only `component` and `loader` import UNO, and only LibreOffice's own Python imports those two.
What follows was found out in LibreOffice 7.4 and 25.2, and the tests hold it.

What LibreOffice itself limits (`uno_types` says why):

- *values*, *scores* and *history* must be cells. A typed-in array (``{4,5,3,4,4}``), a number or
  another function's result there is Err:504; as *headers*, *score* and everywhere else they
  work. Ranges that OFFSET, INDIRECT or INDEX give work too.
- An error cell among the values counts as missing, as everywhere. In a range that can be left
  out (headers, a Model range, an earlier row, ARR, a calibration) it gives Err:504; a single
  error cell there is the result.
- A blank cell as an argument that can be left out is 0, except as a date or a text. TRUE is 1.
- There is no spilling: for rows and tables select the cells of the result, type the formula and
  press Ctrl+Shift+Enter. Cells beyond the result show #N/A. In such an array formula *days*,
  *as_of* and *expansion* take one value for all rows; a range of them is #VALUE!.
- Dates count from 30 December 1899. In a document set to start in 1904 type dates as text.
- An error's message has no place in a cell; ``healthsheet score`` on the same rows prints it.
- Ages count to the day of the last calculation: Ctrl+Shift+F9 brings all cells to today.

Files between Excel and LibreOffice: .ods files and .xlsx files of LibreOffice 7 hold the long
names of `names`. Excel's web add-ins store ``_xldudf_HEALTH_SCORE``: LibreOffice 25 reads and
writes that; LibreOffice 7 shows #NAME? once it recalculates. ``healthsheet addin rename`` gives a
file the names of either program, tables and named formulas included. Without it, two
replacements (Edit, Find and Replace, Search in: Formulas) repair all but array formulas:
``_xldudf_`` by nothing, then ``=`` by ``=``.

Speed: a call takes LibreOffice about four times as long as native SUMPRODUCT before anything of
ours runs, and ours a fifth more. One array formula over all rows takes a third more than
SUMPRODUCT in each row. ``python -m benchmarks calc`` measures it in LibreOffice's main thread: a
call from another one, as over a socket, makes and forgets a Python thread each time.
"""

from addin.hosts.libreoffice.build import build_oxt
from addin.hosts.libreoffice.install import install_oxt, uninstall_oxt

__all__ = ["build_oxt", "install_oxt", "uninstall_oxt"]
