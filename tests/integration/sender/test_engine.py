"""The sender's thread: deliveries, and beside them the removal of what is old."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from alerting.local.ports import free_port
from alerting.runtime.clock import SystemClock
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import Telemetry
from alerting.sender.engine import Engine
from alerting.sender.settings import SenderSettings
from fix_archive import Archive, Left
from fix_delivery import Receiver, Tenants, eventually

CLOCK = SystemClock()


@contextmanager
def engine(dsn: str, **more: Any) -> Iterator[Engine]:
    given = {"allowed_networks": ["127.0.0.0/8"], "claim_interval": 0.05, "retention_interval": 0.05, **more}
    with Engine(SenderSettings(postgres_dsn=dsn, **given), Telemetry(CLOCK), CLOCK, threading.Event()) as running:
        yield running


@pytest.fixture
def archive(database: str) -> Archive:
    return Archive(database)


async def test_what_is_old_goes_while_what_is_new_is_delivered(
    archive: Archive, tenants: Tenants, receiver: Receiver
) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    archive.add(30)
    wanted = tenants.notification("a1", "r1")
    with engine(archive.dsn, retention_batch=10) as running:
        await eventually(lambda: archive.left().notifications == 1)
        running.plan([wanted])
        await eventually(lambda: tenants.status(wanted) == "SENT")
        archive.add(20)
        await eventually(lambda: archive.left() == Left(1, 1, 1))


async def test_a_removal_that_fails_stops_no_delivery(archive: Archive, tenants: Tenants, receiver: Receiver) -> None:
    archive.execute(
        "CREATE SEQUENCE refused;"
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM nextval('refused'); RAISE EXCEPTION 'no' USING ERRCODE = 'insufficient_privilege'; END $$;"
        "CREATE TRIGGER refuse BEFORE DELETE ON notifications EXECUTE FUNCTION refuse()"
    )
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    archive.add(3)
    with engine(archive.dsn) as running:
        await eventually(lambda: archive.execute("SELECT last_value > 2 FROM refused") == [(True,)])
        wanted = tenants.notification("a1", "r1")
        running.plan([wanted])
        await eventually(lambda: tenants.status(wanted) == "SENT")
    assert archive.left().notifications == 4


async def test_it_stops_while_a_removal_waits(archive: Archive) -> None:
    first, *_ = archive.add(3)
    with archive.locked("SELECT FROM deliveries WHERE notification_id = %s FOR UPDATE", first):
        with engine(archive.dsn):
            await archive.somebody_waits()
        assert archive.left() == Left(3, 3, 3)


def test_a_database_that_is_away_keeps_it_from_neither_start_nor_end() -> None:
    with (
        engine(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing") as running,
        pytest.raises(Unavailable),
    ):
        running.plan(["01a208c8-9bc3-7249-aca4-4a690561b141"])
