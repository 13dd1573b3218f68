"""How each type of endpoint is reached: a folder for each."""

from collections.abc import Callable, Mapping
from importlib.util import find_spec

from alerting.sender.channels.email.channel import EmailChannel
from alerting.sender.channels.port import Channel
from alerting.sender.channels.slack.channel import SlackChannel
from alerting.sender.channels.webhook.channel import WebhookChannel
from alerting.sender.http_client import HttpClient
from alerting.sender.settings import SenderSettings

__all__ = ["Channel", "make_channels"]


def make_channels(settings: SenderSettings, http: HttpClient, now: Callable[[], float]) -> Mapping[str, Channel]:
    """Return the channels by the type of endpoint that they serve."""
    channels: dict[str, Channel] = {
        "email": EmailChannel(settings, now),
        "slack": SlackChannel(http),
        "webhook": WebhookChannel(http, now),
    }
    if find_spec("apprise") is not None:
        # An extra, which takes half a second to load.
        from alerting.sender.channels.apprise.channel import AppriseChannel  # noqa: PLC0415

        channels["apprise"] = AppriseChannel(settings)
    return channels
