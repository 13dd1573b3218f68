"""What requests say about rules, and what answers do; and what of it is refused before the database is asked."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from alerting.rule_service.endpoint_requests import CreatedEndpoint, EndpointCreate, value_faults
from alerting.rule_service.faults import raise_faults
from alerting.rule_service.pagination import Page
from alerting.rule_service.settings import RuleServiceSettings
from alerting.rule_service.sorting import SORTED, Column, SortedPaging, check_time
from alerting.rule_service.store.rule_lists import SEVERITY_RANK
from alerting.rule_service.values import (
    WILDCARD,
    Body,
    CreatedAt,
    Description,
    Filter,
    Flag,
    Id,
    Patch,
    RuleSeverity,
    Search,
    Text,
    UpdatedAt,
    Version,
    searched,
)
from alerting.runtime.described import Described, examples
from alerting.runtime.problem import Fault

MOST_ENDPOINTS = 20

# What stands for something else in the place of an id: /rules/count.
_WORDS: Final = frozenset({"count"})


def _no_word(rule_id: str) -> str:
    if rule_id in _WORDS:
        raise PydanticCustomError("word", "stands for something else in paths: choose another")
    return rule_id


RuleId = Annotated[Id, AfterValidator(_no_word)]


class RuleCreate(Body):
    """A new rule, and where to tell of what it matches: the rule never lives without these endpoints."""

    model_config = examples(
        {
            "severity": "HIGH",
            "source": "payments",
            "name": "*",
            "description": "Whatever is urgent about payments",
            "endpoints": [{"type": "email", "value": "on-call@shop.example"}],
        }
    )

    id: RuleId | None = None
    """What paths name it by; made when it is null."""
    severity: RuleSeverity
    """The severity that it matches; `*` matches any."""
    source: Text
    """The source that it matches, exactly; `*` matches any."""
    name: Text
    """The name that it matches, exactly; `*` matches any."""
    description: Description = ""
    """What people want to know of it."""
    enabled: Flag = True
    """Whether it is in force."""
    endpoints: list[EndpointCreate] = Field([], max_length=MOST_ENDPOINTS)
    """Where to tell of what it matches; more can be added later."""


class RulePatch(Patch):
    """What is to change of a rule: what is left out stays, and nothing can be null."""

    model_config = examples({"severity": "CRITICAL", "description": "Only what is critical by now"})

    severity: RuleSeverity | None = None
    """The severity that it matches; `*` matches any."""
    source: Text | None = None
    """The source that it matches, exactly; `*` matches any."""
    name: Text | None = None
    """The name that it matches, exactly; `*` matches any."""
    description: Description | None = None
    """What people want to know of it."""
    enabled: Flag | None = None
    """Whether it is in force."""


class EndpointCounts(Described):
    """How many endpoints a rule has."""

    total: int
    """All of them."""
    enabled: int
    """The ones that are told."""
    failing: int
    """Enabled ones whose receiver's latest attempts failed."""


class Rule(Described):
    """A rule. Its endpoints are at ``/rules/{id}/endpoints``."""

    id: str
    """What paths name it by."""
    client_id: str
    """The client that it is of."""
    severity: RuleSeverity
    """The severity that it matches; `*` matches any."""
    source: str
    """The source that it matches, exactly; `*` matches any."""
    name: str
    """The name that it matches, exactly; `*` matches any."""
    description: str
    """What people want to know of it."""
    enabled: bool
    """Whether it is in force."""
    version: Version
    created_at: CreatedAt
    updated_at: UpdatedAt
    endpoints: EndpointCounts
    """How many endpoints it has."""


class RulePage(Page[Rule]):
    """One page of rules."""


class CreatedRule(Rule):
    """A rule with the endpoints that were created with it, in the order of the request."""

    created_endpoints: list[CreatedEndpoint]
    """Its endpoints, with the secrets of webhooks, which are shown this once."""


class CreatedRules(Described):
    """Rules that were created together."""

    rules_version: int
    """The version of the rule set that has them, all at once."""
    items: list[Rule]
    """The rules, in the order of the request."""


def _check_severity(text: str) -> None:
    if text not in get_args(RuleSeverity):
        raise ValueError("no severity")


class RuleFilter(Filter):
    """Which rules of a client."""

    severity: RuleSeverity | None = Field(None, description="Only those with this severity; `*` stands for itself.")
    source: Text | None = Field(None, description="Only those with this source; `*` stands for itself.")
    name: Text | None = Field(None, description="Only those with this name; `*` stands for itself.")
    enabled: bool | None = Field(None, description="Only enabled ones, or only disabled ones.")
    search: Search | None = Field(None, description=searched("the id, the source, the name or the description"))


class AnyRuleFilter(RuleFilter):
    """Which of all rules."""

    client_id: Text | None = Field(None, description="Only those of this client.")


RuleSort = Literal[
    "id", "-id", "client_id", "-client_id", "source", "-source", "name", "-name", "severity", "-severity",
    "updated_at", "-updated_at",
]  # fmt: skip


RULE_COLUMNS: Final = {
    **{name: Column(name) for name in ("id", "client_id", "source", "name")},
    "severity": Column("severity", SEVERITY_RANK, _check_severity),
    "updated_at": Column("updated_at", check=check_time),
}


class RuleFilters(SortedPaging, RuleFilter):
    """Which of a client's rules to list, in which order."""

    sort: RuleSort = Field("id", description=SORTED)


class AnyRuleFilters(SortedPaging, AnyRuleFilter):
    """Which of all rules to list, in which order."""

    sort: RuleSort = Field("id", description=SORTED)


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
