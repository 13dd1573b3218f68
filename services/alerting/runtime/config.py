"""Settings: one frozen object for each service, read once at start from ``ALERTING_*``.

A service's own settings are in ``<service>/settings.py``, in a subclass of `Settings`.
"""

import os
import socket
import sys
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError


class Settings(BaseSettings):
    """What every service reads."""

    model_config = SettingsConfigDict(
        env_prefix="ALERTING_", frozen=True, extra="ignore", hide_input_in_errors=True, allow_inf_nan=False
    )

    kafka_bootstrap_servers: str = "127.0.0.1:9092"
    kafka_prefix: str = Field("", description="put before every topic and group, to share a cluster")
    kafka_session_timeout: float = Field(10.0, ge=6, description="seconds until a dead consumer's partitions move on")
    kafka_fetch_wait: float = Field(
        0.5, ge=0.01, le=5, description="seconds that the broker holds a fetch without news"
    )
    kafka_properties: dict[str, str] = Field(
        {}, description="more librdkafka properties, such as those of SASL", repr=False
    )
    postgres_dsn: SecretStr = SecretStr("postgresql://alerting@127.0.0.1:5432/alerting")
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    host: str = "127.0.0.1"
    port: int = Field(0, ge=0, le=65535, description="of the service's HTTP server; 0 takes a free one")
    instance: str = Field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"
    batch_size: int = Field(5_000, ge=1, le=100_000, description="most messages handled and committed together")
    produce_timeout: float = Field(30.0, gt=0, description="seconds until an unacknowledged message counts as failed")
    drain_timeout: float = Field(20.0, gt=0, description="seconds that a stopping service gives to work in flight")
    heartbeat_interval: float = Field(5.0, gt=0, description="seconds between two heartbeats in Redis")

    @field_validator("postgres_dsn")
    @classmethod
    def _check_dsn(cls, dsn: SecretStr) -> SecretStr:
        import psycopg  # needed by those who have a database only  # noqa: PLC0415

        try:
            psycopg.conninfo.conninfo_to_dict(dsn.get_secret_value())
        except psycopg.Error:
            # Its own text quotes the address, with the password.
            raise ValueError("not a connection string of PostgreSQL") from None
        return dsn

    @field_validator("redis_url")
    @classmethod
    def _check_url(cls, url: SecretStr) -> SecretStr:
        try:
            parts = urlsplit(url.get_secret_value())
            known = parts.scheme in {"redis", "rediss", "unix"} and (parts.port or 1) > 0
        except ValueError:
            known = False
        if not known:
            raise ValueError("not a URL of Redis, such as redis://127.0.0.1:6379/0")
        return url


AnySettings = TypeVar("AnySettings", bound=Settings)


def load(kind: type[AnySettings]) -> AnySettings:
    """Read the settings from the environment; stop the process with the setting's name when one is wrong."""
    try:
        return kind()
    except SettingsError as error:
        # It names the setting, and does not quote what is not JSON.
        print(error, file=sys.stderr)  # before there is a log  # noqa: T201
        raise SystemExit(2) from None
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            name = "ALERTING_" + "_".join(str(part) for part in fault["loc"]).upper()
            print(f"{name}: {fault['msg']}", file=sys.stderr)  # before there is a log  # noqa: T201
        raise SystemExit(2) from None
