"""The settings of rule-service."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from pydantic import AfterValidator, AliasChoices, Field
from pydantic_settings import SettingsConfigDict

from alerting.deliveries.apprise_url import DEFAULT_SCHEMES
from alerting.runtime.config import Settings


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
        more = parts.query or parts.fragment or "@" in parts.netloc
    except ValueError:
        known, more = False, ""
    if more or not known:
        raise ValueError("not an address of a service, such as http://127.0.0.1:8080")
    return url.rstrip("/")


WebAddress = Annotated[str, AfterValidator(_web_address)]


class RuleServiceSettings(Settings):
    """What rule-service reads besides what every service reads."""

    # A fault is reported under the field's own name, not under one of its aliases.
    model_config = SettingsConfigDict(validate_by_name=True, loc_by_alias=False)

    port: int = Field(8081, ge=0, le=65535, description="of the service's HTTP server; 0 takes a free one")
    allow_catch_all_rules: bool = Field(
        False,
        validation_alias=AliasChoices("ALERTING_ALLOW_CATCH_ALL_RULES", "ALLOW_CATCH_ALL_RULES"),
        description="whether a rule may match every alert",
    )
    allow_insecure_endpoints: bool = Field(False, description="whether a Slack endpoint may be http://, for tests")
    apprise_schemes: frozenset[str] = Field(
        frozenset(DEFAULT_SCHEMES), description="services of Apprise that an endpoint may name"
    )
    metrics_url: WebAddress = Field("http://127.0.0.1:8083", description="where the service metrics listens")
    producer_url: WebAddress = Field("http://127.0.0.1:8082", description="where the service alert-producer listens")
    ingest_url: WebAddress = Field("http://127.0.0.1:8080", description="where the service ingest listens")
    public_ingest_url: WebAddress | None = Field(None, description="where senders of alerts find ingest, if elsewhere")
    postgres_pool_size: int = Field(10, ge=2, le=100, description="most connections; the relay has one of them")
    relay_interval: float = Field(1.0, gt=0, description="seconds between two looks for changes to publish")
    relay_timeout: float = Field(10.0, ge=1, description="seconds that a publishing transaction waits for the broker")


def _of_request(request: Request) -> RuleServiceSettings:
    settings: RuleServiceSettings = request.app.state.settings
    return settings


Config = Annotated[RuleServiceSettings, Depends(_of_request)]
"""The settings, for a route."""
