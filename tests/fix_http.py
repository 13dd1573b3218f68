"""HTTP services in this process, and keys to call them with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import psycopg
from asgi_lifespan import LifespanManager
from fastapi import FastAPI

from alerting.runtime.auth import new_key
from alerting.runtime.ids import new_id


def make_key(dsn: str, scope: str) -> str:
    """Write an API key into the database, and return it."""
    made = new_key()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO api_keys (id, name, prefix, key_hash, scope) VALUES (%s, %s, %s, %s, %s)",
            (new_id(), f"the {scope} key", made.prefix, made.key_hash, scope),
        )
    return made.key


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Start an application, and yield a client of it that has no key."""
    # An answer of 500 is looked at like any other.
    async with LifespanManager(app) as manager:
        transport = httpx.ASGITransport(manager.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}
