"""Rules over HTTP: their life, what is refused, and what the log says of it."""

from typing import Any

import pytest

from fix_rule_service import RuleService, serving

RULE: dict[str, Any] = {"severity": "HIGH", "source": "payments", "name": "*"}


async def test_a_rule_lives_and_every_change_is_a_version(service: RuleService) -> None:
    client, caller = await service.tenant()
    answer = await caller.post(f"/clients/{client}/rules", RULE)
    assert answer.status_code == 201, answer.text
    rule = answer.json()
    assert rule.pop("created_endpoints") == []
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/api/v1/rules/{rule['id']}"
    assert {**RULE, "client_id": client, "description": "", "enabled": True, "version": 1}.items() <= rule.items()

    got = await caller.get(f"/rules/{rule['id']}")
    assert (got.status_code, got.headers["etag"], got.json()) == (200, '"1"', rule)

    patched = await caller.patch(f"/rules/{rule['id']}", {"source": "billing", "description": "on call"}, '"1"')
    assert patched.status_code == 200, patched.text
    assert patched.headers["etag"] == '"2"'
    assert patched.json()["source"] == "billing"
    assert patched.json()["description"] == "on call"
    assert patched.json()["severity"] == "HIGH"

    off = await caller.patch(f"/rules/{rule['id']}", {"enabled": False}, '"2"')
    assert off.json()["enabled"] is False
    on = await caller.patch(f"/rules/{rule['id']}", {"enabled": True}, '"3"')
    assert on.json()["version"] == 4
    gone = await caller.delete(f"/rules/{rule['id']}", '"4"')
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await caller.get(f"/rules/{rule['id']}")).status_code == 404

    log = await service.log()
    about = {"rule_id": rule["id"], "client_id": client}
    matched = {"severity": "HIGH", "source": "billing", "name": "*"}
    assert [[{k: v for k, v in change.items() if k != "updated_at"} for change in changes] for changes in log] == [
        [{**about, "action": "CREATED", "version": 1, **RULE}],
        [{**about, "action": "UPDATED", "version": 2, **matched}],
        [{**about, "action": "DISABLED", "version": 3}],
        [{**about, "action": "UPDATED", "version": 4, **matched}],
        [{**about, "action": "DELETED", "version": 4}],
    ]
    assert all(isinstance(change["updated_at"], int) for changes in log for change in changes)


async def test_a_change_to_what_it_is_already_changes_nothing(service: RuleService) -> None:
    client, caller = await service.tenant()
    rule = await caller.made(f"/clients/{client}/rules", RULE)
    for patch in ({}, {"source": "payments", "enabled": True}):
        answer = await caller.patch(f"/rules/{rule['id']}", patch, '"1"')
        assert (answer.status_code, answer.json() | {"created_endpoints": []}) == (200, rule)
    assert len(await service.log()) == 1
    assert len(await service.rows("SELECT 1 FROM audit_log WHERE subject = 'rule'")) == 1


async def test_a_rule_that_begins_disabled_never_enters_the_rule_set(service: RuleService) -> None:
    client, caller = await service.tenant()
    rule = await caller.made(f"/clients/{client}/rules", RULE | {"enabled": False})
    ((change,),) = await service.log()
    assert change["action"] == "DISABLED"
    assert "severity" not in change
    await caller.patch(f"/rules/{rule['id']}", {"name": "timeout"}, '"1"')
    await caller.patch(f"/rules/{rule['id']}", {"enabled": True}, '"2"')
    assert [changes[0]["action"] for changes in await service.log()] == ["DISABLED", "DISABLED", "UPDATED"]


async def test_the_caller_may_choose_the_id(service: RuleService) -> None:
    client, caller = await service.tenant()
    rule = await caller.made(f"/clients/{client}/rules", RULE | {"id": "team-a:pay@prod_1.x"})
    assert rule["id"] == "team-a:pay@prod_1.x"
    assert (await caller.get(f"/rules/{rule['id']}")).json() | {"created_endpoints": []} == rule


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"severity": "SEVERE"}, "severity"),
        ({"severity": "high"}, "severity"),
        ({"severity": None}, "severity"),
        ({"source": ""}, "source"),
        ({"source": "a\0b"}, "source"),
        ({"source": 7}, "source"),
        ({"name": "x" * 256}, "name"),
        ({"name": ["*"]}, "name"),
        ({"description": "x" * 1001}, "description"),
        ({"description": "\0"}, "description"),
        ({"enabled": "yes"}, "enabled"),
        ({"id": "a/b"}, "id"),
        ({"id": ".."}, "id"),
        ({"id": ""}, "id"),
        ({"id": "é"}, "id"),
        ({"client_id": "other"}, "client_id"),
        ({"version": 7}, "version"),
        ({"severity": "*", "source": "*", "name": "*"}, "severity"),
        ({"endpoints": [{"type": "email", "value": "nobody"}]}, "endpoints.0.value"),
        ({"endpoints": [{"type": "pager", "value": "x"}]}, "endpoints.0.type"),
        ({"endpoints": [{"type": "email", "value": "a@b.c"}] * 2}, "endpoints.1.value"),
        ({"endpoints": [{"type": "email", "value": f"a{n}@b.c"} for n in range(21)]}, "endpoints"),
    ],
)
async def test_a_wrong_field_is_named(service: RuleService, change: dict[str, Any], field: str) -> None:
    client, caller = await service.tenant()
    answer = await caller.post(f"/clients/{client}/rules", RULE | change)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["errors"][0]["field"] == field
    assert "item" not in problem["errors"][0]
    assert problem["detail"].startswith(f"{field}: ")
    assert await service.rows("SELECT 1 FROM rules") == []


