"""Quality checks on *Checks*: what in the scorecard lacks evidence, an owner or a day."""

from __future__ import annotations

from workbook_templates.drawing.account.canvas import CHECKS, Canvas, write_heads
from workbook_templates.drawing.account.evidence import STALE
from workbook_templates.drawing.theme import MUTED
from workbook_templates.formulas import TINY, known

QUALITY = (
    ("no-evidence", "Ratings by hand without evidence"),
    ("trend", "Trends without an earlier scorecard"),
    ("stale", "Values too old to count"),
    ("one-metric", "One metric carries over half the score"),
    ("vague-risk", "Risks that say nothing specific*"),
    ("no-mitigation", "Risks without mitigation"),
    ("no-severity", "Risks without severity"),
    ("no-risk", "Below green without a risk"),
    ("no-owner", "Open actions without owner"),
    ("no-deadline", "Open actions without deadline"),
    ("overdue", "Open actions past their day"),
    ("weekend", "Days on a weekend or outside the horizon*"),
    ("no-action", "Below green without an open action"),
    ("probabilities", "Scenarios that contradict the score"),
    ("play", "Expand, although below green"),
)
"""Checks by code, with their labels; codes are those of `scoring.judgement.quality`."""

COUNTED = frozenset({"vague-risk", "weekend"})
"""Checks that no formula can make: they are counted when the scorecard is reported."""


def draw_quality(c: Canvas) -> None:
    """Draw the block beside the reconciliation."""
    ws, book, top = c.sheets[CHECKS], c.book, c.rows.checks
    c.section(CHECKS, f"I{top - 2}", "Quality of the scorecard")
    heads = [("I", "Check", "left"), *((x, "", "left") for x in "JKL"), ("M", "Found", "right"),
             ("N", "Passed", "center")]  # fmt: skip
    write_heads(ws, book, top - 1, heads)
    made = quality_formulas(c)
    number = book.row(num_format="0", align="right")
    for i, (code, label) in enumerate(QUALITY):
        r = top + i
        ws.write_string(f"I{r}", label, book.row())
        for letter in "JKL":
            ws.write_blank(f"{letter}{r}", None, book.row())
        if code in COUNTED:
            ws.write_blank(f"M{r}", None, number)
        else:
            ws.write_formula(f"M{r}", "=" + made[code], number)
        ws.write_formula(f"N{r}", f'=IF(M{r}=0,"Yes","No")', book.row(align="center", bold=True))
    end = top + len(QUALITY) - 1
    note = "* counted when reported; healthsheet lint names each cell"
    ws.write_string(f"I{end + 1}", note, book.format(font_color=MUTED, font_size=8))
    c.place("quality_found", CHECKS, f"M{top}:M{end}")
    c.place("quality_passed", CHECKS, f"N{top}:N{end}")


def found_range(c: Canvas) -> str:
    """The cells that count what was found."""
    return f"M{c.rows.checks}:M{c.rows.checks + len(QUALITY) - 1}"


def quality_formulas(c: Canvas) -> dict[str, str]:
    """Formula by code, without "="; those of `COUNTED` have none."""
    open_ = '(hs_action_text<>"")*(hs_action_status<>"Done")*(hs_action_status<>"Dropped")'
    risk, tier = '(hs_risk_text<>"")', c.step("tier")
    below = f"AND({known(tier)},{tier}<2)"
    last = len(c.model.metrics) - 1
    could = c.inputs("could")
    most = f"MAX({c.inputs('could', 0, last)})/SUM({could})" if last >= 0 else "0"
    share = [f"INDEX(hs_scenarios,{i},1)" for i in (1, 2, 3)]
    odd = f"IF(ABS({'+'.join(share)}-1)>0.0005,1,0)"
    bright = f"IF(AND({tier}=0,{share[0]}>0.5),1,0)"
    typed, seen = c.dimensions("typed"), c.dimensions("seen")
    return {
        "no-evidence": f"SUMPRODUCT(ISNUMBER({typed})*({seen}=0))",
        "trend": f"IF({known(c.fact('previous_date'))},0,COUNT(INDEX(hs_card_points,0,2)))",
        "stale": f'COUNTIF(hs_evidence_status,"{STALE}")',
        "one-metric": f"IF(SUM({could})>0,IF({most}>0.5+{TINY},1,0),0)",
        "no-mitigation": f'SUMPRODUCT({risk}*((hs_risk_plan="")+'
        '(hs_risk_plan="no mitigation provided")>0))',
        "no-severity": f'SUMPRODUCT({risk}*(hs_risk_severity<>"High")*'
        '(hs_risk_severity<>"Medium")*(hs_risk_severity<>"Low"))',
        "no-risk": f"IF({below},IF(SUMPRODUCT(--{risk})=0,1,0),0)",
        "no-owner": f'SUMPRODUCT({open_}*((hs_action_owner="")+(hs_action_owner="no owner")>0))',
        "no-deadline": f"SUMPRODUCT({open_}*(1-ISNUMBER(hs_action_due)))",
        "overdue": f"SUMPRODUCT({open_}*ISNUMBER(hs_action_due)*(hs_action_due<{c.fact('as_of')}))",
        "no-action": f"IF({below},IF(SUMPRODUCT({open_})=0,1,0),0)",
        "probabilities": f"IF(COUNT({','.join(share)})=3,{odd}+{bright},0)",
        "play": f'IF({below},IF(INDEX(hs_play,1)="Expand",1,0),0)',
    }
