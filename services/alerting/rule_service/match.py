"""``POST /api/v1/match``: which rules an alert would match, for whom, why, and under which version of the rule set."""

from collections.abc import Mapping
from typing import Final, Literal

from alerting.rule_service.access import Tenant, problems, router
from alerting.rule_service.endpoint_requests import HealthStatus, health_status
from alerting.rule_service.endpoint_values import EndpointType
from alerting.rule_service.store import matching as store
from alerting.rule_service.store.endpoint_lists import of_rules
from alerting.rule_service.store.near_misses import near_misses
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import WILDCARD, AlertSeverity, AlertText, Body, Flag, RuleSeverity, Text
from alerting.runtime.database import Row
from alerting.runtime.described import Described, examples

MOST_MATCHES: Final = 1_000
MOST_NEAR: Final = 100
MOST_ENDPOINTS: Final = 20

Field = Literal["severity", "source", "name"]
_FIELDS: Final[tuple[Field, ...]] = ("severity", "source", "name")

routes = router("match")


class Alert(Body):
    """An alert that might come, and whether to look at one client's rules only."""

    model_config = examples({"severity": "HIGH", "source": "payments", "name": "QueueFull", "near": True})

    severity: AlertSeverity
    """The alert's severity."""
    source: AlertText
    """The alert's source."""
    name: AlertText
    """The alert's name."""
    client_id: Text | None = None
    """Whose rules to look at; null for those of all clients that the key sees."""
    near: Flag = False
    """Whether to look for rules, too, that would match but for one field."""


class MatchedEndpoint(Described):
    """An endpoint of a rule that matches."""

    id: str
    """Its id."""
    type: EndpointType
    """How it is told."""
    shown: str
    """The address, without what is secret in a URL."""
    enabled: bool
    """Whether it is told at all."""
    fallback: bool
    """Whether it is told only when the rule's other endpoints could not be."""
    health_status: HealthStatus
    """How the receiver at its address fares."""


class RuleMatch(Described):
    """A rule that matches, and which of its fields say so."""

    rule_id: str
    """The rule's id."""
    client_id: str
    """The client that the rule is of."""
    severity: RuleSeverity
    """The severity that it matches; `*` matches any."""
    source: str
    """The source that it matches; `*` matches any."""
    name: str
    """The name that it matches; `*` matches any."""
    description: str
    """What people want to know of the rule."""
    exact: list[Field]
    """The fields that are the alert's own."""
    wildcard: list[Field]
    """The fields that match any alert."""
    endpoints: list[MatchedEndpoint]
    """Where the rule tells of it: the first 20, fallbacks last."""


class NearMiss(RuleMatch):
    """A rule that would match but for one field."""

    misses: Field
    """The field that keeps it from matching."""
    wants: str
    """What the rule has there."""
    has: str
    """What the alert has there."""


class Matching(Described):
    """The rules that match."""

    rules_version: int
    """The version of the rule set that was looked at."""
    matches: list[RuleMatch]
    """The rules that match, by client: the first 1,000."""
    truncated: bool
    """Whether more rules match than the 1,000 that are listed."""
    near_misses: list[NearMiss]
    """When they were asked for: those first that have most fields in common with the alert."""
    near_truncated: bool
    """Whether there are more near misses than the 100 that are listed."""


class RulesVersion(Described):
    """How far the rule set has come."""

    rules_version: int
    """The version that the last change of a rule made."""


@routes.post("/match", responses=problems(413), response_description="The rules that match")
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


@routes.get("/rules-version", response_description="The version")
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
