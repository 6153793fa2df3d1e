"""Excel on Windows through a Python on the same machine: an add-in (.xlam) made from the registry.

A cell asks the add-in's VBA, the VBA asks Python through the DLL and COM server of xlwings, and
Python answers from the registry. Only the free part of xlwings is used, and no part of it is
copied into the add-in.

What Excel itself limits:

- A message has no place in a cell: *Explain score* on the ribbon shows the sentences of a row.
- Results spill in Excel 365 and 2021. In an older Excel select the cells of the result, type the
  formula and press Ctrl+Shift+Enter.
- A file stores where the add-in lies. On a machine without it, or with it elsewhere, Excel shows
  #NAME? or asks to update links; the formulas work again after Data > Edit Links > Change Source.
- Dates count from 1900; a workbook set to the 1904 calendar shows other days.
"""
