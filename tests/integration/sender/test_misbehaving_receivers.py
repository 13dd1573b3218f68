"""Receivers that are slow, broken or hostile: each attempt ends in time, says what it was, and hurts no other."""

import asyncio
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohappyeyeballs import AddrInfoType

from alerting.sender.delivery import DeliveryError, Receipt
from alerting.sender.http_client import HttpClient
from alerting.sender.lease import LeaseOver, lease_end
from alerting.sender.settings import SenderSettings
from fix_delivery import Answer, Receiver, running_receiver, speaking

TIMEOUT = 0.4


class Client:
    """A client whose every attempt is to end soon, and that works afterwards."""

    def __init__(self, http: HttpClient, good: str) -> None:
        self._http = http
        self._good = good

    async def failure(self, url: str) -> DeliveryError:
        with pytest.raises(DeliveryError) as caught:
            await self.post(url)
        return caught.value

    async def post(self, url: str) -> Receipt:
        try:
            # Only a client that hangs for ever can pass this bound.
            async with asyncio.timeout(20):
                return await self._http.post(url, b"body", {})
        finally:
            assert (await self._http.post(self._good, b"body", {})).status == 200


@pytest.fixture
async def client(request: pytest.FixtureRequest, receiver: Receiver) -> AsyncIterator[Client]:
    given: dict[str, Any] = {"allowed_networks": ["127.0.0.0/8"], "attempt_timeout": TIMEOUT}
    before = asyncio.all_tasks()
    async with HttpClient(SenderSettings(**given), time.time) as http:
        yield Client(http, f"{receiver.url}/good")
    await asyncio.sleep(0.05)
    assert not [task for task in asyncio.all_tasks() - before if "HttpClient" in repr(task)]


async def test_a_slow_loris(client: Client) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"body")
        for byte in b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n":
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.1)

    async with speaking(drip) as port:
        error = await client.failure(f"http://127.0.0.1:{port}/")
    assert error.throttled
    assert "in time" in str(error)


async def test_a_hang(client: Client, receiver: Receiver) -> None:
    receiver.answers["/hang"] = [Answer(delay=30)]
    assert (await client.failure(f"{receiver.url}/hang")).throttled


async def test_a_slow_body_is_no_failure(client: Client) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"body")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with speaking(drip) as port:
        receipt = await client.post(f"http://127.0.0.1:{port}/")
    assert receipt.status == 200
    assert set(receipt.response) == {"x"}


async def test_headers_without_end(client: Client) -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"body")
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"x-more: " + b"x" * 4_000 + b"\r\n")
            await writer.drain()

    async with speaking(endless) as port:
        assert not (await client.failure(f"http://127.0.0.1:{port}/")).permanent


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 20",
        b"HTTP/1.1 200 OK\r\ncontent-le",
        b"no HTTP at all\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
    ],
)
async def test_what_is_no_answer_is_tried_again(client: Client, answer: bytes) -> None:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"body")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with speaking(say) as port:
        error = await client.failure(f"http://127.0.0.1:{port}/")
    assert not error.permanent
    assert not error.ours


@pytest.mark.parametrize(
    ("before", "taken"),
    [
        (b"", False),
        (b"HTTP/1.1 200 OK\r\n", False),
        # The status is there: what comes after it changes nothing.
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc", True),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab", True),
    ],
)
async def test_a_reset_in_the_middle(client: Client, before: bytes, taken: bool) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"body")
        writer.write(before)
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        writer.transport.abort()

    async with speaking(reset) as port:
        if taken:
            assert (await client.post(f"http://127.0.0.1:{port}/")).status == 200
        else:
            assert not (await client.failure(f"http://127.0.0.1:{port}/")).permanent


async def test_half_of_the_answers_are_failures(client: Client, receiver: Receiver) -> None:
    receiver.answers["/flapping"] = [Answer(500), Answer(200)] * 10
    ends: list[int | None] = []
    for _ in range(20):
        try:
            ends.append((await client.post(f"{receiver.url}/flapping")).status)
        except DeliveryError as error:
            ends.append(error.status)
    assert ends == [500, 200] * 10


async def test_a_redirect_to_a_metadata_address_is_not_followed(client: Client, receiver: Receiver) -> None:
    location = "http://169.254.169.254/latest/meta-data/"
    receiver.answers["/to"] = [Answer(301, headers={"location": location})]
    error = await client.failure(f"{receiver.url}/to")
    assert (error.status, error.configuration, error.permanent) == (301, True, False)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody has signed, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"),
            *("-keyout", folder / "pem", "-out", folder / "cert"),
        ],
        check=True,
        capture_output=True,
    )
    with (folder / "pem").open("ab") as both:
        both.write((folder / "cert").read_bytes())
    return folder / "pem"


async def test_a_certificate_that_nobody_signed(client: Client, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def never(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    async with await asyncio.start_server(never, "127.0.0.1", 0, ssl=context) as server:
        error = await client.failure(f"https://localhost:{server.sockets[0].getsockname()[1]}/")
    assert not error.permanent
    assert "TLS" in str(error)


async def test_no_tls_behind_https(client: Client, receiver: Receiver) -> None:
    error = await client.failure(receiver.url.replace("http:", "https:"))
    assert not error.permanent
    assert "TLS" in str(error)


async def test_a_handshake_that_hangs(client: Client) -> None:
    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with speaking(silent) as port:
        assert (await client.failure(f"https://127.0.0.1:{port}/")).throttled


class _Rebinding:
    """A name whose address is public to whoever asks first, and private to whoever asks again."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(self, _host: str, port: int) -> list[AddrInfoType]:
        self.asked += 1
        address = "93.184.215.14" if self.asked == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))]


async def test_a_name_that_is_bound_anew_leads_nowhere_private() -> None:
    async with running_receiver() as inside:
        port = int(inside.url.rpartition(":")[2])
        name = _Rebinding()
        async with HttpClient(SenderSettings(attempt_timeout=TIMEOUT), time.time, resolve=name.resolve) as http:
            errors = []
            for _ in range(3):
                with pytest.raises(DeliveryError) as caught:
                    await http.post(f"http://rebinding.example:{port}/", b"body", {})
                errors.append(caught.value)
        # Each attempt asked once, and the address that it got was the one that was judged.
        assert name.asked == 3
        assert [error.permanent for error in errors[1:]] == [True, True]
        assert "not allowed" in str(errors[1])
        assert inside.received == []


async def test_nothing_is_sent_when_the_lease_ended_meanwhile(receiver: Receiver) -> None:
    given: dict[str, Any] = {"allowed_networks": ["127.0.0.0/8"]}
    async with HttpClient(SenderSettings(**given), time.time) as http:
        lease_end.set(time.monotonic() - 1)
        for _ in range(3):
            with pytest.raises(LeaseOver):
                await http.post(f"{receiver.url}/a", b"body", {})
        lease_end.set(time.monotonic() + 60)
        assert (await http.post(f"{receiver.url}/a", b"body", {})).status == 200
        lease_end.set(time.monotonic() - 1)
        # Nor over a connection that is open already.
        with pytest.raises(LeaseOver):
            await http.post(f"{receiver.url}/a", b"body", {})
    assert len(receiver.received) == 1
