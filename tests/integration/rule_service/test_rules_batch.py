"""Many rules at once: one version, all or nothing."""

from typing import Any

import pytest

from fix_rule_service import RuleService


def rules(count: int) -> list[dict[str, Any]]:
    return [{"severity": "HIGH", "source": f"s{number}", "name": "*"} for number in range(count)]


async def test_ten_thousand_rules_are_one_version(service: RuleService) -> None:
    client, caller = await service.tenant()
    wanted = rules(10_000)
    answer = await caller.post(f"/clients/{client}/rules/batch", wanted)
    assert answer.status_code == 201, answer.text[:1000]
    made = answer.json()
    assert made["rules_version"] == 1
    assert [rule["source"] for rule in made["items"]] == [rule["source"] for rule in wanted]
    (changes,) = await service.log()
    assert [change["rule_id"] for change in changes] == [rule["id"] for rule in made["items"]]
    assert {change["action"] for change in changes} == {"CREATED"}
    audited = await service.rows("SELECT count(*) AS rules FROM audit_log WHERE subject = 'rule'")
    assert audited == [{"rules": 10_000}]


async def test_more_than_ten_thousand_are_refused(service: RuleService) -> None:
    client, caller = await service.tenant()
    answer = await caller.post(f"/clients/{client}/rules/batch", rules(10_001))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body")


@pytest.mark.parametrize("body", [[], {}, {"rules": []}, "x", None])
async def test_what_is_no_list_of_rules_is_refused(service: RuleService, body: Any) -> None:
    client, caller = await service.tenant()
    answer = await caller.post(f"/clients/{client}/rules/batch", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"severity": "HIGH", "source": "s", "name": "\0"}, "name"),
        ({"severity": "HIGH", "source": "s"}, "name"),
        ({"severity": "HIGH", "source": "s0", "name": "*"}, "name"),
        ({"severity": "*", "source": "*", "name": "*"}, "severity"),
        ({"severity": "LOW", "source": "s", "name": "*", "id": "first"}, "id"),
        ({"severity": "LOW", "source": "s", "name": "*", "endpoints": [{"type": "slack", "value": "x"}]},
         "endpoints.0.value"),
    ],
)  # fmt: skip
async def test_one_wrong_rule_is_named_and_none_is_made(service: RuleService, wrong: Any, field: str) -> None:
    client, caller = await service.tenant()
    wanted = rules(5)
    wanted[0]["id"] = "first"
    answer = await caller.post(f"/clients/{client}/rules/batch", [*wanted, wrong])
    assert answer.status_code == 422, answer.text
    assert [(fault["item"], fault["field"]) for fault in answer.json()["errors"]] == [(5, field)]
    assert await service.rows("SELECT 1 FROM rules") == []
    assert await service.log() == []


async def test_one_conflict_is_named_and_none_is_made(service: RuleService) -> None:
    client, caller = await service.tenant()
    there = await caller.made(f"/clients/{client}/rules", rules(4)[3] | {"id": "there"})
    wanted = rules(6)
    wanted[5]["id"] = "there"
    answer = await caller.post(f"/clients/{client}/rules/batch", wanted)
    assert answer.status_code == 409
    faults = answer.json()["errors"]
    assert [(fault["item"], fault["field"]) for fault in faults] == [(3, "name"), (5, "id")]
    assert there["id"] in faults[0]["message"]
    assert len(await service.rows("SELECT 1 FROM rules")) == 1


async def test_a_batch_brings_its_endpoints(service: RuleService) -> None:
    client, caller = await service.tenant()
    wanted = [rule | {"endpoints": [{"type": "email", "value": "a@acme.example"}]} for rule in rules(3)]
    made = await caller.made(f"/clients/{client}/rules/batch", wanted)
    rows = await service.rows("SELECT rule_id, client_id FROM endpoints ORDER BY id")
    assert rows == [{"rule_id": rule["id"], "client_id": client} for rule in made["items"]]
