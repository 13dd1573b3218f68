"""``POST /api/v1/rules/overlaps``: which of a client's rules match some of the alerts that another rule would match."""

from typing import Final, Literal

from pydantic import Field

from alerting.rule_service.access import Tenant, problems, router
from alerting.rule_service.rule_requests import Rule
from alerting.rule_service.store import overlaps as store
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import Body, RuleSeverity, Text
from alerting.runtime.described import Described, examples

MOST_OVERLAPS: Final = 20

Relation = Literal["same", "wider", "narrower", "crossing"]

routes = router("rules")


class Pattern(Body):
    """What a rule is to match, and the rule that is not to be compared with: itself, when it exists already."""

    model_config = examples({"client_id": "web-shop", "severity": "*", "source": "payments", "name": "*"})

    client_id: Text
    """The client whose rules to look at."""
    severity: RuleSeverity
    """The severity of the rule; `*` matches any."""
    source: Text
    """The source of the rule; `*` matches any."""
    name: Text
    """The name of the rule; `*` matches any."""
    exempt: Text | None = Field(
        None, alias="except", description="The id of the rule itself, when it exists already: it is not compared."
    )


class Overlap(Described):
    """A rule that matches some of the same alerts."""

    rule: Rule
    """The rule that overlaps."""
    relation: Relation
    """`same` alerts; `wider`: all of them and others; `narrower`: some of them; `crossing`: some, and some others."""


class Overlaps(Described):
    """The rules that overlap, at most 20: first the same, then the wider, the narrower, the crossing."""

    items: list[Overlap]
    """The rules that overlap."""
    more: bool
    """Whether there are more than these."""


@routes.post("/rules/overlaps", responses=problems(413), response_description="The rules that overlap")
async def find_overlaps(caller: Tenant, database: Database, pattern: Pattern) -> Overlaps:
    """Tell which of a client's rules, disabled ones too, overlap with a rule that exists or might be made."""
    if not caller.sees(pattern.client_id):
        return Overlaps(items=[], more=False)
    async with database.read() as connection:
        rows = await store.overlapping(connection, pattern.model_dump(), MOST_OVERLAPS + 1)
    items = [Overlap(rule=Rule.model_validate(row), relation=row["relation"]) for row in rows[:MOST_OVERLAPS]]
    return Overlaps(items=items, more=len(rows) > MOST_OVERLAPS)
