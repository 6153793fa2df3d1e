"""The message: safe, small, complete, and the same in page and plain text."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.mail.chart import SIZE, bars_png
from pipeline.mail.message import MOST, render
from pipeline.mail.plain import WIDTH
from pipeline.sample import sample_inputs
from scoring.presets import load_preset
from tests.pipeline.mail.pages import BOOK, Page, digest_for, loud, message, shown_page
from tests.workbook_templates.portfolio.samples import AS_OF, demo, of_inputs
from workbook_templates.digest.facts import digest_of
from workbook_templates.drawing import theme

KINDS = ("loud", "quiet", "hostile")
FIXED = {"90", "14", *map(str, range(1, 11))}
"""Numbers that are no figures: days of the lists' headings, ranks."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_names_its_cell(kind: str) -> None:
    """A number stands in a figure, or is a heading's, a rank, or part of a name."""
    page = Page(shown_page(kind).html)
    text = " ".join(page.rest)
    for known in (BOOK, loud().model.label):
        text = text.replace(known, " ")
    text = re.sub(r"hs_\w+|[\d,]+ more in the workbook", " ", text)
    assert {n for n in re.findall(r"[\d.,]*\d", text) if n not in FIXED} == set()
    assert len(page.figures) > 40


@pytest.mark.parametrize("kind", KINDS)
def test_figures_are_those_of_the_digest(kind: str) -> None:
    """Each name is one of the digest's, and no figure is empty."""
    names = {f.name for f in digest_for(kind).figures}
    figures = Page(shown_page(kind).html).figures
    assert {name for name, _ in figures} <= names
    assert all(text.strip() for _, text in figures)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_missing_in_words(kind: str) -> None:
    """No nan, None, NaT or unfilled place is ever printed."""
    rendered = shown_page(kind)
    seen = " ".join([*Page(rendered.html).rest, *(t for _, t in Page(rendered.html).figures)])
    for text in (seen, rendered.text, rendered.subject, rendered.chart_alt):
        assert not re.search(
            r"\bnan\b|\bNone\b(?! (known|turned|planned))|NaT|Undefined|dict", text
        )


def test_texts_of_people_stay_text() -> None:
    """Markup, template code and quotes in names are shown, not obeyed."""
    page = Page(shown_page("hostile").html)
    allowed = {
        "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "th", "h1",
        "h2", "h3", "p", "b", "span", "img", "br", "wbr",
    }  # fmt: skip
    assert {tag for tag, _ in page.tags} <= allowed
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    shown = {text for _, text in page.figures}
    assert '<script>alert("x")</script>' in shown
    assert "{{ 7 * 7 }}{% raw %}" in shown
    assert "a Bcc: x@example.com" in shown
    assert not any("\u202e" in text for text in shown)


def test_right_to_left_names_keep_numbers_in_place() -> None:
    """A right-to-left name is fenced in the text, and has its direction on the page."""
    rendered = shown_page("hostile")
    assert "\u2068مؤسسة عينة\u2069" in " ".join(rendered.text.split())
    assert 'dir="auto">مؤسسة عينة' in rendered.html


def test_team_link_and_note_are_safe() -> None:
    """What RevOps configures cannot break the page; a link that is not https is left out."""
    d = digest_for("quiet")
    rendered = message(d, team='<b>"West"\r\nteam', note="Too <large>.", link="javascript:x")
    assert "<b>&#34;West" not in rendered.html
    assert "&lt;b&gt;&#34;West&#34; team" in rendered.html
    assert "Too &lt;large&gt;." in rendered.html
    assert "javascript" not in rendered.html + rendered.text
    linked = render(d, team="", link="https://example.com/a?b=1&c=2")
    assert 'href="https://example.com/a?b=1&amp;c=2"' in linked.html
    assert "https://example.com/a?b=1&c=2" in linked.text
    assert "attached" not in linked.html


def test_page_stays_under_its_size() -> None:
    """With 500 accounts and long texts, lists shorten and say so; counts stay those of all."""
    model = load_preset("scorecard")
    p = of_inputs(sample_inputs(model, as_of=AS_OF, accounts=500), model)
    long = dict.fromkeys(("driver", "next_action", "owner"), "Sample & Söhne 例示 " * 30)
    frame = p.frame.assign(**long)
    frame.attrs.update(p.frame.attrs)
    d = digest_of(replace(p, frame=frame))
    assert d.totals["total_accounts"].value == 500
    rendered = message(d)
    assert len(rendered.html.encode()) < MOST
    assert "more in the workbook" in rendered.html
    assert "more in the workbook" in rendered.text
    told = dict(Page(rendered.html).figures)
    assert told["hs_renewals_count"] == d.totals["renewals_count"].text
    assert len(shown_page("hostile").html.encode()) < MOST


