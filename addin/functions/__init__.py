"""What people type into cells: arguments in, a value or a `Fault` out.

Each function takes cells as `addin.cells` describes them and scores through `score_one`, the
same engine, policy and numbers as everywhere else. `CellProblem` says what a cell cannot show;
`registry.Function.call` turns it into the cell's error.
"""
