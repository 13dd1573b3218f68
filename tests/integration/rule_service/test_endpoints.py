"""Endpoints over HTTP."""

from typing import Any

import pytest

from fix_rule_service import Caller, RuleService, serving

EMAIL = {"type": "email", "value": "on-call@acme.example"}


@pytest.fixture
async def rule(service: RuleService) -> tuple[str, Caller]:
    client, caller = await service.tenant()
    rule = await caller.made(f"/clients/{client}/rules", {"severity": "LOW", "source": "a", "name": "b"})
    return rule["id"], caller


async def test_an_endpoint_lives(service: RuleService, rule: tuple[str, Caller]) -> None:
    rule_id, caller = rule
    answer = await caller.post(f"/rules/{rule_id}/endpoints", EMAIL)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert {**EMAIL, "rule_id": rule_id, "client_id": "client1", "enabled": True, "version": 1}.items() <= made.items()
    path = f"/endpoints/{made['id']}"
    assert (answer.headers["etag"], answer.headers["location"]) == ('"1"', f"/api/v1{path}")
    got = await caller.get(path)
    assert (got.json(), got.headers["etag"]) == (made, '"1"')
    assert (await caller.get(f"/rules/{rule_id}/endpoints")).json() == {"items": [made], "next_cursor": None}
    patched = await caller.patch(path, {"value": "b@acme.example", "enabled": False})
    assert (patched.json()["value"], patched.json()["enabled"], patched.headers["etag"]) == (
        "b@acme.example", False, '"2"',
    )  # fmt: skip
    assert (await caller.patch(path, {"enabled": False})).json() == patched.json()
    assert (await caller.patch(path, {"enabled": True}, '"1"')).status_code == 412
    assert (await caller.delete(path, '"1"')).status_code == 412
    assert (await caller.delete(path, '"2"')).status_code == 204
    assert (await caller.get(path)).status_code == 404
    assert (await caller.delete(path)).status_code == 404
    # Endpoints are no part of the rule set.
    assert len(await service.log()) == 1


async def test_what_is_on_record_has_no_secrets(service: RuleService, rule: tuple[str, Caller]) -> None:
    rule_id, caller = rule
    slack = {"type": "slack", "value": "https://hooks.slack.example/services/T0/B0/secret"}
    made = await caller.made(f"/rules/{rule_id}/endpoints", slack)
    await caller.patch(f"/endpoints/{made['id']}", {"value": slack["value"] + "2"})
    await caller.delete(f"/endpoints/{made['id']}")
    rows = await service.rows("SELECT action, detail FROM audit_log WHERE subject = 'endpoint' ORDER BY id")
    assert [row["action"] for row in rows] == ["created", "updated", "deleted"]
    assert "secret" not in str(rows)


async def test_the_same_again_is_a_conflict_that_names_the_first(rule: tuple[str, Caller]) -> None:
    rule_id, caller = rule
    first = await caller.made(f"/rules/{rule_id}/endpoints", EMAIL)
    other = await caller.made(f"/rules/{rule_id}/endpoints", EMAIL | {"value": "b@acme.example"})
    again = await caller.post(f"/rules/{rule_id}/endpoints", EMAIL)
    moved = await caller.patch(f"/endpoints/{other['id']}", {"value": EMAIL["value"]})
    for answer in (again, moved):
        assert answer.status_code == 409
        assert first["id"] in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "email", "value": "nobody"}, "value"),
        ({"type": "email", "value": "a@b.c\r\nBcc: x@y.z"}, "value"),
        ({"type": "slack", "value": "http://hooks.slack.example/x"}, "value"),
        ({"type": "webhook", "value": "ftp://acme.example"}, "value"),
        ({"type": "webhook", "value": "https://user:secret@acme.example"}, "value"),
        ({"type": "webhook", "value": "https://acme.example/" + "x" * 2048}, "value"),
        ({"type": "webhook", "value": "https://acme.example/\0"}, "value"),
        ({"type": "webhook", "value": ""}, "value"),
        ({"type": "webhook"}, "value"),
        ({"type": "carrier pigeon", "value": "x"}, "type"),
        ({"value": "a@b.c"}, "type"),
        ({**EMAIL, "enabled": "true"}, "enabled"),
        ({**EMAIL, "secret": "x"}, "secret"),
    ],
)
async def test_a_wrong_endpoint_is_refused(rule: tuple[str, Caller], body: Any, field: str) -> None:
    rule_id, caller = rule
    answer = await caller.post(f"/rules/{rule_id}/endpoints", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert await caller.walk(f"/rules/{rule_id}/endpoints") == []


@pytest.mark.parametrize(("body", "field"), [({"value": "nobody"}, "value"), ({"type": "slack"}, "type"),
                                             ({"value": None}, "value")])  # fmt: skip
async def test_a_wrong_change_is_refused(rule: tuple[str, Caller], body: Any, field: str) -> None:
    rule_id, caller = rule
    made = await caller.made(f"/rules/{rule_id}/endpoints", EMAIL)
    answer = await caller.patch(f"/endpoints/{made['id']}", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_rule_that_is_not_there_has_no_endpoints(rule: tuple[str, Caller]) -> None:
    _, caller = rule
    assert (await caller.get("/rules/nothing/endpoints")).status_code == 404
    assert (await caller.post("/rules/nothing/endpoints", EMAIL)).status_code == 404


async def test_plain_http_to_slack_needs_the_deployments_leave(database: str) -> None:
    async with serving(database, allow_insecure_endpoints=True) as service:
        client, caller = await service.tenant()
        endpoints = [{"type": "slack", "value": "http://127.0.0.1:9/slack"}]
        body = {"severity": "LOW", "source": "a", "name": "b", "endpoints": endpoints}
        await caller.made(f"/clients/{client}/rules", body)
