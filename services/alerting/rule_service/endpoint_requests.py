"""What requests say about endpoints, and what answers do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from alerting.deliveries.schedule import Profile
from alerting.rule_service.endpoint_values import MOST_CHARACTERS, EndpointType, check
from alerting.rule_service.settings import RuleServiceSettings
from alerting.rule_service.values import Body, Flag, Patch, no_nul
from alerting.runtime.database import Row
from alerting.runtime.problem import Fault

MOST_DELAYS = 20
SIGNED: Final = "webhook"

Value = Annotated[str, StringConstraints(min_length=1, max_length=MOST_CHARACTERS), AfterValidator(no_nul)]
Delay = Annotated[float, Field(ge=1, le=86_400, strict=True)]


class Retry(Body):
    """How persistently an endpoint is tried; docs/delivery.md has the delays of the profiles."""

    profile: Profile = "standard"
    delays: list[Delay] | None = Field(None, min_length=1, max_length=MOST_DELAYS)
    """Seconds before each repetition; with the profile `custom`, and only with it."""
    max_age: int | None = Field(None, ge=60, le=604_800, strict=True)
    """Seconds until a delivery expires; the profile's own when null."""

    @model_validator(mode="after")
    def _check_delays(self) -> Self:
        if (self.profile == "custom") != (self.delays is not None):
            raise PydanticCustomError("delays", "the profile custom has delays, and no other profile has")
        return self


class EndpointCreate(Body):
    """A new endpoint: an e-mail address, the URL of a Slack incoming webhook or of a webhook, or an Apprise URL."""

    type: EndpointType
    value: Value
    enabled: Flag = True
    retry: Retry = Retry()
    fallback: Flag = False
    """Whether it is told only when the rule's other endpoints could not be."""

    def columns(self) -> dict[str, Any]:
        """Return it as the table has it."""
        return self.model_dump(exclude={"retry"}) | retry_columns(self.retry)


class EndpointPatch(Patch):
    """What is to change of an endpoint. Its type stays."""

    value: Value | None = None
    enabled: Flag | None = None
    retry: Retry | None = None
    fallback: Flag | None = None

    def columns(self) -> dict[str, Any]:
        """Return the columns that are to change."""
        given = self.given()
        given.pop("retry", None)
        return given | (retry_columns(self.retry) if self.retry is not None else {})


HealthStatus = Literal["ok", "failing", "open"]


class Health(BaseModel):
    """How the receiver at an endpoint's address fares."""

    status: HealthStatus
    """`open`: deliveries wait, because so many of the last attempts failed."""
    failing_since: datetime | None
    failures: int
    """Attempts that failed since the last one that did not."""
    last_failure_at: datetime | None
    last_error: str | None
    open_until: datetime | None


class Endpoint(BaseModel):
    """An endpoint."""

    id: str
    rule_id: str
    client_id: str
    type: EndpointType
    value: str
    enabled: bool
    disabled_reason: str | None
    """Why the platform disabled it; null when a person did."""
    retry: Retry
    fallback: bool
    health: Health
    version: int
    created_at: datetime
    updated_at: datetime


class CreatedEndpoint(Endpoint):
    """An endpoint with what its webhooks are signed with, which is shown this once."""

    secret: str | None
    """Null when nothing is signed, and when another endpoint of the client has the same address, and so the secret."""


class Rotation(Body):
    """How a secret is replaced."""

    keep_old_for: int = Field(86_400, ge=0, le=604_800, strict=True)
    """Seconds for which webhooks are signed with the old one, too."""


class RotatedSecret(BaseModel):
    """A new secret, which is shown this once."""

    secret: str
    previous_valid_until: datetime | None


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
