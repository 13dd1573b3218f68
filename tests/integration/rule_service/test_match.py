"""Which rules would match, over HTTP; compared with the library that decides in the pipeline."""

from itertools import product
from typing import Any

import psycopg
import pytest

from alerting.rule_service import match as match_module
from fix_rule_service import RuleService
from matchcore import Index, Rule

SEVERITIES = ("LOW", "HIGH", "*")
TEXTS = ("a", "b", "*")
NOTHING_MORE = {"truncated": False, "near_misses": [], "near_truncated": False}


async def test_it_says_which_rules_for_whom_why_and_under_which_version(service: RuleService) -> None:
    acme, caller = await service.tenant("acme")
    rule = {"severity": "HIGH", "source": "payments", "name": "*", "description": "on call"}
    made = await caller.made(f"/clients/{acme}/rules", rule)
    await caller.made(f"/clients/{acme}/rules", rule | {"source": "billing"})
    answer = await caller.post("/match", {"severity": "HIGH", "source": "payments", "name": "timeout"})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "rules_version": 2,
        "matches": [
            {
                "rule_id": made["id"],
                "client_id": acme,
                **rule,
                "exact": ["severity", "source"],
                "wildcard": ["name"],
                "endpoints": [],
            }
        ],
        **NOTHING_MORE,
    }
    nothing = await caller.post("/match", {"severity": "LOW", "source": "payments", "name": "timeout"})
    assert nothing.json() == {"rules_version": 2, "matches": [], **NOTHING_MORE}
    assert (await caller.get("/rules-version")).json() == {"rules_version": 2}


async def test_it_agrees_with_the_matcher(service: RuleService) -> None:
    rules: list[Rule] = []
    for client in ("acme", "globex"):
        await service.tenant(client)
        wanted = [
            {"severity": severity, "source": source, "name": name, "id": f"{client}-{severity}-{source}-{name}"
             .replace("*", "any")}
            for severity, source, name in product(SEVERITIES, TEXTS, TEXTS)
            if (severity, source, name) != ("*", "*", "*")
        ]  # fmt: skip
        made = await service.admin.made(f"/clients/{client}/rules/batch", wanted)
        rules += [Rule(item["id"], client, item["severity"], item["source"], item["name"]) for item in made["items"]]
    index = Index.build(rules)
    for severity, source, name in product(("LOW", "MEDIUM", "HIGH"), ("a", "c", "*", ""), ("b", "", "*")):
        answer = await service.admin.post("/match", {"severity": severity, "source": source, "name": name})
        found: dict[str, list[str]] = {}
        for match in answer.json()["matches"]:
            found.setdefault(match["client_id"], []).append(match["rule_id"])
        expected = {client: sorted(ids) for client, ids in index.match(severity, source, name).items()}
        assert found == expected, (severity, source, name)


async def test_what_is_disabled_does_not_match(service: RuleService) -> None:
    body = {"severity": "HIGH", "source": "a", "name": "b"}
    on, _ = await service.tenant()
    off, theirs = await service.tenant()
    await service.admin.made(f"/clients/{on}/rules", body | {"enabled": False})
    await service.admin.made(f"/clients/{off}/rules", body)
    assert len((await service.admin.post("/match", body)).json()["matches"]) == 1
    await service.admin.patch(f"/clients/{off}", {"enabled": False})
    for caller in (service.admin, theirs):
        assert (await caller.post("/match", body)).json()["matches"] == []


async def near(caller: Any, **alert: Any) -> list[tuple[str, ...]]:
    """Return which rules miss by one field, and what they want and have there."""
    answer = await caller.post("/match", {"severity": "HIGH", "source": "a", "name": "b", "near": True} | alert)
    assert answer.status_code == 200, answer.text
    return [(miss["rule_id"], miss["misses"], miss["wants"], miss["has"]) for miss in answer.json()["near_misses"]]


async def test_it_says_which_rules_miss_by_one_field(service: RuleService) -> None:
    client, caller = await service.tenant()
    patterns = {
        "match": ("HIGH", "a", "b"), "severity": ("LOW", "a", "b"), "source": ("HIGH", "x", "b"),
        "name": ("*", "a", "x"), "wide": ("*", "x", "*"), "two": ("LOW", "x", "b"), "none": ("LOW", "x", "y"),
    }  # fmt: skip
    for rule_id, (severity, source, name) in patterns.items():
        rule = {"id": rule_id, "severity": severity, "source": source, "name": name}
        await caller.made(f"/clients/{client}/rules", rule)
    # Those first that say most of the alert themselves.
    assert await near(caller) == [
        ("severity", "severity", "LOW", "HIGH"),
        ("source", "source", "x", "a"),
        ("name", "name", "x", "b"),
        ("wide", "source", "x", "a"),
    ]
    (first, *_) = (await caller.post("/match", {"severity": "HIGH", "source": "a", "name": "b", "near": True})).json()[
        "near_misses"
    ]
    assert (first["exact"], first["wildcard"], first["endpoints"]) == (["source", "name"], [], [])
    unasked = (await caller.post("/match", {"severity": "HIGH", "source": "a", "name": "b"})).json()
    assert (unasked["near_misses"], unasked["near_truncated"]) == ([], False)


