"""The whole platform, as `alerting up` runs it, on Apache Kafka; and receivers beside it."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import httpx
import pytest

from alerting.local.sinks import Sinks, running_sinks
from alerting.local.stack import Stack
from fix_tenant import Tenant


@pytest.fixture(scope="session")
def sinks() -> Iterator[Sinks]:
    """Receivers on an event loop of their own."""
    started: Future[Sinks] = Future()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def run() -> None:
        async with running_sinks() as sinks:
            started.set_result(sinks)
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    try:
        yield started.result(timeout=10)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=20)
        loop.close()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, sinks: Sinks) -> Iterator[Stack]:
    data_dir = tmp_path_factory.mktemp("stack")
    env = {
        # The receivers are on loopback, which a real deployment refuses.
        "ALERTING_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
        "ALERTING_ALLOW_INSECURE_ENDPOINTS": "true",
        "ALERTING_SMTP_HOST": sinks.smtp_host,
        "ALERTING_SMTP_PORT": str(sinks.smtp_port),
        "ALERTING_SMTP_STARTTLS": "never",
        "ALERTING_KAFKA_SESSION_TIMEOUT": "6",
    }
    with Stack(data_dir, broker="kafka", env=env) as stack:
        yield stack


@pytest.fixture
def tenant(stack: Stack, sinks: Sinks) -> Iterator[Tenant]:
    """A new tenant with an API client that may do everything."""
    with httpx.Client(timeout=30, headers={"authorization": f"Bearer {stack.admin_key}"}) as client:
        yield Tenant.create(client, stack, sinks)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home directory without configuration files."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path
