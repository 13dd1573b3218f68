"""What requests say about rules, and what answers do; and what of it is refused before the database is asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from alerting.rule_service.endpoint_requests import EndpointCreate, value_faults
from alerting.rule_service.faults import raise_faults
from alerting.rule_service.pagination import Paging
from alerting.rule_service.settings import RuleServiceSettings
from alerting.rule_service.values import WILDCARD, Body, Description, Flag, Id, Patch, RuleSeverity, Text
from alerting.runtime.problem import Fault

MOST_ENDPOINTS = 20


class RuleCreate(Body):
    """A new rule, and where to tell of what it matches: the rule never lives without these endpoints."""

    id: Id | None = None
    severity: RuleSeverity
    source: Text
    name: Text
    description: Description = ""
    enabled: Flag = True
    endpoints: list[EndpointCreate] = Field([], max_length=MOST_ENDPOINTS)


class RulePatch(Patch):
    """What is to change of a rule."""

    severity: RuleSeverity | None = None
    source: Text | None = None
    name: Text | None = None
    description: Description | None = None
    enabled: Flag | None = None


class Rule(BaseModel):
    """A rule. Its endpoints are at ``/rules/{id}/endpoints``."""

    id: str
    client_id: str
    severity: RuleSeverity
    source: str
    name: str
    description: str
    enabled: bool
    version: int
    created_at: datetime
    updated_at: datetime


class CreatedRules(BaseModel):
    """Rules that were created together."""

    rules_version: int
    """The version of the rule set that has them, all at once."""
    items: list[Rule]


class RuleFilters(Paging):
    """Which rules to list."""

    severity: RuleSeverity | None = None
    source: Text | None = None
    name: Text | None = None
    enabled: bool | None = None

    def equal(self) -> dict[str, Any]:
        """Return the columns that have to have a value."""
        return self.model_dump(exclude={"limit", "cursor"}, exclude_none=True)


class AllRuleFilters(RuleFilters):
    """Which of all rules to list."""

    client_id: Text | None = None


def catch_all_faults(rule: dict[str, Any], settings: RuleServiceSettings, item: int | None = None) -> list[Fault]:
    """Return what is wrong with a rule for every alert, unless the deployment allows it."""
    if settings.allow_catch_all_rules or any(rule[field] != WILDCARD for field in ("severity", "source", "name")):
        return []
    message = "severity, source and name may not all be *: the rule would match every alert"
    return [Fault(field="severity", message=message, item=item)]


def check_new(rules: Sequence[RuleCreate], settings: RuleServiceSettings) -> None:
    """Refuse rules that cannot be created, whatever the database has; a fault names its rule by its place."""
    ids: dict[str | None, int] = {}
    matched: dict[tuple[str, str, str], int] = {}
    faults: list[Fault] = []
    for item, rule in enumerate(rules):
        faults += catch_all_faults(rule.model_dump(include={"severity", "source", "name"}), settings, item)
        faults += _endpoint_faults(rule, settings, item)
        first = ids.setdefault(rule.id, item)
        if rule.id is not None and first != item:
            faults.append(Fault(field="id", message=f"item {first} has the same", item=item))
        first = matched.setdefault((rule.severity, rule.source, rule.name), item)
        if first != item:
            message = f"item {first} has the same severity, source and name"
            faults.append(Fault(field="name", message=message, item=item))
    raise_faults(422, faults)


def _endpoint_faults(rule: RuleCreate, settings: RuleServiceSettings, item: int) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[tuple[str, str]] = set()
    for place, endpoint in enumerate(rule.endpoints):
        field = f"endpoints.{place}.value"
        faults += value_faults(endpoint.type, endpoint.value, settings, field=field, item=item)
        if (endpoint.type, endpoint.value) in seen:
            faults.append(Fault(field=field, message="the rule has this endpoint already", item=item))
        seen.add((endpoint.type, endpoint.value))
    return faults
