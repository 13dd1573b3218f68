"""``POST /api/v1/rules/overlaps``: which of a client's rules match some of the alerts that another rule would match."""

from typing import Final, Literal

from pydantic import BaseModel, Field

from alerting.rule_service.access import Tenant, problems, router
from alerting.rule_service.rule_requests import Rule
from alerting.rule_service.store import overlaps as store
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import Body, RuleSeverity, Text

MOST_OVERLAPS: Final = 20

Relation = Literal["same", "wider", "narrower", "crossing"]

routes = router("rules")


class Pattern(Body):
    """What a rule is to match, and the rule that is not to be compared with: itself, when it exists already."""

    client_id: Text
    severity: RuleSeverity
    source: Text
    name: Text
    exempt: Text | None = Field(None, alias="except")


class Overlap(BaseModel):
    """A rule that matches some of the same alerts."""

    rule: Rule
    relation: Relation
    """`same` alerts; `wider`: all of them and others; `narrower`: some of them; `crossing`: some, and some others."""


class Overlaps(BaseModel):
    """The rules that overlap, at most 20: first the same, then the wider, the narrower, the crossing."""

    items: list[Overlap]
    more: bool
    """Whether there are more than these."""


@routes.post("/rules/overlaps", responses=problems(413))
async def find_overlaps(caller: Tenant, database: Database, pattern: Pattern) -> Overlaps:
    """Tell which of a client's rules, disabled ones too, overlap with a rule that exists or might be made."""
    if not caller.sees(pattern.client_id):
        return Overlaps(items=[], more=False)
    async with database.read() as connection:
        rows = await store.overlapping(connection, pattern.model_dump(), MOST_OVERLAPS + 1)
    items = [Overlap(rule=Rule.model_validate(row), relation=row["relation"]) for row in rows[:MOST_OVERLAPS]]
    return Overlaps(items=items, more=len(rows) > MOST_OVERLAPS)
