"""What docs/channels.md says goes over the wire, does."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from alerting.deliveries.apprise_url import DEFAULT_SCHEMES
from alerting.sender.channels.email.message import mail
from alerting.sender.channels.port import Channel
from alerting.sender.channels.slack.channel import SlackChannel
from alerting.sender.channels.webhook.channel import WebhookChannel
from alerting.sender.http_client import HttpClient
from alerting.sender.settings import SenderSettings
from fix_delivery import Receiver, make_delivery

GUIDE = (Path(__file__).parents[3] / "docs" / "channels.md").read_text()
SECRET, OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def section(title: str) -> str:
    return GUIDE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def headers_of(title: str) -> set[str]:
    """Return the headers that a section's table names."""
    table = section(title).partition("| header |")[2]
    return {name.lower() for name in re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)}


def run(block: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(block, names)
    return names


@pytest.fixture
async def http() -> Any:
    given: dict[str, Any] = {"allowed_networks": ["127.0.0.0/8"]}
    async with HttpClient(SenderSettings(**given), time.time) as client:
        yield client


def readers() -> Iterator[Callable[..., Any]]:
    for block in blocks("python"):
        if "def read(" in block:
            yield run(block)["read"]


async def test_a_webhook_is_as_it_is_shown_and_verified_as_it_says(http: HttpClient, receiver: Receiver) -> None:
    # Of an alert whose trace is recorded, so that every header of the table is there.
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    delivery = make_delivery(value=f"{receiver.url}/hook", secrets=(SECRET, OLD), traceparent=trace)
    await WebhookChannel(http, time.time).send(delivery)
    (request,) = receiver.received
    shown, _ = blocks("json")
    assert request.json == orjson.loads(shown)
    assert headers_of("Webhooks") <= request.headers.keys()
    assert request.headers["idempotency-key"] == request.headers["webhook-id"] == delivery.id
    assert request.headers["traceparent"] == trace
    read, read_without_library = readers()
    for secret in (SECRET, OLD):
        assert read(secret, request.headers, request.body) == request.json
        assert read_without_library(secret, request.headers, request.body) == request.json
    late = request.headers | {"webhook-timestamp": str(int(time.time()) - 301)}
    for wrong in ((SECRET, request.headers, request.body + b" "), (SECRET, late, request.body)):
        for reader in (read, read_without_library):
            with pytest.raises(Exception, match=r"signature|too old|not from us"):
                reader(*wrong)


async def test_too_old_is_noticed_when_all_else_is_right(http: HttpClient, receiver: Receiver) -> None:
    delivery = make_delivery(value=f"{receiver.url}/hook", secrets=(SECRET,))
    await WebhookChannel(http, lambda: time.time() - 301).send(delivery)
    (request,) = receiver.received
    for reader in readers():
        with pytest.raises(Exception, match="too old"):
            reader(SECRET, request.headers, request.body)


async def test_what_slack_gets_is_as_it_is_shown(http: HttpClient, receiver: Receiver) -> None:
    await SlackChannel(http).send(make_delivery(type="slack", value=f"{receiver.url}/T1"))
    assert receiver.received[0].json == orjson.loads(blocks("json")[1])


def test_a_mail_has_the_headers_that_are_named() -> None:
    message = mail(make_delivery(type="email", value="oncall@example.com"), "alerting@example.org", 1_700_000_000.0)
    named = headers_of("E-mail")
    assert len(named) == 6
    assert named <= {name.lower() for name in message.keys()}  # noqa: SIM118


def test_the_services_of_apprise_are_those_that_are_allowed() -> None:
    (listed,) = re.findall(r"^```\n(.*?)^```$", section("Apprise"), re.MULTILINE | re.DOTALL)
    assert listed.split() == sorted(DEFAULT_SCHEMES)


async def test_the_channel_that_is_shown_is_one(http: HttpClient, receiver: Receiver) -> None:
    (block,) = (block for block in blocks("python") if "class NtfyChannel" in block)
    channel: Channel = run(block)["NtfyChannel"](http)
    delivery = make_delivery(type="ntfy", value=f"{receiver.url}/alerts", source="Zahlungen für Größen")
    assert (await channel.send(delivery)).status == 200
    assert receiver.received[0].body == b"PaymentTimeout"
    assert channel.host(delivery.value) == receiver.url.removeprefix("http://")
    await channel.close()
