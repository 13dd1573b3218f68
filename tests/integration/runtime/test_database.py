"""A pool's connections, as the metrics tell of them; and what counts as a lost one."""

import asyncio
import gc
import select

import psycopg
import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr

from alerting.runtime.config import Settings
from alerting.runtime.database import async_pool, postgres_errors
from alerting.runtime.errors import Unavailable


def figure(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"alerting_postgres_pool_{name}", labels)


async def test_what_is_used_and_what_waits_is_told(database: str) -> None:
    async with async_pool(Settings(postgres_dsn=SecretStr(database)), size=1) as pool:
        await pool.wait()
        assert figure("most_connections") == 1
        assert (figure("connections", state="idle"), figure("connections", state="used")) == (1, 0)
        async with pool.connection():
            assert (figure("connections", state="idle"), figure("connections", state="used")) == (0, 1)
            asking = asyncio.create_task(pool.getconn(timeout=30))
            async with asyncio.timeout(10):
                while figure("waiting") == 0:
                    await asyncio.sleep(0.01)
            assert figure("waiting") == 1
        await pool.putconn(await asking)


async def test_a_pool_that_is_gone_has_none(database: str) -> None:
    async with async_pool(Settings(postgres_dsn=SecretStr(database)), size=1) as pool:
        await pool.wait()
    del pool
    gc.collect()
    assert (figure("connections", state="idle"), figure("connections", state="used"), figure("waiting")) == (0, 0, 0)


@pytest.mark.parametrize("setting", ["idle_in_transaction_session_timeout", "transaction_timeout"])
def test_a_transaction_that_was_forgotten_is_a_lost_connection(database: str, setting: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(f"SET LOCAL {setting} = 1".encode())
        # The server has ended the connection when it has said why.
        select.select([connection.fileno()], [], [], 40)
        with pytest.raises(Unavailable), postgres_errors():
            connection.execute("SELECT 1")
