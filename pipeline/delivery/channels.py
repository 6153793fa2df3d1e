"""Where alerts can be sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pipeline.alerts import Alerts
from pipeline.delivery.slack import slack_payload
from pipeline.delivery.teams import teams_payload
from pipeline.delivery.webhook import post, webhook

__all__ = ["CHANNELS", "Channel", "send"]


class Channel(NamedTuple):
    """A service that takes messages.

    Attributes:
        name: as people call it.
        variable: the environment variable with the address of its webhook.
        payload: makes the message.
    """

    name: str
    variable: str
    payload: Callable[[Alerts], dict[str, Any]]


CHANNELS: Mapping[str, Channel] = {
    "slack": Channel("Slack", "HEALTHSHEET_SLACK_WEBHOOK", slack_payload),
    "teams": Channel("Teams", "HEALTHSHEET_TEAMS_WEBHOOK", teams_payload),
}
"""By the option of the command line that chooses them."""


def send(alerts: Alerts, channel: Channel, environ: Mapping[str, str]) -> bool:
    """Send one message about the alerts; none, and False, where nothing fired.

    Raises:
        DeliveryError: the webhook is not set up, or refused the message.
    """
    to = webhook(channel.name, channel.variable, environ)
    if not alerts.found:
        return False
    post(to, channel.payload(alerts))
    return True
