"""Values to fix, as the terminal lists them."""

from __future__ import annotations

from pipeline.score_totals import fix_lines
from scoring.inputs import Problem


def _problem(row: int, column: str = "Usage") -> Problem:
    return Problem("Accounts", row, column, f"C{row}", "often", "Text, no number.", "Type one.")


def _texts(problems: list[Problem], limit: int | None) -> list[str]:
    return ["".join(text for text, _ in line) for line in fix_lines(problems, limit, 120)]


def test_a_column_with_one_fault_everywhere_is_one_line() -> None:
    """Sixty cells of one column with the same fault do not hide the fault of another column."""
    lines = _texts([*map(_problem, range(2, 62)), _problem(9, "Seats")], 5)
    assert len(lines) == 2
    assert lines[0].startswith("! 61 values to fix  Accounts!C2, Usage: often.")
    assert lines[0].endswith("The same in 59 more cells of the column.")
    assert "Accounts!C9, Seats" in lines[1]


def test_few_alike_and_all_are_listed_one_by_one() -> None:
    """Three alike are three lines, and without a limit nothing is folded."""
    assert len(_texts([_problem(2), _problem(3), _problem(4)], 5)) == 3
    assert len(_texts([*map(_problem, range(2, 62))], None)) == 60


def test_what_is_left_out_is_counted_in_values() -> None:
    """The last line counts every value that is not shown."""
    columns = [_problem(2, f"Column {k}") for k in range(7)]
    assert _texts(columns, 5)[-1].strip() == "and 2 more: --all"
