"""Passwords that have a place of their own, put where the libraries look for them."""

from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict
from redis import ConnectionPool

from alerting.runtime.connection_urls import postgres_dsn, redis_url

PASSWORD = "p@ss/w:rd?&=#% '\\ü+"


def options(url: str) -> dict[str, Any]:
    """Return what the library makes of a URL."""
    known = ("host", "port", "db", "username", "password", "timeout", "ssl_ca_certs")
    return {name: value for name, value in ConnectionPool.from_url(url).connection_kwargs.items() if name in known}


@pytest.mark.parametrize("dsn", ["postgresql://me@h:1/db?sslmode=require", "host=h port=1 user=me dbname=db"])
def test_postgres_gets_its_password(dsn: str) -> None:
    assert conninfo_to_dict(postgres_dsn(dsn, PASSWORD)) == conninfo_to_dict(dsn) | {"password": PASSWORD}


@pytest.mark.parametrize("url", ["redis://h:1/0", "redis://me@h:1/0", "redis://me:@h:1/0", "rediss://h:1/0?timeout=3"])
def test_redis_gets_its_password(url: str) -> None:
    assert options(redis_url(url, PASSWORD, "")) == options(url) | {"password": PASSWORD}


def test_redis_gets_its_certificates() -> None:
    found = options(redis_url("rediss://h:1/0?timeout=3", PASSWORD, "/run/a ca.pem"))
    assert (found["ssl_ca_certs"], found["timeout"], found["password"]) == ("/run/a ca.pem", 3.0, PASSWORD)


@pytest.mark.parametrize(
    "address", ["redis://u:p@h:1/0?a=b", "unix:///run/redis", "postgresql://u:p@h/db?sslmode=require"]
)
def test_nothing_more_is_nothing_else(address: str) -> None:
    whole = postgres_dsn(address, "") if address.startswith("postgres") else redis_url(address, "", "")
    assert whole == address


def test_two_passwords_are_one_too_many() -> None:
    with pytest.raises(ValueError, match="ALERTING_POSTGRES_PASSWORD") as postgres:
        postgres_dsn("postgresql://u:s3cr3t@h/db", PASSWORD)
    with pytest.raises(ValueError, match="ALERTING_REDIS_PASSWORD") as redis:
        redis_url("redis://:s3cr3t@h", PASSWORD, "")
    assert "s3cr3t" not in f"{postgres.value}{redis.value}"


def test_certificates_are_for_tls() -> None:
    with pytest.raises(ValueError, match="rediss://"):
        redis_url("redis://h", "", "/run/ca.pem")
