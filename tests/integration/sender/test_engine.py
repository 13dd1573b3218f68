"""The sender's connections to the database."""

from pydantic import SecretStr

from alerting.runtime.config import Settings
from alerting.runtime.database import async_pool
from alerting.sender.engine import bound_transactions


async def test_a_sender_that_is_stopped_within_a_pipeline_keeps_nothing_locked_for_ever(database: str) -> None:
    pool = async_pool(Settings(postgres_dsn=SecretStr(database)), configure=bound_transactions)
    async with pool, pool.connection() as connection:
        row = await (await connection.execute("SHOW transaction_timeout")).fetchone()
    assert row == {"transaction_timeout": "35s"}
