"""The sender's connections to the database."""

import select

import psycopg
from pydantic import SecretStr

from alerting.runtime.config import Settings
from alerting.runtime.database import async_pool
from alerting.sender.engine import bound_transactions


async def test_a_senders_transactions_are_bounded(database: str) -> None:
    pool = async_pool(Settings(postgres_dsn=SecretStr(database)), configure=bound_transactions)
    async with pool, pool.connection() as connection:
        row = await (await connection.execute("SHOW transaction_timeout")).fetchone()
    assert row == {"transaction_timeout": "35s"}


def test_what_is_locked_within_a_pipeline_is_let_go_by_that_bound(database: str) -> None:
    # Nothing ends the pipeline, as when its process is frozen: to the server the session is active, not idle.
    bounds = "-c idle_in_transaction_session_timeout=100 -c transaction_timeout=1s"
    with psycopg.connect(database, autocommit=True) as other, psycopg.connect(database, options=bounds) as frozen:
        wire = frozen.pgconn
        wire.enter_pipeline_mode()
        for statement in (b"BEGIN", b"LOCK TABLE notifications IN ACCESS EXCLUSIVE MODE"):
            wire.send_query_params(statement, None)
        wire.send_flush_request()
        wire.flush()
        select.select([wire.socket], [], [], 20)
        other.execute("SET lock_timeout = '20s'")
        assert other.execute("SELECT count(*) FROM notifications").fetchone() == (0,)
        wire.finish()
