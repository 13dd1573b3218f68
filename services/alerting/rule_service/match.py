"""``POST /api/v1/match``: which rules an alert would match, for whom, why, and under which version of the rule set."""

from typing import Final, Literal

from pydantic import BaseModel

from alerting.rule_service.access import Tenant, problems, router
from alerting.rule_service.store import matching as store
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import WILDCARD, AlertSeverity, AlertText, Body, RuleSeverity, Text
from alerting.runtime.database import Row

MOST_MATCHES: Final = 1_000

Field = Literal["severity", "source", "name"]
_FIELDS: Final[tuple[Field, ...]] = ("severity", "source", "name")

routes = router("match")


class Alert(Body):
    """An alert that might come, and whether to look at one client's rules only."""

    severity: AlertSeverity
    source: AlertText
    name: AlertText
    client_id: Text | None = None


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


class Matching(BaseModel):
    """The rules that match."""

    rules_version: int
    """Of the rule set that was looked at."""
    matches: list[RuleMatch]
    truncated: bool
    """Whether more rules match than the 1,000 that are listed."""


class RulesVersion(BaseModel):
    """How far the rule set has come."""

    rules_version: int


@routes.post("/match", responses=problems(413))
async def match_rules(caller: Tenant, database: Database, alert: Alert) -> Matching:
    """Tell which enabled rules of enabled clients would match an alert, by client; a client's key sees its own."""
    one = alert.client_id if caller.client_id is None else caller.client_id
    unseen = alert.client_id not in {None, one}
    async with database.read() as connection:
        version, rows = await store.matching_rules(
            connection, alert.severity, alert.source, alert.name, one, 0 if unseen else MOST_MATCHES + 1
        )
    matches = [_match(row) for row in rows[:MOST_MATCHES]]
    return Matching(rules_version=version, matches=matches, truncated=len(rows) > MOST_MATCHES)


@routes.get("/rules-version")
async def get_rules_version(_caller: Tenant, database: Database) -> RulesVersion:
    """Return the version of the rule set: matches stamped with it, or a later one, know every change so far."""
    async with database.read() as connection:
        return RulesVersion(rules_version=await store.current_version(connection))


def _match(row: Row) -> RuleMatch:
    exact = [field for field in _FIELDS if row[field] != WILDCARD]
    wildcard = [field for field in _FIELDS if row[field] == WILDCARD]
    return RuleMatch(**row, exact=exact, wildcard=wildcard)
