import asyncio
import gzip
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from alerting import __version__
from alerting.runtime.event_loop import new_event_loop
from alerting.sender.delivery import DeliveryError, Receipt
from alerting.sender.http_client import HttpClient
from alerting.sender.http_connection import MOST_ANSWER_BYTES
from alerting.sender.settings import SenderSettings
from fix_delivery import Answer, Receiver, eventually, running_receiver, speaking

LOCAL: dict[str, Any] = {"allowed_networks": ["127.0.0.0/8", "::1/128"]}


async def post(url: str, **settings: Any) -> Receipt:
    async with HttpClient(SenderSettings(**{**LOCAL, **settings}), time.time) as http:
        return await http.post(url, b"body", {"content-type": "text/plain"})


async def failure(url: str, **settings: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await post(url, **settings)
    return caught.value


async def test_a_body_is_posted_and_the_answer_noted(receiver: Receiver) -> None:
    assert await post(f"{receiver.url}/hook?x=1") == Receipt(200, "thank you")
    (request,) = receiver.received
    assert request.body == b"body"
    assert request.headers["user-agent"] == f"alerting/{__version__}"
    assert request.headers["content-type"] == "text/plain"
    assert "cookie" not in request.headers


async def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answers["/from"] = [Answer(302, headers={"location": f"{receiver.url}/to"})]
    error = await failure(f"{receiver.url}/from")
    assert (error.status, error.permanent) == (302, False)
    assert receiver.at("/to") == []


async def test_gone_is_permanent_and_other_answers_are_not(receiver: Receiver) -> None:
    receiver.answers["/gone"] = [Answer(410)]
    receiver.answers["/busy"] = [Answer(429, b"later", {"retry-after": "7"})]
    assert (await failure(f"{receiver.url}/gone")).permanent
    busy = await failure(f"{receiver.url}/busy")
    assert (busy.permanent, busy.status, busy.response, busy.retry_after) == (False, 429, "later", 7.0)


async def test_an_answer_is_recorded_to_its_first_kibibyte_as_text(receiver: Receiver) -> None:
    receiver.answers["/"] = [Answer(body=b"a\0\xff" + b"x" * 5_000)]
    receipt = await post(f"{receiver.url}/")
    assert receipt.response == "a\ufffd" + "x" * 1_021


async def test_an_answer_without_end_is_cut_and_its_status_counts() -> None:
    sent = 0

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"body")
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1000\r\n" + b"x" * 4_096 + b"\r\n")
            sent += 4_096
            await writer.drain()

    async with speaking(endless) as port:
        receipt = await post(f"http://127.0.0.1:{port}/")
        assert receipt == Receipt(200, "x" * 1_024)
        # What is on its way in buffers comes on top.
        assert sent < 100 * MOST_ANSWER_BYTES


async def test_compressed_answers_are_not_unpacked(receiver: Receiver) -> None:
    bomb = gzip.compress(b"x" * 10_000_000)
    receiver.answers["/"] = [Answer(body=bomb, headers={"content-encoding": "gzip"})]
    assert "xxxx" not in (await post(f"{receiver.url}/")).response


async def test_no_answer_in_time_is_repeated(receiver: Receiver) -> None:
    receiver.answers["/"] = [Answer(delay=30)]
    error = await failure(f"{receiver.url}/", attempt_timeout=0.2)
    assert not error.permanent
    assert "in time" in str(error)


async def test_a_connection_that_is_refused_or_broken_is_repeated() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    assert not (await failure(f"http://127.0.0.1:{free}/")).permanent

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"body")
        writer.close()

    async with speaking(hang_up) as port:
        assert not (await failure(f"http://127.0.0.1:{port}/")).permanent
        assert not (await failure(f"https://127.0.0.1:{port}/", attempt_timeout=0.5)).permanent


async def test_a_name_that_does_not_exist_is_repeated() -> None:
    assert not (await failure("http://does-not-exist.invalid/")).permanent


@pytest.mark.parametrize("url", ["", "no url", "ftp://127.0.0.1/", "http://", "file:///etc/passwd"])
async def test_what_is_no_url_is_permanent(url: str) -> None:
    assert (await failure(url)).permanent


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "0x7f000001", "[::ffff:127.0.0.1]"])
async def test_nothing_private_is_reached_by_a_name_or_a_literal(receiver: Receiver, host: str) -> None:
    error = await failure(f"http://{host}:{receiver.url.rpartition(':')[2]}/", allowed_networks=[])
    assert error.permanent
    assert "not allowed" in str(error)
    assert receiver.received == []


@pytest.mark.parametrize("host", ["2130706433", "0177.1", "127.1", "0177.0.0.1", "017700000001"])
async def test_nothing_private_is_reached_by_an_odd_number(receiver: Receiver, host: str) -> None:
    assert (await failure(f"http://{host}:{receiver.url.rpartition(':')[2]}/", allowed_networks=[])).permanent
    assert receiver.received == []


@pytest.mark.parametrize("host", ["169.254.169.254", "10.0.0.1", "[::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "0.0.0.0"])
async def test_private_literals_are_refused_before_a_packet_is_sent(host: str) -> None:
    error = await failure(f"http://{host}/", allowed_networks=[], attempt_timeout=2)
    assert error.permanent
    assert "not allowed" in str(error)


async def test_no_proxy_of_the_environment_is_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert (await post(f"{receiver.url}/")).status == 200


async def test_a_connection_is_used_again_until_it_is_idle_for_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerting.sender.http_connector.IDLE_SECONDS", 0.2)
    made: list[asyncio.StreamReader] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.append(reader)
        while True:
            await reader.readuntil(b"body")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    async with speaking(answer) as port, HttpClient(SenderSettings(**LOCAL), time.time) as http:
        for _ in range(3):
            await http.post(f"http://127.0.0.1:{port}/", b"body", {})
        assert len(made) == 1
        # Several at a time are as many connections, and they go by themselves.
        await asyncio.gather(*(http.post(f"http://127.0.0.1:{port}/", b"body", {}) for _ in range(3)))
        assert len(made) == 3
        await eventually(lambda: all(reader.at_eof() for reader in made))
        await http.post(f"http://127.0.0.1:{port}/", b"body", {})
        assert len(made) == 4


def test_slow_names_hold_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, let_go = threading.Semaphore(0), threading.Event()
    ask = socket.getaddrinfo

    def answer(host: str, *args: Any, **options: Any) -> Any:
        if not host.endswith(".example"):
            return ask(host, *args, **options)
        if options.get("flags") == socket.AI_NUMERICHOST:
            raise socket.gaierror
        if host.startswith("slow"):
            slow.release()
            let_go.wait()
        return ask("127.0.0.1", *args)

    monkeypatch.setattr(socket, "getaddrinfo", answer)

    async def main() -> None:
        async with running_receiver() as receiver, HttpClient(SenderSettings(**LOCAL), time.time) as http:
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(12))
            port = receiver.url.rpartition(":")[2]
            waiting = [asyncio.create_task(http.post(f"http://slow{i}.example:{port}/", b"", {})) for i in range(11)]
            try:
                for _ in waiting:
                    assert await asyncio.to_thread(slow.acquire, timeout=20)
                assert (await http.post(f"http://quick.example:{port}/", b"", {})).status == 200
            finally:
                let_go.set()
            await asyncio.gather(*waiting)

    # The loop that the service runs on: its own way of asking has few threads.
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main())
