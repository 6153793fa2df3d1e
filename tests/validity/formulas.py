"""What Excel refuses in a formula's text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

_LENGTH, _STRING, _ARGUMENTS, _NESTING = 8192, 255, 255, 64

# Functions that came after Excel 2007: a file names them with a prefix, or Excel shows #NAME?.
NEWER = frozenset(
    """
    ACOT ACOTH AGGREGATE ARABIC BASE BETA.DIST BETA.INV BINOM.DIST BINOM.INV BYCOL BYROW
    CEILING.MATH CHISQ.DIST CHISQ.INV CHISQ.TEST CHOOSECOLS CHOOSEROWS COMBINA CONCAT
    CONFIDENCE.NORM CONFIDENCE.T COT COTH COVARIANCE.P COVARIANCE.S CSC CSCH DAYS DECIMAL DROP
    ENCODEURL ERF.PRECISE ERFC.PRECISE EXPAND EXPON.DIST F.DIST F.INV F.TEST FILTER FLOOR.MATH
    FORECAST.ETS FORECAST.LINEAR FORMULATEXT GAMMA GAMMA.DIST GAMMA.INV GAUSS HSTACK HYPGEOM.DIST
    IFNA IFS ISFORMULA ISOMITTED LAMBDA LET LOGNORM.DIST LOGNORM.INV MAKEARRAY MAP MAXIFS MINIFS
    MODE.MULT MODE.SNGL MUNIT NEGBINOM.DIST NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NUMBERVALUE
    PDURATION PERCENTILE.EXC PERCENTILE.INC PERCENTRANK.EXC PERCENTRANK.INC PERMUTATIONA PHI
    POISSON.DIST QUARTILE.EXC QUARTILE.INC RANDARRAY RANK.AVG RANK.EQ REDUCE RRI SCAN SEC SECH
    SEQUENCE SHEET SHEETS SKEW.P SORT SORTBY STDEV.P STDEV.S SWITCH T.DIST T.INV T.TEST TAKE
    TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW UNICHAR UNICODE UNIQUE VALUETOTEXT VAR.P
    VAR.S VSTACK WEIBULL.DIST WRAPCOLS WRAPROWS XLOOKUP XMATCH XOR Z.TEST
""".split()
) - {"AGGREGATE"}  # written without a prefix, though it is newer


def faults(formula: str, known: Collection[str]) -> Iterator[str]:
    """Why Excel would refuse *formula*, which has no leading equals sign.

    Args:
        formula: As the file has it.
        known: Sheets and defined names in lower case.
    """
    if len(formula) > _LENGTH:
        yield f"longer than {_LENGTH} characters"
    for text in re.findall(r'"((?:[^"]|"")*)"', formula):
        if len(text.replace('""', '"')) > _STRING:
            yield f"text literal longer than {_STRING}"
    if formula.startswith("="):
        yield "starts with an equals sign"
    # The tokenizer does not know the quotes that escape brackets in table references; those of
    # another workbook's sheet ('[1]Sheet'!A1) it does.
    table = "[" in formula and not re.search(r"'[^'!]*\[\d+\]", formula)
    plain = re.sub(r"'([\[\]#'])", "_", formula) if table else formula
    try:
        tokens = [t for t in Tokenizer("=" + plain).items if t.type != Token.WSPACE]
    except (TokenizerError, IndexError) as error:
        yield f"not a formula: {error}"
        return
    yield from _structure(tokens)
    yield from _references(tokens, known)


def _structure(tokens: list[Token]) -> Iterator[str]:
    open_: list[Token] = []
    arguments: list[int] = []
    previous: Token | None = None
    for token in tokens:
        if token.subtype == Token.OPEN:
            open_.append(token)
            arguments.append(1)
            yield from _function(token, sum(t.type == Token.FUNC for t in open_))
        elif token.subtype == Token.CLOSE:
            if not open_:
                yield "a bracket is closed that was not opened"
                return
            many = arguments.pop() > _ARGUMENTS
            if open_.pop().type == Token.FUNC and many:
                yield f"more than {_ARGUMENTS} arguments"
            if previous is not None and previous.type == Token.OP_IN:
                yield "an operator before a closing bracket"
        elif token.type == Token.SEP:
            if token.subtype == Token.ROW and not any(t.type == Token.ARRAY for t in open_):
                yield "a semicolon between arguments"
            if arguments:
                arguments[-1] += 1
        previous = token
    if open_:
        yield "a bracket is not closed"
    if previous is not None and previous.type == Token.OP_IN:
        yield "an operator at the end"


def _function(token: Token, depth: int) -> Iterator[str]:
    if token.type != Token.FUNC:
        return
    name = token.value[:-1].upper().lstrip("@")
    if name in NEWER:
        yield f"{name} lacks its _xlfn. prefix"
    if depth == _NESTING + 1:
        yield f"nested deeper than {_NESTING}"


def _references(tokens: list[Token], known: Collection[str]) -> Iterator[str]:
    for token in tokens:
        if token.type != Token.OPERAND or token.subtype != Token.RANGE or "!" not in token.value:
            continue
        sheet = token.value.rsplit("!", 1)[0]
        if "[" in sheet or token.value.endswith("#REF!"):
            continue
        for name in sheet.strip("'").replace("''", "'").split(":"):
            if name.lower() not in known:
                yield f"no sheet {name!r}"
