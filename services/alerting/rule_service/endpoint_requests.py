"""What requests say about endpoints, and what answers do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from alerting.deliveries.schedule import Profile
from alerting.rule_service.endpoint_values import MOST_CHARACTERS, EndpointType, check
from alerting.rule_service.settings import RuleServiceSettings
from alerting.rule_service.values import Body, CreatedAt, Flag, Patch, UpdatedAt, Version, no_nul
from alerting.runtime.database import Row
from alerting.runtime.described import Described, examples
from alerting.runtime.problem import Fault

MOST_DELAYS = 20
SIGNED: Final = "webhook"

Value = Annotated[str, StringConstraints(min_length=1, max_length=MOST_CHARACTERS), AfterValidator(no_nul)]
Delay = Annotated[float, Field(ge=1, le=86_400, strict=True)]


class Retry(Body):
    """How persistently an endpoint is tried; docs/delivery.md has the delays of the profiles."""

    profile: Profile = "standard"
    """The delays between attempts: `standard`, `page` for what wakes somebody up, or `custom`."""
    delays: list[Delay] | None = Field(None, min_length=1, max_length=MOST_DELAYS)
    """Seconds before each repetition; with the profile `custom`, and null with any other."""
    max_age: int | None = Field(None, ge=60, le=604_800, strict=True)
    """Seconds until a delivery expires; null for the profile's own."""

    @model_validator(mode="after")
    def _check_delays(self) -> Self:
        if (self.profile == "custom") != (self.delays is not None):
            raise PydanticCustomError("delays", "the profile custom has delays, and no other profile has")
        return self


class EndpointCreate(Body):
    """A new endpoint: an e-mail address, the URL of a Slack incoming webhook or of a webhook, or an Apprise URL."""

    model_config = examples(
        {"type": "email", "value": "on-call@shop.example"},
        {"type": "webhook", "value": "https://hooks.shop.example/alerts", "retry": {"profile": "page"}},
    )

    type: EndpointType
    """How it is told."""
    value: Value
    """An e-mail address, or a URL: where to tell of it. It may be a secret."""
    enabled: Flag = True
    """Whether it is told at all."""
    retry: Retry = Retry()
    """How persistently it is tried."""
    fallback: Flag = False
    """Whether it is told only when the rule's other endpoints could not be."""

    def columns(self) -> dict[str, Any]:
        """Return it as the table has it."""
        return self.model_dump(exclude={"retry"}) | retry_columns(self.retry)


class EndpointPatch(Patch):
    """What is to change of an endpoint: what is left out stays, as its type does, and nothing can be null."""

    model_config = examples({"enabled": False})

    value: Value | None = None
    """An e-mail address, or a URL: where to tell of it. It may be a secret."""
    enabled: Flag | None = None
    """Whether it is told at all."""
    retry: Retry | None = None
    """How persistently it is tried; it is replaced as a whole."""
    fallback: Flag | None = None
    """Whether it is told only when the rule's other endpoints could not be."""

    def columns(self) -> dict[str, Any]:
        """Return the columns that are to change."""
        given = self.given()
        given.pop("retry", None)
        return given | (retry_columns(self.retry) if self.retry is not None else {})


HealthStatus = Literal["ok", "failing", "open"]


class Health(Described):
    """How the receiver at an endpoint's address fares."""

    status: HealthStatus
    """`ok`, `failing`, or `open`: deliveries wait, because so many of the last attempts failed."""
    failing_since: datetime | None
    """When the first of these failures was, in UTC; null when the last attempt did not fail."""
    failures: int
    """Attempts that failed since the last one that did not."""
    last_failure_at: datetime | None
    """When an attempt failed last, in UTC; null when none did."""
    last_error: str | None
    """What the last failure was; null when there was none."""
    open_until: datetime | None
    """Until when its deliveries wait, in UTC; null when they do not."""


class Endpoint(Described):
    """An endpoint."""

    id: str
    """Its id, a UUID."""
    rule_id: str
    """The rule that it is of."""
    client_id: str
    """The client that the rule is of."""
    type: EndpointType
    """How it is told."""
    value: str
    """An e-mail address, or a URL: where to tell of it. It may be a secret."""
    enabled: bool
    """Whether it is told at all."""
    disabled_reason: str | None
    """Why the platform disabled it; null when a person did, or it is enabled."""
    retry: Retry
    """How persistently it is tried."""
    fallback: bool
    """Whether it is told only when the rule's other endpoints could not be."""
    health: Health
    """How the receiver at its address fares."""
    version: Version
    created_at: CreatedAt
    updated_at: UpdatedAt


class CreatedEndpoint(Endpoint):
    """An endpoint with what its webhooks are signed with, which is shown this once."""

    secret: str | None
    """What its webhooks are signed with. Null when nothing is, or another endpoint with this address has it."""


class Rotation(Body):
    """How a secret is replaced."""

    model_config = examples({"keep_old_for": 3600})

    keep_old_for: int = Field(86_400, ge=0, le=604_800, strict=True)
    """Seconds for which webhooks are signed with the old one, too."""


class RotatedSecret(Described):
    """A new secret, which is shown this once."""

    secret: str
    """The new secret, `whsec_` and 32 bytes in Base64."""
    previous_valid_until: datetime | None
    """Until when the old one is in use, in UTC; null when it is not any more."""


def retry_columns(retry: Retry) -> dict[str, Any]:
    """Return how often to try as the table has it."""
    return {"retry_profile": retry.profile, "retry_delays": retry.delays, "max_age": retry.max_age}


def health_status(row: Row) -> HealthStatus:
    """Return in a word how the receiver of an endpoint fares."""
    return "open" if row["open_until"] else "failing" if row["failing_since"] else "ok"


def shown(row: Row) -> Row:
    """Return a row of the table, with its receiver's health, as it is answered."""
    retry = {"profile": row["retry_profile"], "delays": row["retry_delays"], "max_age": row["max_age"]}
    health = {name: row[name] for name in ("failing_since", "last_failure_at", "last_error", "open_until")}
    return row | {"retry": retry, "health": health | {"status": health_status(row), "failures": row["failures"] or 0}}


def created(row: Row, secrets: Mapping[str, str]) -> CreatedEndpoint:
    """Return a new endpoint as it is answered, with its secret if that is new and anything is signed with it."""
    secret = secrets.get(row["id"]) if row["type"] == SIGNED else None
    return CreatedEndpoint.model_validate(shown(row) | {"secret": secret})


def changed_fields(before: Row, after: Row) -> list[str]:
    """Return which fields differ. What they say stays out of it, because a value may be a secret."""
    one, other = shown(before), shown(after)
    return [name for name in EndpointPatch.model_fields if one[name] != other[name]]


def value_faults(
    kind: EndpointType, value: str, settings: RuleServiceSettings, *, field: str = "value", item: int | None = None
) -> list[Fault]:
    """Return what is wrong with an endpoint's value."""
    try:
        check(kind, value, insecure=settings.allow_insecure_endpoints, schemes=settings.apprise_schemes)
    except ValueError as error:
        return [Fault(field=field, message=str(error), item=item)]
    return []
