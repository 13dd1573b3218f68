"""``POST /api/v1/match``: which rules an alert would match, for whom, why, and under which version of the rule set."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel

from alerting.rule_service.access import Tenant, problems, router
from alerting.rule_service.endpoint_requests import HealthStatus, health_status
from alerting.rule_service.endpoint_values import EndpointType
from alerting.rule_service.store import matching as store
from alerting.rule_service.store.endpoint_lists import of_rules
from alerting.rule_service.store.near_misses import near_misses
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import WILDCARD, AlertSeverity, AlertText, Body, Flag, RuleSeverity, Text
from alerting.runtime.database import Row

MOST_MATCHES: Final = 1_000
MOST_NEAR: Final = 100
MOST_ENDPOINTS: Final = 20

Field = Literal["severity", "source", "name"]
_FIELDS: Final[tuple[Field, ...]] = ("severity", "source", "name")

routes = router("match")


class Alert(Body):
    """An alert that might come, and whether to look at one client's rules only."""

    severity: AlertSeverity
    source: AlertText
    name: AlertText
    client_id: Text | None = None
    near: Flag = False
    """Whether to look for rules, too, that would match but for one field."""


class MatchedEndpoint(BaseModel):
    """An endpoint of a rule that matches."""

    id: str
    type: EndpointType
    shown: str
    """The address, without what is secret in a URL."""
    enabled: bool
    fallback: bool
    health_status: HealthStatus


class RuleMatch(BaseModel):
    """A rule that matches, and which of its fields say so."""

    rule_id: str
    client_id: str
    severity: RuleSeverity
    source: str
    name: str
    description: str
    exact: list[Field]
    """The fields that are the alert's own."""
    wildcard: list[Field]
    """The fields that match any alert."""
    endpoints: list[MatchedEndpoint]
    """At most 20."""


class NearMiss(RuleMatch):
    """A rule that would match but for one field."""

    misses: Field
    wants: str
    """What the rule has there."""
    has: str
    """What the alert has there."""


class Matching(BaseModel):
    """The rules that match."""

    rules_version: int
    """Of the rule set that was looked at."""
    matches: list[RuleMatch]
    truncated: bool
    """Whether more rules match than the 1,000 that are listed."""
    near_misses: list[NearMiss]
    """When they were asked for: those first that have most fields in common with the alert."""
    near_truncated: bool
    """Whether there are more near misses than the 100 that are listed."""


class RulesVersion(BaseModel):
    """How far the rule set has come."""

    rules_version: int


@routes.post("/match", responses=problems(413))
async def match_rules(caller: Tenant, database: Database, alert: Alert) -> Matching:
    """Tell which enabled rules of enabled clients would match an alert, by client; a client's key sees its own.

    The rules that miss it by one field are looked for in a moment of their own.
    """
    one = alert.client_id if caller.client_id is None else caller.client_id
    unseen = alert.client_id not in {None, one}
    about = (alert.severity, alert.source, alert.name, one)
    near: list[Row] = []
    async with database.read() as connection:
        version, rows = await store.matching_rules(connection, *about, 0 if unseen else MOST_MATCHES + 1)
        if alert.near and not unseen:
            near = await near_misses(connection, *about, MOST_NEAR + 1)
        found, missed = rows[:MOST_MATCHES], near[:MOST_NEAR]
        ids = [row["rule_id"] for row in (*found, *missed)]
        endpoints = await of_rules(connection, ids, MOST_ENDPOINTS)
    return Matching(
        rules_version=version,
        matches=[RuleMatch(**_shown(row, endpoints)) for row in found],
        truncated=len(rows) > MOST_MATCHES,
        near_misses=[_near_miss(row, endpoints, alert) for row in missed],
        near_truncated=len(near) > MOST_NEAR,
    )


@routes.get("/rules-version")
async def get_rules_version(_caller: Tenant, database: Database) -> RulesVersion:
    """Return the version of the rule set: matches stamped with it, or a later one, know every change so far."""
    async with database.read() as connection:
        return RulesVersion(rules_version=await store.current_version(connection))


def _near_miss(row: Row, endpoints: Mapping[str, list[Row]], alert: Alert) -> NearMiss:
    field: Field = row["misses"]
    return NearMiss(**_shown(row, endpoints), misses=field, wants=row[field], has=getattr(alert, field))


def _shown(row: Row, endpoints: Mapping[str, list[Row]]) -> Row:
    agreeing = [field for field in _FIELDS if field != row.get("misses")]
    return {name: row[name] for name in ("rule_id", "client_id", *_FIELDS, "description")} | {
        "exact": [field for field in agreeing if row[field] != WILDCARD],
        "wildcard": [field for field in agreeing if row[field] == WILDCARD],
        "endpoints": [
            MatchedEndpoint(**endpoint, health_status=health_status(endpoint)) for endpoint in endpoints[row["rule_id"]]
        ],
    }