async def test_near_misses_agree_with_the_matcher(service: RuleService) -> None:
    """A rule misses by a field when it does not match, and would if only that field were a wildcard."""
    client, caller = await service.tenant()
    wanted = [
        {"severity": severity, "source": source, "name": name, "id": f"{severity}-{source}-{name}".replace("*", "any")}
        for severity, source, name in product(SEVERITIES, TEXTS, TEXTS)
        if (severity, source, name) != ("*", "*", "*")
    ]
    await caller.made(f"/clients/{client}/rules/batch", wanted)
    fields = ("severity", "source", "name")
    for severity, source, name in product(("LOW", "MEDIUM"), ("a", "c", "*", ""), ("b", "", "*")):
        alert = dict(zip(fields, (severity, source, name), strict=True))
        missing = {rule["id"]: [field for field in fields if rule[field] not in {alert[field], "*"}] for rule in wanted}
        expected = {(rule_id, fields[0]) for rule_id, fields in missing.items() if len(fields) == 1}
        found = [(rule_id, field) for rule_id, field, *_ in await near(caller, **alert)]
        assert len(found) == len(set(found))
        assert set(found) == expected, alert


async def test_near_misses_are_the_callers_own_and_in_force(service: RuleService) -> None:
    one, caller = await service.tenant()
    two, _ = await service.tenant()
    off, _ = await service.tenant()
    for client in (one, two, off):
        await service.admin.made(f"/clients/{client}/rules", {"severity": "LOW", "source": "a", "name": "b"})
    await service.admin.made(f"/clients/{one}/rules", {"severity": "LOW", "source": "*", "name": "b", "enabled": False})
    await service.admin.patch(f"/clients/{off}", {"enabled": False})
    assert (len(await near(service.admin)), len(await near(caller))) == (2, 1)
    assert len(await near(service.admin, client_id=two)) == 1
    assert await near(caller, client_id=two) == []


async def test_too_many_near_misses_are_cut_and_it_says_so(
    service: RuleService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_module, "MOST_NEAR", 3)
    client, caller = await service.tenant()
    for number in range(4):
        await caller.made(f"/clients/{client}/rules", {"severity": "HIGH", "source": f"s{number}", "name": "b"})
        answer = await caller.post("/match", {"severity": "HIGH", "source": "a", "name": "b", "near": True})
        found = answer.json()
        assert (len(found["near_misses"]), found["near_truncated"]) == (min(number + 1, 3), number == 3)


async def test_a_match_says_who_would_be_told(service: RuleService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match_module, "MOST_ENDPOINTS", 2)
    client, caller = await service.tenant()
    endpoints = [
        {"type": "slack", "value": "https://hooks.slack.example/services/T0/B0/very-secret-thing", "fallback": True},
        {"type": "email", "value": "a@acme.example"},
        {"type": "email", "value": "b@acme.example", "enabled": False},
    ]
    body = {"severity": "HIGH", "source": "a", "name": "b"}
    await caller.made(f"/clients/{client}/rules", body | {"endpoints": endpoints})
    for found in ("matches", "near_misses"):
        alert = body | {"near": True} | ({} if found == "matches" else {"name": "c"})
        answer = await caller.post("/match", alert)
        (match,) = answer.json()[found]
        assert "very-secret" not in answer.text
        # Fallbacks are last, and there are two of three.
        assert sorted((each["shown"], each["enabled"], each["fallback"]) for each in match["endpoints"]) == [
            ("a@acme.example", True, False),
            ("b@acme.example", False, False),
        ]
        assert {each["health_status"] for each in match["endpoints"]} == {"ok"}


async def test_a_clients_key_sees_its_own(service: RuleService) -> None:
    body = {"severity": "HIGH", "source": "a", "name": "b"}
    one, caller = await service.tenant()
    two, _ = await service.tenant()
    for client in (one, two):
        await service.admin.made(f"/clients/{client}/rules", body)

    async def clients(who: Any, **more: str) -> list[str]:
        answer = await who.post("/match", body | more)
        assert answer.json()["rules_version"] == 2
        return [match["client_id"] for match in answer.json()["matches"]]

    assert await clients(service.admin) == [one, two]
    assert await clients(service.admin, client_id=two) == [two]
    assert await clients(caller) == [one]
    assert await clients(caller, client_id=one) == [one]
    assert await clients(caller, client_id=two) == await clients(caller, client_id="nobody") == []


async def test_too_many_are_cut_and_it_says_so(service: RuleService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match_module, "MOST_MATCHES", 2)
    body = {"severity": "HIGH", "source": "a", "name": "b"}
    for number in range(3):
        client, caller = await service.tenant()
        await caller.made(f"/clients/{client}/rules", body)
        found = (await service.admin.post("/match", body)).json()
        assert (len(found["matches"]), found["truncated"]) == (min(number + 1, 2), number == 2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"severity": "*"}, "severity"),
        ({"severity": "SEVERE"}, "severity"),
        ({"severity": None}, "severity"),
        ({"source": "x" * 256}, "source"),
        ({"name": "\0"}, "name"),
        ({"name": None}, "name"),
        ({"alert_id": "x"}, "alert_id"),
        ({"client_id": "\0"}, "client_id"),
    ],
)
async def test_a_wrong_alert_is_refused(service: RuleService, change: Any, field: str) -> None:
    answer = await service.admin.post("/match", {"severity": "HIGH", "source": "a", "name": "b"} | change)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_it_is_an_index_lookup(service: RuleService) -> None:
    client, caller = await service.tenant()
    rules = [{"severity": "LOW", "source": f"s{number}", "name": f"n{number % 7}"} for number in range(5_000)]
    await caller.made(f"/clients/{client}/rules/batch", rules)
    async with await psycopg.AsyncConnection.connect(service.dsn, autocommit=True) as connection:
        await connection.execute("ANALYZE rules")
    plan = await service.rows(
        "EXPLAIN SELECT id FROM rules WHERE enabled AND severity = ANY('{LOW,*}')"
        " AND source = ANY('{s4711,*}') AND name = ANY('{n0,*}')"
    )
    assert not any("Seq Scan" in row["QUERY PLAN"] for row in plan), plan
