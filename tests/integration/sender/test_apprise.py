"""The library Apprise, with a service of it that posts to a server of the test's own."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from apprise.manager_plugins import NotificationManager

from alerting.deliveries.apprise_url import DEFAULT_SCHEMES
from alerting.sender.channels.apprise.channel import AppriseChannel
from alerting.sender.delivery import Delivery, DeliveryError
from alerting.sender.lease import LeaseOver, lease_end
from alerting.sender.settings import SenderSettings
from fix_delivery import Answer, Receiver, make_delivery

SECRET = "hunter2"


@pytest.fixture
async def channel(request: pytest.FixtureRequest) -> AsyncIterator[AppriseChannel]:
    settings: dict[str, Any] = {"apprise_schemes": ["json", "jsons", "tgram", "xml"], "attempt_timeout": 0.5}
    made = AppriseChannel(SenderSettings(**settings))
    yield made
    await made.close()


def to(receiver: Receiver, path: str, **fields: Any) -> Delivery:
    value = receiver.url.replace("http://", f"json://user:{SECRET}@") + path
    return make_delivery(type="apprise", value=value, **fields)


async def failure(channel: AppriseChannel, delivery: Delivery) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await channel.send(delivery)
    assert SECRET not in str(caught.value)
    return caught.value


async def test_a_notification_arrives(channel: AppriseChannel, receiver: Receiver) -> None:
    context = '{"region": "eu", "b": "two\\nlines"}'
    receipt = await channel.send(to(receiver, "/hook", context=context))
    assert (receipt.status, receipt.response) == (None, "")
    (request,) = receiver.received
    assert request.json["title"] == "[HIGH] payments: PaymentTimeout"
    assert request.json["message"] == "b: two lines\nregion: eu\n2023-11-14 22:13:20 UTC\nalert a1"


async def test_what_is_not_taken_is_tried_again_and_nothing_secret_is_told(
    channel: AppriseChannel, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answers["/bad"] = [Answer(500, SECRET.encode())]
    error = await failure(channel, to(receiver, "/bad"))
    assert not error.permanent
    assert SECRET not in caplog.text


async def test_no_answer_in_time(channel: AppriseChannel, receiver: Receiver) -> None:
    receiver.answers["/slow"] = [Answer(delay=5)]
    error = await failure(channel, to(receiver, "/slow"))
    assert not error.permanent


@pytest.mark.parametrize("value", ["gotify://127.0.0.1/token", f"tgram://{SECRET}", "json://", "no url", ""])
async def test_what_may_not_be_sent_to_is_permanent(channel: AppriseChannel, value: str) -> None:
    assert (await failure(channel, make_delivery(type="apprise", value=value))).permanent


async def test_no_file_and_no_address_is_read_for_a_tenant(
    channel: AppriseChannel, receiver: Receiver, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(SECRET)
    for template in (tmp_path / "secret", f"file://{tmp_path}/secret", f"{receiver.url}/inside"):
        for name in ("template", "Template", "%74emplate"):
            value = f"tgram://123456789:abcdefg_hijklmnop/12315544/?{name}={template}"
            assert (await failure(channel, make_delivery(type="apprise", value=value))).permanent
    assert receiver.received == []


async def test_a_redirect_is_not_followed(channel: AppriseChannel, receiver: Receiver) -> None:
    receiver.answers["/from"] = [Answer(307, headers={"location": f"{receiver.url}/to"})]
    assert not (await failure(channel, to(receiver, "/from"))).permanent
    assert [request.path for request in receiver.received] == ["/from"]
    assert (await failure(channel, to(receiver, "/from?redirect=yes"))).permanent


async def test_a_service_that_hangs_keeps_none_of_another_waiting(receiver: Receiver) -> None:
    receiver.answers["/hang"] = [Answer(delay=10)]
    settings: dict[str, Any] = {"apprise_schemes": ["json", "xml"], "attempt_timeout": 5, "attempts_per_host": 20}
    channel = AppriseChannel(SenderSettings(**settings))
    hanging = [asyncio.create_task(channel.send(to(receiver, "/hang"))) for _ in range(20)]
    async with asyncio.timeout(20):
        while receiver.open < 20:
            await asyncio.sleep(0.01)
    await channel.send(make_delivery(type="apprise", value=receiver.url.replace("http://", "xml://") + "/good"))
    assert receiver.open == 20
    for task in hanging:
        task.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)
    await channel.close()


async def test_nothing_is_sent_when_the_lease_is_over(channel: AppriseChannel, receiver: Receiver) -> None:
    lease_end.set(time.monotonic() - 1)
    with pytest.raises(LeaseOver):
        await channel.send(to(receiver, "/hook"))
    assert receiver.received == []


async def test_each_service_is_its_own_host(channel: AppriseChannel) -> None:
    assert channel.host("tgram://1:a/2") == channel.host("tgram://2:b/3") != channel.host("discord://1/2")


@pytest.mark.parametrize("scheme", DEFAULT_SCHEMES)
def test_what_is_allowed_unless_said_has_a_host_of_its_own(scheme: str) -> None:
    plugins = NotificationManager()  # type: ignore[no-untyped-call]
    plugins.load_modules()  # type: ignore[no-untyped-call]
    templates = [str(template) for template in plugins[scheme].templates]
    assert templates
    assert not [template for template in templates if "{host" in template or "{url" in template]
