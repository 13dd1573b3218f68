"""The sender's settings."""

from email.utils import parseaddr
from importlib.util import find_spec
from typing import Annotated, Final, Literal

from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationInfo, field_validator

from alerting.deliveries.apprise_url import DEFAULT_SCHEMES
from alerting.deliveries.schedule import PAGE_DELAYS, STANDARD_DELAYS
from alerting.retention.settings import RetentionSettings
from alerting.sender.rate_limit import Rate

# From the last look at a lease to the attempt's recorded result, beside the attempt itself.
LEASE_MARGIN: Final = 5.0

Delays = list[Annotated[float, Field(ge=0, le=86_400)]]


class SenderSettings(RetentionSettings):
    """What the sender reads; it also removes what is old."""

    port: int = 8087
    batch_size: int = Field(1_000, ge=1, le=100_000, description="most notifications planned together")

    attempts_in_flight: int = Field(500, ge=1, le=10_000, description="most attempts at a time")
    # Far fewer for a client than for a host, which thousands of clients may share: one that hangs must not fill it.
    attempts_per_client: int = Field(20, ge=1, le=10_000, description="most attempts at a time for one client")
    attempts_per_host: int = Field(100, ge=1, le=10_000, description="most attempts at a time to one host")
    attempt_timeout: float = Field(10.0, gt=0, le=300, description="seconds that a receiver has to answer")
    retry_delays: Delays = Field(
        list(STANDARD_DELAYS),
        max_length=100,
        description="seconds before each repetition of a failed attempt; varied by 20 %",
    )
    page_delays: Delays = Field(
        list(PAGE_DELAYS), max_length=100, description="the same for endpoints with the profile `page`"
    )
    throttled_delay: float = Field(
        60.0, ge=0, le=3_600, description="least seconds until a repetition after a 429 or a time-out"
    )
    breaker_open_seconds: float = Field(
        30.0, gt=0, le=3_600, description="seconds that a failing receiver is left alone at first"
    )
    breaker_most_open_seconds: float = Field(
        600.0, gt=0, le=86_400, description="and at most, as they double each time that it fails again"
    )
    channel_rates: dict[str, Rate] = Field(
        {"email": Rate(per_second=2, burst=20)},
        description="most attempts a second of a channel, by the type of endpoint, for each sender",
    )
    receiver_rates: dict[str, Rate] = Field(
        {"slack": Rate(per_second=1, burst=5)},
        description="most attempts a second to one address, by the type of endpoint, for each sender",
    )
    hand_over: int = Field(4_000, ge=1, le=1_000_000, description="most deliveries in memory; others wait in the table")
    lease: float = Field(30.0, gt=0, description="seconds that a delivery belongs to the sender that took it")
    claim_interval: float = Field(0.5, gt=0, description="seconds between two looks for deliveries that are due")
    sweep_after: float = Field(60.0, gt=0, description="seconds until a notification that nobody planned is")
    sweep_interval: float = Field(15.0, gt=0, description="seconds between two looks for such notifications")
    allowed_networks: list[IPvAnyNetwork] = Field(
        [], description="private networks that webhooks may be in, such as 10.20.0.0/16; none unless named"
    )

    apprise_schemes: frozenset[str] = Field(
        frozenset(DEFAULT_SCHEMES), description="services of Apprise that are sent to; docs/channels.md says why these"
    )

    email_transport: Literal["smtp", "ses"] = Field("smtp", description="a mail server, or Amazon SES")
    ses_region: str = Field("", description="of Amazon SES; from where the AWS libraries look for it unless given")
    ses_configuration_set: str = Field("", description="of Amazon SES, for its events")
    ses_endpoint_url: str = Field("", description="where the API is, when it is not Amazon's")
    smtp_host: str = Field("127.0.0.1", description="the mail server")
    smtp_port: int = Field(25, ge=1, le=65535, description="of the mail server")
    smtp_username: str = Field("", description="who one is to the mail server; nobody if empty")
    smtp_password: SecretStr = Field(SecretStr(""), description="the password to it")
    smtp_starttls: Literal["never", "auto", "always"] = Field(
        "auto", description="whether TLS is used; auto: where it is offered, and always with a password"
    )
    smtp_from: str = Field("alerting@localhost", description="the address that mails come from")

    @field_validator("email_transport")
    @classmethod
    def _has_library(cls, transport: str) -> str:
        if transport == "ses" and find_spec("aiobotocore") is None:
            raise ValueError("ses needs aiobotocore: the extra `ses` of alerting's wheel brings it")
        return transport

    @field_validator("smtp_from")
    @classmethod
    def _is_mailbox(cls, address: str) -> str:
        if "@" not in parseaddr(address)[1] or not address.isprintable():
            raise ValueError("must be a mail address")
        return address

    @field_validator("lease")
    @classmethod
    def _outlasts_attempt(cls, lease: float, info: ValidationInfo) -> float:
        if lease < info.data.get("attempt_timeout", 0.0) + LEASE_MARGIN:
            raise ValueError(f"must be {LEASE_MARGIN:g} s longer than ALERTING_ATTEMPT_TIMEOUT")
        return lease
