"""Short sentences about the portfolio, as formulas on *Summary* and as the values they show.

Formulas build their text from whole numbers and FIXED, which read alike in every language of
Excel; TEXT would not.
"""

from __future__ import annotations

import math
from datetime import date

from workbook_templates.account.words import day_words, signed
from workbook_templates.portfolio.basis import CURRENCY_SIGN

__all__ = ["day_formula", "money_formula", "money_words", "share_words", "signed_formula"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MILLION = 999_500
"""From here on thousands would round up to 1000k."""


def money_formula(amount: str) -> str:
    """Text £1.5m, £878k or £450 of the amount in a cell, with the main currency's sign."""
    parts = f'IF({amount}>=1000,FIXED({amount}/1000,0,TRUE)&"k",FIXED({amount},0,TRUE))'
    millions = f'FIXED({amount}/1000000,1,TRUE)&"m"'
    return f"{CURRENCY_SIGN}&IF({amount}>={_MILLION},{millions},{parts})"


def money_words(amount: float, sign: str) -> str:
    """What `money_formula` shows."""
    if amount >= _MILLION:
        return f"{sign}{_fixed(amount / 1e6, 1)}m"
    return f"{sign}{_fixed(amount / 1e3, 0)}k" if amount >= 1000 else f"{sign}{_fixed(amount, 0)}"


def _fixed(x: float, digits: int) -> str:
    """Excel's FIXED of a number not below 0: half up on decimal digits."""
    scale = 10**digits
    return f"{math.floor(x * scale + 0.5 + 1e-9) / scale:.{digits}f}"


def share_words(thousandths: int) -> str:
    """12.5% of a share in thousandths."""
    return f"{thousandths / 10:.1f}%"


def signed_formula(number: str) -> str:
    """Text +1.5, −6.0 or 0.0 of the number in a cell."""
    sign = f'IF(ROUND({number},1)>0,"+",IF(ROUND({number},1)<0,"−",""))'
    return f"{sign}&FIXED(ABS({number}),1,TRUE)"


def signed_words(x: float) -> str:
    """What `signed_formula` shows."""
    rounded = math.copysign(math.floor(abs(x) * 10 + 0.5 + 1e-9) / 10, x)
    return signed(rounded)


def day_formula(cell: str) -> str:
    """Text 22 Oct 2026 of the date in a cell."""
    months = ",".join(f'"{m}"' for m in _MONTHS)
    return f'DAY({cell})&" "&CHOOSE(MONTH({cell}),{months})&" "&YEAR({cell})'


def spoken_day(day: date | None) -> str:
    """What `day_formula` shows; "" without a day."""
    return day_words(day) if day else ""