@settings(max_examples=10, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_team_renders(team: str) -> None:
    """Whatever a team is called, subject and page are of one piece and the text's lines short."""
    rendered = render(digest_for("quiet"), team=team)
    assert "\n" not in rendered.subject
    assert rendered.html.startswith("<!DOCTYPE html>")
    assert rendered.html.rstrip().endswith("</html>")
    assert max(map(len, rendered.text.splitlines())) <= WIDTH


@pytest.mark.parametrize("kind", KINDS)
def test_plain_text_says_the_same(kind: str) -> None:
    """Every figure of the page's main parts stands in the plain text, in lines of 78 letters."""
    rendered = shown_page(kind)
    assert max(map(len, rendered.text.splitlines())) <= WIDTH
    flat = re.sub(r"[\s\u2068\u2069]+", " ", rendered.text).casefold()
    squeezed = flat.replace(" ", "")
    missing = [
        (name, text)
        for name, text in Page(rendered.html).figures
        if text not in ("no change",)
        and re.sub(r"\s", "", text).casefold() not in squeezed
        and not re.search(r"\d,\d{3}$", text)
    ]
    assert missing == []


@pytest.mark.parametrize("kind", KINDS)
def test_page_is_made_for_old_mail_programs(kind: str) -> None:
    """Tables only: nothing that Word or Gmail drops; colours and widths also as attributes."""
    html = shown_page(kind).html
    inline = " ".join(re.findall(r'style="([^"]*)"', html))
    banned = r"flex|grid|position|float|background-image|radius|calc|var\(|url\("
    assert not re.search(banned, inline)
    for tag, attrs in Page(html).tags:
        style = attrs.get("style") or ""
        ground = re.search(r"background-color:(#\w+)", style)
        if ground and tag in ("td", "table", "body"):
            assert (attrs.get("bgcolor") or "").lower() == ground[1].lower()
        if tag == "td" and "font-size:1" in style and "font-size:12px;line-height:12" not in style:
            assert "font-family" in style
        if tag == "table":
            assert attrs.get("role") == "presentation" or attrs.get("aria-label")
    assert '<!--[if mso]><table role="presentation" width="600"' in html
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->")


def test_tiers_are_told_by_shape_and_word() -> None:
    """No tier is colour alone: its shape and the model's word stand beside each other."""
    html = shown_page("loud").html
    for key, word in digest_for("loud").labels.items():
        if key:
            assert re.search(rf">{theme.SHAPE[key]}</span>&nbsp;(<span[^>]*>)?{word}<", html), word
    yellow = message(digest_of(demo("support", 40)))
    assert "Yellow" in yellow.html
    assert "Amber" not in yellow.html


def test_quiet_week_keeps_the_frame() -> None:
    """A quiet week tells tiers and what is to be done, and no lists of changes."""
    html = shown_page("quiet").html
    assert "No account changed tier." in html
    assert "To do this week" in html
    assert "newly Red" not in html
    assert "Where the numbers come from" in html


def test_first_message_and_nobody() -> None:
    """Neither a first snapshot nor a leader without accounts breaks the message."""
    p = loud()
    first = message(digest_of(replace(p, timeline=replace(p.timeline, past=()))))
    assert "First snapshot" in first.html
    assert first.chart_png == b""
    assert "cid:" not in first.html
    nobody = message(digest_of(replace(p, frame=p.frame.iloc[:0])))
    assert nobody.subject == "No accounts yet"
    assert "ARR by tier" not in nobody.html


def test_chart() -> None:
    """Bars start at zero, the last in red; the picture is small, clear and holds no text."""
    data = bars_png([10.0, 0.0, 5.0, 20.0])
    image = Image.open(io.BytesIO(data)).convert("RGBA")
    assert image.size == SIZE
    assert len(data) < 10_000
    step = SIZE[0] // 4
    alpha = np.asarray(image)[: SIZE[1] - 6, :, 3] > 128
    tall = [int(alpha[:, step * i + step // 2].sum()) for i in range(4)]
    assert tall[3] > 215
    assert tall[0] == pytest.approx(tall[3] / 2, abs=4)
    assert tall[1] <= 5
    red = np.asarray(image)[SIZE[1] // 2, step * 3 + step // 2, :3]
    assert tuple(map(int, red)) == tuple(int(theme.CHART_NOW[i : i + 2], 16) for i in (1, 3, 5))
    assert bars_png([1.0]) == b""
    assert bars_png([0.0, 0.0]) != b""
