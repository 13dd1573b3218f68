"""Settings: one frozen object for each service, read once at start from ``ALERTING_*``, or from files.

A service's own settings are in ``<service>/settings.py``, in a subclass of `Settings`.
"""

import os
import socket
import sys
from typing import Final, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from alerting.runtime.connection_urls import postgres_dsn, redis_url
from alerting.runtime.secret_files import SecretFiles

_POSTGRES: Final = SecretStr("postgresql://alerting@127.0.0.1:5432/alerting")
_REDIS: Final = SecretStr("redis://127.0.0.1:6379/0")


class Settings(BaseSettings):
    """What every service reads."""

    model_config = SettingsConfigDict(
        env_prefix="ALERTING_", frozen=True, extra="ignore", hide_input_in_errors=True, allow_inf_nan=False
    )

    kafka_bootstrap_servers: str = Field(
        "127.0.0.1:9092", description="brokers to begin with, with commas between them"
    )
    kafka_prefix: str = Field("", description="put before every topic and group, to share a cluster")
    kafka_session_timeout: float = Field(10.0, ge=6, description="seconds until a dead consumer's partitions move on")
    kafka_queue_kib: int = Field(
        65_536, ge=1_024, le=2_097_151, description="KiB of messages that a consumer reads ahead"
    )
    kafka_fetch_wait: float = Field(
        0.5, ge=0.01, le=5, description="seconds that the broker holds a fetch without news"
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="how one says who one is, where the protocol has sasl in it"
    )
    kafka_sasl_username: str = Field("", description="who one is to the broker")
    kafka_sasl_password: SecretStr = Field(SecretStr(""), description="the password to it")
    kafka_security_protocol: Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] = Field(
        "plaintext", description="whether there is TLS (ssl), and whether one says who one is (sasl)"
    )
    kafka_ca_file: str = Field("", description="certificates that the broker's is checked by; the system's if empty")
    kafka_properties: dict[str, str] = Field(
        {}, description="more librdkafka properties, such as those of a client certificate", repr=False
    )
    postgres_password: SecretStr = Field(SecretStr(""), description="put into ALERTING_POSTGRES_DSN, which has none")
    postgres_dsn: SecretStr = Field(
        _POSTGRES, validate_default=True, description="where the database is, as libpq reads it"
    )
    redis_password: SecretStr = Field(SecretStr(""), description="put into ALERTING_REDIS_URL, which has none")
    redis_ca_file: str = Field(
        "", description="certificates that Redis's is checked by, for rediss://; the system's if empty"
    )
    redis_url: SecretStr = Field(_REDIS, validate_default=True, description="where Redis is; rediss:// with TLS")
    host: str = Field("127.0.0.1", description="where the service's HTTP server listens")
    port: int = Field(0, ge=0, le=65535, description="of the service's HTTP server; 0 takes a free one")
    instance: str = Field(
        default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}",
        description="what this process is called in figures and at the broker; the machine and its number if not given",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="the least that is logged")
    log_format: Literal["json", "console"] = Field("json", description="for machines, or for people")
    batch_size: int = Field(5_000, ge=1, le=100_000, description="most messages handled and committed together")
    produce_timeout: float = Field(30.0, gt=0, description="seconds until an unacknowledged message counts as failed")
    drain_timeout: float = Field(20.0, gt=0, description="seconds that a stopping service gives to work in flight")
    heartbeat_interval: float = Field(5.0, gt=0, description="seconds between two heartbeats in Redis")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (a file that happens to lie there is not read)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment, and what it does not have from the files of ALERTING_SECRETS_DIR."""
        return init_settings, env_settings, SecretFiles(settings_cls)

    @field_validator("kafka_security_protocol")
    @classmethod
    def _knows_who(cls, protocol: str, info: ValidationInfo) -> str:
        password: SecretStr | None = info.data.get("kafka_sasl_password")
        if protocol.startswith("sasl") and not (info.data.get("kafka_sasl_username") and password):
            raise ValueError(f"{protocol} needs ALERTING_KAFKA_SASL_USERNAME and ALERTING_KAFKA_SASL_PASSWORD")
        return protocol

    @field_validator("postgres_dsn")
    @classmethod
    def _complete_dsn(cls, dsn: SecretStr, info: ValidationInfo) -> SecretStr:
        password = _secret(info, "postgres_password")
        if dsn == _POSTGRES and not password:
            return dsn  # spares those who have no database its library
        return SecretStr(postgres_dsn(dsn.get_secret_value(), password))

    @field_validator("redis_url")
    @classmethod
    def _complete_url(cls, url: SecretStr, info: ValidationInfo) -> SecretStr:
        ca_file = info.data.get("redis_ca_file", "")
        return SecretStr(redis_url(url.get_secret_value(), _secret(info, "redis_password"), ca_file))


def _secret(info: ValidationInfo, name: str) -> str:
    found: SecretStr = info.data.get(name, SecretStr(""))
    return found.get_secret_value()


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
