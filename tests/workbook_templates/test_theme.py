"""Colours: legible, apart for colour-blind readers, and in one file only."""

from __future__ import annotations

import re
from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

import numpy as np
import pytest

from tests.modules import ROOT
from workbook_templates.drawing import theme as t

AA, LARGE = 4.5, 3.0
TIERS = ("green", "amber", "red")
PAIRS = {
    "ink": (t.INK, t.WHITE),
    "muted": (t.MUTED, t.WHITE),
    "muted on panel": (t.MUTED, t.PANEL),
    "accent": (t.ACCENT, t.WHITE),
    "white on accent": (t.WHITE, t.ACCENT),
    "ink on wash": (t.INK, t.WASH),
    "gain": (t.GAIN, t.WHITE),
    "loss": (t.LOSS, t.WHITE),
    "ink on data bar": (t.INK, t.DATA_BAR),
    "ink on loss bar": (t.INK, t.LOSS_BAR),
    "input": (t.ACCENT, t.INPUT),
    **{f"{k} text": (t.TEXT[k], t.WHITE) for k in TIERS},
    **{f"{k} chip": (t.TEXT[k], t.TINT[k]) for k in TIERS},
    **{f"{k} panel": (t.INK, t.TINT[k]) for k in TIERS},
    **{f"{k} band": (t.TEXT[k], t.BAND[k]) for k in TIERS},
}
# Machado, Oliveira and Fernandes 2009, full severity, on linear RGB.
MACHADO = {
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)),
}  # fmt: skip
# Bands differ little and so always carry shape and word.
LEAST = {"deuteranopia": {"solid": 17.0, "tint": 6.85, "band": 3.1},
         "protanopia": {"solid": 18.0, "tint": 6.85, "band": 3.1}}  # fmt: skip


def _linear(colour: str) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    return float(np.dot((0.2126, 0.7152, 0.0722), _linear(colour)))


def contrast(a: str, b: str) -> float:
    """WCAG contrast ratio, 1 to 21."""
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _lab(colour: str, vision: str) -> tuple[float, float, float]:
    rgb = np.clip(np.array(MACHADO[vision]) @ _linear(colour), 0, 1)
    to_xyz = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750),
              (0.0193339, 0.1191920, 0.9503041))  # fmt: skip
    xyz = np.array(to_xyz) @ rgb / (0.95047, 1.0, 1.08883)
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _mean_hue(h1: float, h2: float) -> float:
    return (h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + 360) / 2 % 360


def difference(a: str, b: str, vision: str) -> float:
    """CIEDE2000 between two colours as that vision sees them (Sharma, Wu and Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = _lab(a, vision), _lab(b, vision)
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean**7 / (mean**7 + 25**7)))
    c1, c2 = hypot(a1 * (1 + g), b1), hypot(a2 * (1 + g), b2)
    h1, h2 = (degrees(atan2(y, x * (1 + g))) % 360 for x, y in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180
    hue = 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    light, chroma, middle = (l1 + l2) / 2, (c1 + c2) / 2, _mean_hue(h1, h2)
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    weight = 1 + sum(k * cos(radians(n * middle + shift)) for k, n, shift in waves)
    s_l = 1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * weight
    turned = 30 * exp(-(((middle - 275) / 25) ** 2))
    r = -2 * sqrt(chroma**7 / (chroma**7 + 25**7)) * sin(radians(2 * turned))
    dl, dc, dh = (l2 - l1) / s_l, (c2 - c1) / s_c, hue / s_h
    return sqrt(dl**2 + dc**2 + dh**2 + r * dc * dh)


@pytest.mark.parametrize("pair", PAIRS)
def test_text_is_legible(pair: str) -> None:
    """Every text on its background meets WCAG AA."""
    assert contrast(*PAIRS[pair]) >= AA


@pytest.mark.parametrize("colour", [*t.SOLID.values(), t.WATERFALL, t.GAIN, t.LOSS])
def test_marks_stand_out(colour: str) -> None:
    """Bars, lines and tier marks meet WCAG's ratio for graphics."""
    assert contrast(colour, t.WHITE) >= LARGE


@pytest.mark.parametrize("vision", MACHADO)
def test_tiers_stay_apart(vision: str) -> None:
    """Tier colours differ for readers who confuse red and green."""
    for name, colours in (("solid", t.SOLID), ("tint", t.TINT), ("band", t.BAND)):
        closest = min(difference(a, b, vision) for a, b in combinations(colours.values(), 2))
        assert closest >= LEAST[vision][name], name


def test_colours_stand_in_one_file() -> None:
    """Whoever changes a colour changes it once."""
    found = {
        str(path.relative_to(ROOT)): re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text("utf-8"))
        for path in (ROOT / "workbook_templates").rglob("*.py")
        if path.name != "theme.py"
    }
    assert {path: colours for path, colours in found.items() if colours} == {}


def test_mail_is_legible_in_dark() -> None:
    """On the dark card, page and raised ground every text of the mail has 4.5 to 1."""
    grounds = [t.DARK[name] for name in ("page", "card", "raised")]
    for name in ("ink", "muted", "accent", *TIERS):
        assert min(contrast(t.DARK[name], ground) for ground in grounds) >= AA, name
    for tier in (*TIERS, "none"):
        assert contrast(t.DARK["on"], t.DARK[tier]) >= AA, tier
    assert contrast(t.WHITE, t.DARK["band"]) >= AA


def test_mail_is_legible_in_light() -> None:
    """Texts on the filled parts of the bar have 4.5 to 1; the chart's bars 3 to 1 in both modes."""
    for tier in TIERS:
        assert contrast(t.ON_SOLID[tier], t.SOLID[tier]) >= AA, tier
    assert contrast(t.ON_SOLID[""], t.MAIL_NONE) >= AA
    for bar in (t.CHART_NOW, t.CHART_PAST):
        assert min(contrast(bar, t.WHITE), contrast(bar, t.DARK["card"])) >= LARGE
