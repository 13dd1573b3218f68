"""The sender as processes, on a real broker and a real database."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from confluent_kafka import Consumer

from alerting.events.v1 import NotificationReady
from alerting.local.ports import free_port
from alerting.runtime.broker import HEADERS
from alerting.runtime.broker.kafka import KafkaProducer
from alerting.runtime.config import Settings
from alerting.runtime.ids import new_id
from alerting.runtime.topics import NOTIFICATIONS_READY, dead_letter_topic
from fix_delivery import Answer, Receiver, Tenants, eventually
from fix_servers import Platform


@asynccontextmanager
async def sender(platform: Platform, **env: str) -> AsyncIterator[asyncio.subprocess.Process]:
    own = {
        "ALERTING_PORT": "0",
        "ALERTING_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
        "ALERTING_ATTEMPT_TIMEOUT": "4",
        "ALERTING_LEASE": "9",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "alerting", "sender"), env={**os.environ, **platform.env, **own, **env}
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def publish(platform: Platform, *values: bytes) -> None:
    producer = KafkaProducer(platform.settings(Settings))
    for value in values:
        producer.send(NOTIFICATIONS_READY, b"acme", value, HEADERS)
    producer.flush()


def ready(notification_id: str) -> bytes:
    return NotificationReady(notification_id=notification_id, client_id="acme", schema_version=1).SerializeToString()


def statuses(tenants: Tenants) -> dict[str, int]:
    return dict(tenants.execute("SELECT status, count(*) FROM notifications GROUP BY status"))


async def test_messages_become_deliveries_and_rubbish_dead_letters(
    platform: Platform, tenants: Tenants, receiver: Receiver
) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    wanted, absent, port = tenants.notification("a1", "r1"), new_id(), free_port()
    async with sender(platform, ALERTING_PORT=str(port)) as process:
        publish(platform, b"\xff\xff", ready("n1"), ready(wanted), ready(absent), ready(wanted))
        await eventually(lambda: tenants.status(wanted) == "SENT", 40)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            checks = (await client.get("/readyz")).json()["checks"]
            assert (checks["postgres"], checks["kafka"]) == ("ok", "ok")
            text = (await client.get("/metrics")).text
        assert 'alerting_deliveries_total{outcome="delivered",type="webhook"} 1.0' in text
        for name in ("alerting_first_attempt_delay_seconds", "alerting_delivered_after_seconds"):
            assert f'{name}_count{{type="webhook"}} 1.0' in text
            assert f'{name}_sum{{type="webhook"}} 0.0' not in text
        assert dead_letters(platform, 3) == sorted([b"\xff\xff", ready("n1"), ready(absent)])
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 30) == 0
    assert len(receiver.received) == 1


def dead_letters(platform: Platform, number: int) -> list[bytes]:
    consumer = Consumer(
        {
            "bootstrap.servers": platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"],
            "group.id": f"{platform.prefix}reader",
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe([platform.prefix + dead_letter_topic(NOTIFICATIONS_READY)])
    try:
        found = [message.value() or b"" for message in consumer.consume(number, 30)]
    finally:
        consumer.close()
    return sorted(found)


async def test_a_killed_senders_work_is_taken_over(platform: Platform, tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", *(("webhook", f"{receiver.url}/{name}") for name in "ab"))
    receiver.answers |= {"/a": [Answer(delay=0.05)], "/b": [Answer(delay=0.05)]}
    ids = [tenants.notification(f"a{number}", "r1") for number in range(300)]
    publish(platform, *map(ready, ids))
    async with sender(platform) as first:
        await eventually(lambda: len(receiver.received) > 50, 40)
        first.kill()
        await first.wait()
        async with sender(platform):
            await eventually(lambda: statuses(tenants) == {"SENT": 300}, 60)
    attempts = Counter((request.path, request.json["delivery_id"]) for request in receiver.received)
    assert len(attempts) == 600
    # Only what was in flight, or not yet recorded, when it was killed; and a receiver can tell by the key.
    assert max(attempts.values()) <= 2
    assert sum(attempts.values()) <= 600 + 100
    assert len({request.headers["idempotency-key"] for request in receiver.received}) == 600


async def test_a_zombie_sends_nothing_twice(platform: Platform, tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    receiver.answers["/a"] = [Answer(delay=0.05)]
    ids = [tenants.notification(f"a{number}", "r1") for number in range(300)]
    publish(platform, *map(ready, ids))
    async with sender(platform) as zombie:
        await eventually(lambda: len(receiver.received) > 50, 40)
        zombie.send_signal(signal.SIGSTOP)
        # What its receiver had already is sent again, because nobody knows of it.
        async with sender(platform):
            await eventually(lambda: statuses(tenants) == {"SENT": 300}, 60)
            before = len(receiver.received)
            assert before <= 300 + 20 + 50
            zombie.send_signal(signal.SIGCONT)
            # It records what it knows, and looks for more work; then it could have sent what it held.
            await asyncio.sleep(3)
            zombie.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(zombie.wait(), 30) == 0
    assert len(receiver.received) == before
    assert statuses(tenants) == {"SENT": 300}


async def test_two_processes_share_the_work(platform: Platform, tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    ids = [tenants.notification(f"a{number}", "r1") for number in range(300)]
    async with sender(platform) as first, sender(platform) as second:
        publish(platform, *map(ready, ids), *map(ready, ids))
        await eventually(lambda: statuses(tenants) == {"SENT": 300}, 60)
        for process in (first, second):
            process.send_signal(signal.SIGTERM)
        assert [await asyncio.wait_for(process.wait(), 40) for process in (first, second)] == [0, 0]
    assert len(receiver.received) == 300
