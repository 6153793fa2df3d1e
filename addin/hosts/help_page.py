"""The *Functions* help page, made from the registry: as HTML for Excel, as Markdown for readers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from addin.registry import FUNCTIONS, Function, ResultKind
from scoring.presets import preset_summaries

__all__ = ["functions_markdown", "help_page"]

_GIVES: Mapping[ResultKind, str] = {
    "cell": "One value; for a range of scores a value for each of its cells.",
    "rows": "One row for each account; several accounts fill the cells below.",
    "table": "A table with its header row; it fills the cells below and to the right.",
}
_INTRO = (
    "Type a function as any other. Cells that are blank or show an error count as missing, never "
    "as zero. A share may be typed as 48% or 0.48. In square brackets stands what may be left out."
)
_ERRORS = (
    ("#VALUE!", "A value cannot be read, ranges differ in size, or a name is unknown."),
    ("#NUM!", "A number lies outside its scale, such as a rating of 6 of 5."),
    ("#N/A", "There is not enough data for an answer, or none exists."),
    ("#NAME?", "Excel does not know the function: the add-in is not installed or out of date."),
    ("#BUSY!", "The server is working, or Excel waits for it to come back."),
)
_ERROR_HINT = "Excel shows the sentence behind an error when you point at the sign beside the cell."


def help_page() -> str:
    """The page ``/help`` as HTML; each function stands under the anchor of its name."""
    contents = "".join(
        f"<li>{category}<ul>{''.join(map(_link, functions))}</ul></li>"
        for category, functions in _categories()
    )
    sections = "".join(
        f"<section><h2>{escape(category)}</h2>{''.join(map(_article, functions))}</section>"
        for category, functions in _categories()
    )
    errors = "".join(f"<dt>{code}</dt><dd>{escape(text)}</dd>" for code, text in _ERRORS)
    models = "".join(f"<li><code>{name}</code> {escape(text)}</li>" for name, text in _models())
    return _PAGE.format(
        intro=_INTRO,
        contents=contents,
        sections=sections,
        errors=errors,
        hint=_ERROR_HINT,
        models=models,
    )


def functions_markdown() -> str:
    """The same as ``docs/functions.md``."""
    parts = ["# Functions", _INTRO]
    for category, functions in _categories():
        parts.append(f"## {category}")
        parts += [block for function in functions for block in _markdown(function)]
    rows = [f"| `{code}` | {text} |" for code, text in _ERRORS]
    parts += ["## Errors", "\n".join(["| Shown | Means |", "|---|---|", *rows]), _ERROR_HINT]
    parts += ["## Models", "\n".join(f"- `{name}` {text}" for name, text in _models())]
    return "\n\n".join(parts) + "\n"


def _categories() -> list[tuple[str, list[Function]]]:
    """Categories in the order in which the registry first names them."""
    found: dict[str, list[Function]] = {}
    for function in FUNCTIONS:
        found.setdefault(function.category, []).append(function)
    return list(found.items())


def _models() -> Iterator[tuple[str, str]]:
    for preset in preset_summaries():
        yield preset.name, f"{preset.title}."


def _link(function: Function) -> str:
    return f'<li><a href="#{function.name}">{function.name}</a></li>'


def _article(function: Function) -> str:
    arguments = "".join(
        f"<dt>{a.name}{' <span>optional</span>' if a.optional else ''}</dt>"
        f"<dd>{escape(a.help)}</dd>"
        for a in function.arguments
    )
    examples = "".join(f"<li><code>{escape(e)}</code></li>" for e in function.examples)
    return (
        f'<article id="{function.name}"><h3>{function.name}</h3>'
        f"<p><code>{escape(function.signature)}</code></p>"
        f"<p>{escape(function.help)}</p><dl>{arguments}</dl>"
        f"<p><b>Gives</b> {_GIVES[function.result]}</p>"
        f"<p><b>Examples</b></p><ul>{examples}</ul></article>"
    )


def _markdown(function: Function) -> Iterator[str]:
    yield f"### {function.name}"
    yield f"`{function.signature}`"
    yield function.help
    rows = [
        f"| {a.name}{' (optional)' if a.optional else ''} | {a.help} |" for a in function.arguments
    ]
    if rows:
        yield "\n".join(["| Argument | Takes |", "|---|---|", *rows])
    yield f"Gives: {_GIVES[function.result]}"
    yield "\n".join(["```", *function.examples, "```"])


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>HealthSheet functions</title>
<link rel="icon" href="assets/icon-32.png">
<link rel="stylesheet" href="static/help/help.css">
</head>
<body>
<header><h1>HealthSheet functions</h1><p>{intro}</p></header>
<nav aria-label="Functions"><ul>{contents}</ul></nav>
<main>{sections}
<section><h2 id="errors">Errors</h2><dl>{errors}</dl><p>{hint}</p></section>
<section><h2 id="models">Models</h2><ul>{models}</ul></section>
</main>
</body>
</html>
"""
