"""The chart of the message: bars of ARR over time, the last one in the colour of the worst tier.

No text stands in it: labels are text of the message, which readers, dark mode and phones reach.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from workbook_templates.drawing import theme

__all__ = ["SHOWN", "SIZE", "bars_png"]

SIZE, SHOWN = (1120, 240), (560, 120)
"""Pixels drawn, and shown: two for one, for sharp screens."""
_LEAST = 4
"""Height of a bar of nothing, in pixels: it must be seen that there is one."""
_RADIUS = 8


def bars_png(amounts: Sequence[float]) -> bytes:
    """Bars from zero on a transparent ground, 1120 × 240; empty below two amounts.

    Args:
        amounts: one a snapshot, the oldest first; none below zero.
    """
    if len(amounts) < 2:
        return b""
    from PIL import Image, ImageDraw

    width, height = SIZE
    base = height - 6
    image = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    most = max(amounts)
    step = width / len(amounts)
    for i, amount in enumerate(amounts):
        tall = max((base - 8) * amount / most, _LEAST) if most > 0 else _LEAST
        left = round(i * step + step * 0.15)
        box = (left, round(base - tall), round(left + step * 0.7), base)
        colour = theme.CHART_NOW if i == len(amounts) - 1 else theme.CHART_PAST
        draw.rounded_rectangle(
            box, min(_RADIUS, tall / 2), colour, corners=(True, True, False, False)
        )
    draw.rectangle((0, base, width, base + 2), theme.CHART_PAST)
    out = io.BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
    return out.getvalue()
