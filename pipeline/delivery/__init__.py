"""Alerts sent to where a team reads: one message to a webhook."""

from pipeline.delivery.channels import CHANNELS, Channel, send

__all__ = ["CHANNELS", "Channel", "send"]
