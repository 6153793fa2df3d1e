"""`healthsheet validate`: a history and a list of outcomes read, compared, shown and written."""

from pipeline.validation.compare import Compared, Wanted, compare

__all__ = ["Compared", "Wanted", "compare"]