@pytest.mark.parametrize("field", ["severity", "source", "name"])
async def test_a_missing_field_is_named(service: RuleService, field: str) -> None:
    client, caller = await service.tenant()
    body = {name: value for name, value in RULE.items() if name != field}
    answer = await caller.post(f"/clients/{client}/rules", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": None}, "source"),
        ({"enabled": None}, "enabled"),
        ({"client_id": "x"}, "client_id"),
        ({"id": "x"}, "id"),
        ({"severity": "*", "source": "*"}, "severity"),
    ],
)
async def test_a_wrong_change_is_refused(service: RuleService, change: dict[str, Any], field: str) -> None:
    client, caller = await service.tenant()
    rule = await caller.made(f"/clients/{client}/rules", RULE)
    answer = await caller.patch(f"/rules/{rule['id']}", change, '"1"')
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert (await caller.get(f"/rules/{rule['id']}")).json() | {"created_endpoints": []} == rule


async def test_a_rule_for_every_alert_needs_the_deployments_leave(database: str) -> None:
    every = {"severity": "*", "source": "*", "name": "*"}
    async with serving(database, allow_catch_all_rules=True) as service:
        client, caller = await service.tenant()
        assert (await caller.made(f"/clients/{client}/rules", every))["source"] == "*"


async def test_unusual_texts_come_back_as_they_went(service: RuleService) -> None:
    client, caller = await service.tenant()
    for number, text in enumerate([" ", "a*b", "**", "🔥" * 255, "ключ", "'; DROP TABLE rules; --", "%s", "\u202e"]):
        rule = await caller.made(f"/clients/{client}/rules", RULE | {"source": text, "name": text})
        listed = await caller.get("/rules", source=text, name=text)
        assert [item["id"] for item in listed.json()["items"]] == [rule["id"]], number


async def test_the_same_again_is_a_conflict_that_names_the_first(service: RuleService) -> None:
    client, caller = await service.tenant()
    first = await caller.made(f"/clients/{client}/rules", RULE)
    other = await caller.made(f"/clients/{client}/rules", RULE | {"name": "timeout"})
    again = await caller.post(f"/clients/{client}/rules", RULE)
    moved = await caller.patch(f"/rules/{other['id']}", {"name": "*"}, '"1"')
    for answer in (again, moved):
        assert answer.status_code == 409
        assert first["id"] in answer.json()["detail"]
        assert answer.json()["errors"][0]["field"] == "name"
    assert len(await service.log()) == 2


async def test_another_clients_id_is_taken_and_no_more_is_said(service: RuleService) -> None:
    theirs, owner = await service.tenant()
    await owner.made(f"/clients/{theirs}/rules", RULE | {"id": "precious"})
    mine, caller = await service.tenant()
    answer = await caller.post(f"/clients/{mine}/rules", RULE | {"id": "precious"})
    assert answer.status_code == 409
    assert answer.json()["errors"] == [{"field": "id", "message": "it is taken"}]
    assert theirs not in answer.text
    # Two clients may have rules for the same alerts.
    await caller.made(f"/clients/{mine}/rules", RULE)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_changing_needs_the_version(service: RuleService, method: str) -> None:
    client, caller = await service.tenant()
    rule = await caller.made(f"/clients/{client}/rules", RULE)
    path = f"/rules/{rule['id']}"
    body = {"json": {"name": "timeout"}} if method == "PATCH" else {}
    absent = await caller.request(method, path, **body)
    assert (absent.status_code, absent.headers["etag"]) == (428, '"1"')
    for tag, status in [('"2"', 412), ('"0"', 412), ('W/"1"', 412), ('""', 412), ("1", 422), ('"1', 422), ("", 422)]:
        answer = await caller.request(method, path, headers={"if-match": tag}, **body)
        assert answer.status_code == status, tag
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await caller.get(path)).json() | {"created_endpoints": []} == rule
    several = await caller.request(method, path, headers={"if-match": '"7", "1"'}, **body)
    assert several.is_success
    if method == "PATCH":
        assert (await caller.request(method, path, headers={"if-match": "*"}, json={"name": "any"})).is_success


