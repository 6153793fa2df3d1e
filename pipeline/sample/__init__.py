"""Sample accounts that the product makes itself: seeded, plainly sample, with gaps as in life.

`sample_inputs` gives frames as a source would after reading; `write_sample_workbook` writes them
as the input workbook of people who type by hand, slips included.
"""

from __future__ import annotations

from pipeline.sample.frames import sample_inputs
from pipeline.sample.oddities import Slip, write_sample_workbook

__all__ = ["Slip", "sample_inputs", "write_sample_workbook"]
