"""What requests say about endpoints, and what answers do."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, StringConstraints

from alerting.rule_service.endpoint_values import MOST_CHARACTERS, EndpointType, check
from alerting.rule_service.settings import RuleServiceSettings
from alerting.rule_service.values import Body, Flag, Patch, no_nul
from alerting.runtime.problem import Fault

Value = Annotated[str, StringConstraints(min_length=1, max_length=MOST_CHARACTERS), AfterValidator(no_nul)]


class EndpointCreate(Body):
    """A new endpoint: an e-mail address, a Slack incoming webhook's URL, or a webhook's URL."""

    type: EndpointType
    value: Value
    enabled: Flag = True


class EndpointPatch(Patch):
    """What is to change of an endpoint. Its type stays."""

    value: Value | None = None
    enabled: Flag | None = None


class Endpoint(BaseModel):
    """An endpoint."""

    id: str
    rule_id: str
    client_id: str
    type: EndpointType
    value: str
    enabled: bool
    version: int
    created_at: datetime
    updated_at: datetime


def value_faults(
    kind: EndpointType, value: str, settings: RuleServiceSettings, *, field: str = "value", item: int | None = None
) -> list[Fault]:
    """Return what is wrong with an endpoint's value."""
    try:
        check(kind, value, insecure=settings.allow_insecure_endpoints)
    except ValueError as error:
        return [Fault(field=field, message=str(error), item=item)]
    return []
