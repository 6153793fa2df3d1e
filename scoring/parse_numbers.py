"""Numbers, shares and money as people type them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scoring.parse_text import Reading, ValueProblem

_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’](?=\d{3}(?:\D|$))")
_POINT = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d*)?(?:[eE][+-]?\d+)?")
# Three digits after a lone dot: 85.000 is 85 in London and 85 thousand in Berlin.
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_SHOWS_POINT = re.compile(
    r",\d{3}\.\d|\d\.\d{1,2}(?![\d.])|\d\.\d{4,}|\d{4,}\.\d|(?<!\d)0?\.\d|\d,\d{3},"
)
_SHOWS_COMMA = re.compile(r"\.\d{3},\d|\d,\d{1,2}(?!\d)|\d\.\d{3}\.")
_MAGNITUDE = {"": 1.0, "k": 1e3, "m": 1e6, "mm": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9}
_SUFFIX = re.compile(r"(?<=[\d.,])\s*(mm|mn|bn|k|m|b)$", re.IGNORECASE)

SYMBOLS = {
    "$": "USD", "US$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR", "A$": "AUD",
    "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "S$": "SGD", "HK$": "HKD", "R$": "BRL",
    "₩": "KRW", "₪": "ILS", "₺": "TRY", "₽": "RUB", "₴": "UAH", "zł": "PLN", "Kč": "CZK",
}  # fmt: skip
"""Currency signs people type → ISO 4217 code. A bare $ is the US dollar."""

_KNOWN_CODES = (
    "AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL GHS HKD HUF "
    "IDR ILS INR ISK JOD JPY KES KRW KWD KZT LKR MAD MXN MYR NGN NOK NZD OMR PEN PHP "
    "PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD TZS UAH UGX USD UYU VND XAF "
    "XOF ZAR ZMW"
)
_CODES = frozenset(_KNOWN_CODES.split())
_SIGNS = {sign.casefold(): code for sign, code in SYMBOLS.items()}
_LEADING = re.compile(r"^([+-]?)\s*([^\d\s.,+\-()]{1,4})\s*(?=[\d.,+-])")
_TRAILING = re.compile(r"(?<=[\d.,kKmMbBnN])\s*([^\d\s.,+\-()]{1,3})$")

NOT_A_NUMBER = "Text where a number belongs."


def parse_number(text: str, reading: Reading) -> float:
    """Read ``1,200``, ``1 200``, ``-3.5``, ``2e3``; with decimal "," also ``1.234,56``.

    Raises:
        ValueProblem: not a number, or one that only a decimal comma makes readable while nobody
            declared it.
    """
    plain = _SPACES.sub("", text.strip().replace("−", "-"))
    if not any(c.isdigit() for c in plain) or not plain.isascii():
        raise ValueProblem(NOT_A_NUMBER, "Type a number or leave it blank.")
    if reading.decimal == ",":
        if _COMMA.fullmatch(plain):
            return _finite(plain.replace(".", "").replace(",", "."))
    elif _POINT.fullmatch(plain):
        return _finite(plain.replace(",", ""))
    elif _COMMA.fullmatch(plain):
        point = plain.replace(".", "").replace(",", ".")
        message = "Ambiguous: the comma may part decimals or thousands."
        raise ValueProblem(message, f"Type {point}, or declare a decimal comma.")
    raise ValueProblem(NOT_A_NUMBER, "Type a number or leave it blank.")


def _finite(plain: str) -> float:
    number = float(plain)
    if number in (float("inf"), float("-inf")):
        raise ValueProblem("Too large for a number.", "Type a number or leave it blank.")
    return number


def parse_share(text: str, reading: Reading) -> tuple[float, bool]:
    """Read ``48%``, ``48 %`` or ``0.48``; the flag says whether a per cent sign stood there."""
    stripped = text.strip()
    if stripped.endswith(("%", "％")):
        # Decimal shift, not division: 7.1 / 100 is 0.07099999999999999 in binary.
        return float(f"{parse_number(stripped[:-1], reading)!r}e-2"), True
    return parse_number(stripped, reading), False


def parse_money(text: str, reading: Reading) -> tuple[float, str | None]:
    """Read ``£1,200``, ``1200 EUR``, ``$1.2M``, ``120k``, ``(300)``.

    Returns:
        amount in whole currency units, and the ISO code if the text names a currency.
    """
    rest, currency = _take_currency(text.strip().replace("−", "-"))
    negative = rest.startswith("(") and rest.endswith(")")
    if negative:
        rest, inner = _take_currency(rest[1:-1].strip())
        currency = currency or inner
    suffix = _SUFFIX.search(rest)
    factor = 1.0
    if suffix:
        rest, factor = rest[: suffix.start()], _MAGNITUDE[suffix.group(1).casefold()]
    elif reading.decimal is None and _THOUSANDS.fullmatch(rest):
        message = "Ambiguous: the dot may part decimals or thousands."
        whole, part = rest.replace(".", ""), f"{float(rest):g}"
        raise ValueProblem(message, f"Type {whole} or {part}, or declare the decimal mark.")
    amount = parse_number(rest, reading) * factor
    return (-amount if negative else amount), currency


def shows_decimal_point(cells: Iterable[object]) -> bool:
    """Whether the number texts of a column prove a decimal point, and none a decimal comma."""
    texts = {c for c in cells if isinstance(c, str)}
    return any(map(_SHOWS_POINT.search, texts)) and not any(map(_SHOWS_COMMA.search, texts))


def _take_currency(text: str) -> tuple[str, str | None]:
    front = _LEADING.search(text)
    if front and (code := currency_code(front.group(2))):
        return front.group(1) + text[front.end() :], code
    back = _TRAILING.search(text)
    if back and (code := currency_code(back.group(1))):
        return text[: back.start()].rstrip(), code
    if text.startswith("(") and (back := _TRAILING.search(text.replace(")", "", 1))):
        code = currency_code(back.group(1))
        if code:
            return text[: text.rindex(")") + 1], code
    return text, None


def currency_code(text: str) -> str | None:
    """ISO 4217 code for ``€``, ``US$``, ``eur``; None when it names no currency we know."""
    stripped = text.strip().rstrip(".")
    upper = stripped.upper()
    return upper if upper in _CODES else _SIGNS.get(stripped.casefold())
