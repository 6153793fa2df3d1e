"""A message in the form of Slack: blocks of an incoming webhook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.alerts import Alerts
from pipeline.delivery.message import Section, compose

__all__ = ["BLOCKS", "TEXT", "slack_payload"]

BLOCKS, TEXT, _HEADER = 50, 3_000, 150
"""Slack's limits: blocks of a message, characters of a block's text (docs.slack.dev)."""

# Slack may notify a whole channel on such a word even where nothing marks it.
_CALL = re.compile(r"@(?=channel|here|everyone)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def slack_payload(alerts: Alerts) -> dict[str, Any]:
    """The message as Slack takes it; notifications show its ``text``.

    Thirty alerts fit within the limits whatever their texts are: cut to their longest and escaped
    they take at most two blocks for three alerts.
    """
    message = compose(alerts)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": message.headline[:_HEADER]}}
    ]
    for section in message.sections:
        blocks += [{"type": "section", "text": _marked(text)} for text in _texts(section)]
    tail = " ".join(part for part in (message.more, message.context) if part)
    blocks.append({"type": "context", "elements": [_marked(_escaped(tail))]})
    return {"text": _escaped(message.headline), "blocks": blocks}


def _texts(section: Section) -> Iterator[str]:
    """A section's text, in as many parts as the limit asks for."""
    text = f"*{_escaped(section.title)}*\n{_escaped(section.action)}"
    for numbers, rest in section.lines:
        line = f"\n• *{_escaped(numbers)}* {_escaped(rest)}"
        if len(text) + len(line) > TEXT:
            yield text
            text = line.lstrip()
        else:
            text += line
    yield text


def _marked(text: str) -> dict[str, Any]:
    # Verbatim: Slack makes no links and no mentions of what looks like some.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _escaped(text: str) -> str:
    """Text that Slack shows as it is: no link, no mention, no call to the channel."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CALL.sub("@" + _WORD_JOINER, safe)
