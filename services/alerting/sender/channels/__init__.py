"""How each type of endpoint is reached: a folder for each."""

from collections.abc import Callable, Mapping

from alerting.sender.channels.email.channel import EmailChannel
from alerting.sender.channels.port import Channel
from alerting.sender.channels.slack.channel import SlackChannel
from alerting.sender.channels.webhook.channel import WebhookChannel
from alerting.sender.http_client import HttpClient
from alerting.sender.settings import SenderSettings

__all__ = ["Channel", "make_channels"]


def make_channels(settings: SenderSettings, http: HttpClient, now: Callable[[], float]) -> Mapping[str, Channel]:
    """Return the channels by the type of endpoint that they serve."""
    return {
        "email": EmailChannel(settings, now),
        "slack": SlackChannel(http),
        "webhook": WebhookChannel(http, now),
    }