async def test_endpoints_can_be_made_with_the_rule(service: RuleService) -> None:
    client, caller = await service.tenant()
    endpoints = [
        {"type": "email", "value": "on-call@acme.example"},
        {"type": "webhook", "value": "https://hooks.acme.example/a", "enabled": False},
    ]
    rule = await caller.made(f"/clients/{client}/rules", RULE | {"endpoints": endpoints})
    listed = await caller.walk(f"/rules/{rule['id']}/endpoints")
    assert sorted((each["type"], each["shown"], each["enabled"]) for each in listed) == [
        ("email", "on-call@acme.example", True),
        ("webhook", "https://hooks.acme.example/…", False),
    ]
    assert rule["endpoints"] == {"total": 2, "enabled": 1, "failing": 0}
    await caller.delete(f"/rules/{rule['id']}", '"1"')
    assert await service.rows("SELECT 1 FROM endpoints") == []


async def test_the_secrets_of_webhooks_made_with_the_rule_are_shown_once(service: RuleService) -> None:
    client, caller = await service.tenant()
    email = {"type": "email", "value": "on-call@acme.example"}
    hooks = [{"type": "webhook", "value": f"https://hooks.acme.example/{path}"} for path in "ab"]
    rule = await caller.made(f"/clients/{client}/rules", RULE | {"endpoints": [hooks[1], email, hooks[0]]})
    made = rule["created_endpoints"]
    assert [(each["type"], each["value"]) for each in made] == [
        tuple(each.values()) for each in (hooks[1], email, hooks[0])
    ]
    secrets = [each.pop("secret") for each in made]
    assert secrets[1] is None
    assert secrets[0].startswith("whsec_")
    assert secrets[0] != secrets[2]
    for each in made:
        assert (await caller.get(f"/endpoints/{each['id']}")).json() == each
    kept = await service.rows("SELECT secret FROM endpoints WHERE type = 'webhook' ORDER BY value DESC")
    assert [row["secret"] for row in kept] == [secrets[0], secrets[2]]
    # An address that the client has already has its secret already.
    again = await caller.made(f"/clients/{client}/rules", RULE | {"name": "timeout", "endpoints": [hooks[0]]})
    assert again["created_endpoints"][0]["secret"] is None
    assert "whsec_" not in str(await service.rows("SELECT detail FROM audit_log"))


async def test_a_rule_is_not_made_without_all_of_its_endpoints(service: RuleService) -> None:
    client, caller = await service.tenant()
    endpoints = [
        {"type": "webhook", "value": "https://hooks.acme.example/a"},
        {"type": "webhook", "value": "ftp://hooks.acme.example/b"},
    ]
    answer = await caller.post(f"/clients/{client}/rules", RULE | {"endpoints": endpoints})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "endpoints.1.value")
    assert await service.rows("SELECT id FROM rules UNION ALL SELECT id FROM endpoints") == []
    assert await service.log() == []


async def test_lists_can_be_narrowed(service: RuleService) -> None:
    one, caller = await service.tenant("one")
    two, _ = await service.tenant("two")
    for client in (one, two):
        for severity in ("HIGH", "LOW", "*"):
            body = {"severity": severity, "source": "api", "name": "timeout", "enabled": severity != "LOW"}
            await service.admin.made(f"/clients/{client}/rules", body)

    async def count(who: Any, path: str, **filters: Any) -> int:
        return len(await who.walk(path, **filters))

    assert await count(service.admin, "/rules") == 6
    assert await count(service.admin, "/rules", client_id=two) == 3
    assert await count(service.admin, "/rules", severity="*") == 2
    assert await count(service.admin, "/rules", enabled="false") == 2
    assert await count(service.admin, "/rules", source="api", name="timeout", severity="LOW", client_id=one) == 1
    assert await count(service.admin, "/rules", source="nothing") == 0
    assert await count(service.admin, f"/clients/{one}/rules", severity="HIGH") == 1
    assert await count(caller, "/rules") == 3
    assert await count(caller, "/rules", client_id=one) == 3
    assert await count(caller, "/rules", client_id=two) == await count(caller, "/rules", client_id="nobody") == 0


async def test_every_change_is_on_record_with_its_actor(service: RuleService) -> None:
    client, caller = await service.tenant()
    email = {"type": "email", "value": "on-call@acme.example"}
    rule = await caller.made(f"/clients/{client}/rules", RULE | {"endpoints": [email]})
    await caller.patch(f"/rules/{rule['id']}", {"name": "timeout"}, '"1"')
    await service.admin.delete(f"/rules/{rule['id']}", '"2"')
    rows = await service.rows(
        "SELECT audit_log.*, api_keys.scope FROM audit_log JOIN api_keys ON api_keys.id = actor"
        " WHERE subject = 'rule' ORDER BY audit_log.id"
    )
    assert [(row["action"], row["subject_id"], row["client_id"], row["scope"]) for row in rows] == [
        ("created", rule["id"], client, f"client:{client}"),
        ("updated", rule["id"], client, f"client:{client}"),
        ("deleted", rule["id"], client, "admin"),
    ]
    assert rows[0]["detail"] == RULE | {"enabled": True, "rules_version": 1}
    assert rows[1]["detail"] == {"name": "timeout", "rules_version": 2}
    (made,) = await service.rows("SELECT * FROM audit_log WHERE subject = 'endpoint'")
    assert (made["action"], made["subject_id"]) == ("created", rule["created_endpoints"][0]["id"])
    assert made["detail"] == {"rule_id": rule["id"], "type": "email", "enabled": True}
