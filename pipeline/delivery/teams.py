"""A message in the form of Teams: an Adaptive Card for a webhook of Workflows."""

from __future__ import annotations

import json
from typing import Any

from pipeline.alerts import Alerts
from pipeline.delivery.message import LISTED, Message, compose

__all__ = ["BYTES", "teams_payload"]

BYTES = 28_000
"""Teams takes messages of up to 28 KB."""


def teams_payload(alerts: Alerts) -> dict[str, Any]:
    """The message as a webhook of Workflows takes it, listing as many alerts as fit."""
    count = min(LISTED, len(alerts.found))
    while True:
        payload = _card(compose(alerts, count))
        size = len(json.dumps(payload, ensure_ascii=False).encode())
        if size <= BYTES or not count:
            return payload
        count -= 1


def _card(message: Message) -> dict[str, Any]:
    body: list[dict[str, Any]] = [_text((message.headline, {"weight": "Bolder", "size": "Medium"}))]
    for section in message.sections:
        head = _text((section.title, {"weight": "Bolder"}), (f"  {section.action}", {}))
        body.append({**head, "separator": True, "spacing": "Medium"})
        body += [
            {**_text((numbers, {"weight": "Bolder"}), (f"  {rest}", {})), "spacing": "Small"}
            for numbers, rest in section.lines
        ]
    tail = " ".join(part for part in (message.more, message.context) if part)
    body.append({**_text((tail, {"size": "Small", "isSubtle": True})), "separator": True})
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": body,
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _text(*runs: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    # A TextBlock would read Markdown in an account's name, links included; runs are plain.
    inlines = [{"type": "TextRun", "text": text, **look} for text, look in runs]
    return {"type": "RichTextBlock", "inlines": inlines}
