"""Which rules overlap with one that is about to be made, over HTTP; compared with what overlapping means."""

from itertools import product
from typing import Any

import pytest

from alerting.rule_service import overlaps as overlaps_module
from fix_rule_service import Caller, RuleService

FIELDS = ("severity", "source", "name")
PATTERNS = [each for each in product(("LOW", "HIGH", "*"), ("a", "b", "*"), ("a", "b", "*")) if set(each) != {"*"}]
PLACES = ["same", "wider", "narrower", "crossing"]


def relation(rule: tuple[str, ...], pattern: tuple[str, ...]) -> str | None:
    """Return what a rule is to a pattern, by the alerts that each of them matches."""
    alerts = set(product(("LOW", "HIGH", "other"), ("a", "b", "other"), ("a", "b", "other")))

    def matched(by: tuple[str, ...]) -> set[tuple[str, ...]]:
        return {alert for alert in alerts if all(want in {"*", has} for want, has in zip(by, alert, strict=True))}

    mine, theirs = matched(pattern), matched(rule)
    if not mine & theirs:
        return None
    if mine == theirs:
        return "same"
    return "wider" if mine < theirs else "narrower" if theirs < mine else "crossing"


async def overlaps(caller: Caller, client: str, pattern: tuple[str, ...], **more: Any) -> dict[str, Any]:
    body = {"client_id": client, **dict(zip(FIELDS, pattern, strict=True)), **more}
    answer = await caller.post("/rules/overlaps", body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_every_relation(service: RuleService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlaps_module, "MOST_OVERLAPS", 100)
    client, caller = await service.tenant()
    other, theirs = await service.tenant()
    rules = [dict(zip(FIELDS, pattern, strict=True)) for pattern in PATTERNS]
    await caller.made(f"/clients/{client}/rules/batch", rules)
    await theirs.made(f"/clients/{other}/rules/batch", rules)
    for pattern in [*PATTERNS, ("*", "*", "*")]:
        found = await overlaps(caller, client, pattern)
        seen = [(tuple(item["rule"][field] for field in FIELDS), item["relation"]) for item in found["items"]]
        assert {rule for rule, _ in seen} == {rule for rule in PATTERNS if relation(rule, pattern)}, pattern
        assert all(relation(rule, pattern) == said for rule, said in seen), pattern
        assert [said for _, said in seen] == sorted((said for _, said in seen), key=PLACES.index)
        assert {item["rule"]["client_id"] for item in found["items"]} == {client}
        assert found["more"] is False


async def test_a_rule_does_not_overlap_with_itself(service: RuleService) -> None:
    client, caller = await service.tenant()
    email = {"type": "email", "value": "a@acme.example"}
    rule = {"severity": "HIGH", "source": "a", "name": "b"}
    made = await caller.made(f"/clients/{client}/rules", rule | {"endpoints": [email], "enabled": False})
    (item,) = (await overlaps(caller, client, ("HIGH", "a", "*")))["items"]
    assert item == {"rule": {name: made[name] for name in item["rule"]}, "relation": "narrower"}
    assert (await overlaps(caller, client, ("HIGH", "a", "*"), **{"except": made["id"]}))["items"] == []


async def test_there_may_be_more(service: RuleService) -> None:
    client, caller = await service.tenant()
    rules = [{"severity": "HIGH", "source": "a", "name": f"n{number}"} for number in range(21)]
    await caller.made(f"/clients/{client}/rules/batch", rules)
    await caller.made(f"/clients/{client}/rules", {"severity": "*", "source": "a", "name": "*"})
    found = await overlaps(caller, client, ("HIGH", "a", "*"))
    assert (len(found["items"]), found["items"][0]["relation"], found["more"]) == (20, "wider", True)


async def test_another_tenants_rules_are_not_compared_with(service: RuleService) -> None:
    client, caller = await service.tenant()
    await caller.made(f"/clients/{client}/rules", {"severity": "HIGH", "source": "a", "name": "b"})
    _, stranger = await service.tenant()
    for who, whose in ((stranger, client), (stranger, "nobody"), (service.admin, "nobody")):
        assert await overlaps(who, whose, ("HIGH", "a", "b")) == {"items": [], "more": False}
    assert len((await overlaps(service.admin, client, ("HIGH", "a", "b")))["items"]) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [({"severity": "SEVERE"}, "severity"), ({"source": ""}, "source"), ({"except": "\0"}, "except"),
     ({"client_id": None}, "client_id"), ({"id": "x"}, "id")],
)  # fmt: skip
async def test_a_wrong_pattern_is_refused(service: RuleService, change: dict[str, Any], field: str) -> None:
    body = {"client_id": "acme", "severity": "HIGH", "source": "a", "name": "b"} | change
    answer = await service.admin.post("/rules/overlaps", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
