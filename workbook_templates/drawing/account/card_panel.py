"""Score panel of *Scorecard*: score, tier, change, coverage and bounds."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format

from workbook_templates import formulas as f
from workbook_templates.drawing.account.canvas import SCORECARD, Canvas
from workbook_templates.drawing.theme import PANEL


def draw_panel(c: Canvas) -> None:
    """Draw the panel; its tint follows the tier."""
    ws, total = c.sheets[SCORECARD], c.step("total")
    line: dict[str, Any] = {"align": "left", "indent": 1, "shrink": True}
    last = _look(c, bold=True, font_size=8, valign="top", align="left", indent=1, text_wrap=True)
    score = _look(c, font_size=48, bold=True, align="center", num_format="0")
    tier = f.tier_words(c.step("tier"), c.cells, f'"○ "&{c.step("status")}')
    cells = (
        ("B6:B8", "score", f'IF({f.known(total)},{f.half_up(total)},"–")', score),
        ("C6:D6", "out_of", f'IF({f.known(total)},"out of 100","")', _look(c, valign="bottom")),
        ("C7:D7", "tier", tier, _look(c, font_size=15, bold=True, shrink=True)),
        ("C8:D8", "subtier", _subtier(c), _look(c, font_size=8, shrink=True, valign="top")),
        ("B9:D9", "change_words", _change_words(c), _look(c, font_size=10, bold=True, **line)),
        ("B10:D10", "coverage_words", _coverage_words(c), _look(c, **line)),
        ("B11:D11", "last_words", _last_words(c), last),
    )
    for ref, name, text, look in cells:
        first = ref.split(":")[0]
        ws.merge_range(ref, "", look)
        ws.write_formula(first, "=" + text, look)
        c.place(name, SCORECARD, first)
    c.book.tier_rules(ws, "B6:D11", c.step("tier"), style="fill")


def _look(c: Canvas, **wanted: Any) -> Format:
    return c.book.format(bg_color=PANEL, **wanted)


def _subtier(c: Canvas) -> str:
    """Says when the tier follows the rolling mean instead of the score beside it."""
    status, tier, basis = c.step("status"), c.step("tier"), c.step("basis")
    if not c.model.smoothing_days:
        return f'IF({status}="Scored","",IF({f.known(tier)},{status},""))'
    days = c.cells.setting("smoothing_days")
    return f'IF({f.known(basis)},{days}&"-day mean "&{f.half_up(basis)},"")'


def _change_words(c: Canvas) -> str:
    now, then = c.step("total"), c.fact("previous_score")
    change = f"({f.half_up(now)}-{f.half_up(then)})"
    sign = f'IF({change}>0,"+",IF({change}<0,"−",""))'
    amount = f'IF({change}=0,"No change",ABS({change}))'
    words = f'{sign}&{amount}&" since "&{c.fact("previous_words")}'
    last = f'"Last score: "&{c.fact("previous_words")}'
    none = f'IF({f.known(then)},{last},"First scorecard, nothing to compare")'
    return f"IF({f.known(now, then)},{words},{none})"


def _coverage_words(c: Canvas) -> str:
    low, high = c.step("low"), c.step("high")
    share = f.half_up(c.step("coverage") + "*100")
    bounds = f'"  ·  bounds "&{f.half_up(low)}&" to "&{f.half_up(high)}'
    return f'"Coverage "&{share}&"%"&IF({f.known(low)},{bounds},"")'


def _last_words(c: Canvas) -> str:
    """An override or a gate in force, else what the score could be with all data in."""
    tier, own, model_total = c.step("tier"), c.step("model_tier"), c.step("model_total")
    capped = f"AND({f.known(own)},{c.fact('cap')}<{own})"
    gate = f'IF({capped},"Capped: "&{c.fact("cap_note")},{_could_words(c)})'
    model = f'IF({f.known(model_total)},"; model "&{f.half_up(model_total)},"")'
    person = f"{c.fact('override_note')}&{model}"
    scored = f.known(tier, c.step("high"))
    return f"IF({c.step('overridden')},{person},IF({scored},{gate},{_no_tier_words(c)}))"


def _could_words(c: Canvas) -> str:
    """Another tier that the bounds reach: a better one first, else a worse one."""
    tier = c.step("tier")
    worse, better = (f.tier_code(c.step(edge), c.cells) for edge in ("low", "high"))

    def could(code: str) -> str:
        return f'{f.tier_words(tier, c.cells)}&", could be "&{f.tier_words(code, c.cells)}'

    return f'IF({better}<>{tier},{could(better)},IF({worse}<>{tier},{could(worse)},""))'


def _no_tier_words(c: Canvas) -> str:
    """Why there is no tier, and what the data would give."""
    days, rolled = c.cells.setting("neutral_days"), c.step("rolled")
    so_far = f'IF({f.known(rolled)},"; data so far "&{f.half_up(rolled)},"")'
    young = f'"Neutral until day "&{days}&{so_far}'
    least = f.half_up(c.cells.setting("min_coverage") + "*100")
    needs = f'IF({c.step("enough")},"","A score needs "&{least}&"% coverage"&{so_far})'
    return f"IF({c.step('young')},{young},{needs})"
