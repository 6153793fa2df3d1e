"""The renewal play as formulas: the first rule that applies, as `scoring.renewal.renewal_play`."""

from __future__ import annotations

from scoring.renewal import SAVE_DAYS
from workbook_templates.drawing.account.canvas import Canvas


def play_formulas(c: Canvas) -> tuple[str, str]:
    """The recommended play, and the rule that chose it; texts without "="."""
    renewal, speed = c.fact("renewal"), c.step("velocity")
    near = f"AND(ISNUMBER({renewal}),({renewal}-{c.fact('as_of')})<={SAVE_DAYS})"
    leaving, expanding = f"({c.fact('leaving')}=1)", f"({c.fact('expanding')}=1)"
    falling = f"AND(ISNUMBER({speed}),{speed}<=-0.2)"
    red = f"IF(AND({leaving},{near}),{{0}},{{1}})"
    amber = f"IF(OR({near},{leaving},{falling}),{{0}},{{1}})"
    green = f"IF({leaving},{{0}},IF({expanding},{{1}},{{2}}))"
    play = (
        '"Hold"',
        red.format('"Manage out"', '"Save"'),
        amber.format('"Save"', '"Hold"'),
        green.format('"Save"', '"Expand"', '"Hold"'),
    )
    soon = f"renews within {SAVE_DAYS} days"
    pressing = f'"Amber and "&IF({near},"{soon}",IF({leaving},"leaving","declining"))'
    reason = (
        '"No score yet: collect data first"',
        red.format(f'"Red, leaving, {soon}"', '"Red: act before the renewal"'),
        amber.format(pressing, '"Amber, steady, renewal far off"'),
        green.format(
            '"Green but leaving"', '"Green with expansion signals"', '"Green, nothing pressing"'
        ),
    )
    return _by_tier(c, *play), _by_tier(c, *reason)


def _by_tier(c: Canvas, none: str, red: str, amber: str, green: str) -> str:
    tier = c.step("tier")
    return f"IF(NOT(ISNUMBER({tier})),{none},IF({tier}=0,{red},IF({tier}=1,{amber},{green})))"
