"""The receivers of docs/how-to/webhooks.md take what the sender sends, and nothing else."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from alerting.local.ports import free_port
from alerting.sender.channels.webhook.channel import WebhookChannel
from alerting.sender.delivery import DeliveryError
from alerting.sender.http_client import HttpClient
from alerting.sender.settings import SenderSettings
from fix_delivery import make_delivery
from fix_guide import blocks, guide
from fix_process import eventually

PAGE = guide("docs/how-to/webhooks.md")
SECRET, OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


class Receiver:
    """A receiver as the page has it, in a process of its own."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.port = free_port()
        self._log = folder / "receiver.log"
        env = {**os.environ, "WEBHOOK_SECRET": SECRET, "PORT": str(self.port)}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, env=env, cwd=folder, stdout=log, stderr=log)
        eventually(self._answers, "the receiver listens")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def said(self) -> str:
        return self._log.read_text()

    def _answers(self) -> bool:
        assert self._process.poll() is None, self.said
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture(params=["python", "js"])
def receiver(request: pytest.FixtureRequest, program: Callable[[str], str], tmp_path: Path) -> Iterator[Receiver]:
    (written,) = blocks(PAGE, request.param)
    file = tmp_path / {"python": "receiver.py", "js": "receiver.mjs"}[request.param]
    file.write_text(written)
    interpreter = sys.executable if request.param == "python" else program("node")
    receiver = Receiver([interpreter, str(file)], tmp_path)
    yield receiver
    receiver.close()


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    given: dict[str, Any] = {"allowed_networks": ["127.0.0.0/8"]}
    async with HttpClient(SenderSettings(**given), time.time) as client:
        yield client


async def test_what_is_ours_is_taken_once(receiver: Receiver, http: HttpClient) -> None:
    channel = WebhookChannel(http, time.time)
    for attempt in (1, 2):
        receipt = await channel.send(make_delivery(value=receiver.url, secrets=(SECRET,), attempt=attempt))
        assert receipt.status == 204
    eventually(lambda: "HIGH PaymentTimeout" in receiver.said, "it says so")
    assert receiver.said.count("HIGH PaymentTimeout") == 1


async def test_either_signature_will_do_while_a_secret_is_rotated(receiver: Receiver, http: HttpClient) -> None:
    receipt = await WebhookChannel(http, time.time).send(make_delivery(value=receiver.url, secrets=(OTHER, SECRET)))
    assert receipt.status == 204


@pytest.mark.parametrize(("secret", "age"), [(OTHER, 0), (SECRET, 400)], ids=["another's", "old"])
async def test_what_is_not_ours_or_old_is_refused(receiver: Receiver, http: HttpClient, secret: str, age: int) -> None:
    channel = WebhookChannel(http, lambda: time.time() - age)
    with pytest.raises(DeliveryError) as refused:
        await channel.send(make_delivery(value=receiver.url, secrets=(secret,)))
    assert refused.value.status == 400
    assert "PaymentTimeout" not in receiver.said
