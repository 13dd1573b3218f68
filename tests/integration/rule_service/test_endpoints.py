"""Endpoints over HTTP."""

import asyncio
from base64 import b64decode
from datetime import timedelta
from typing import Any

import pytest

from alerting.sender.delivery import Address
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
    # Nothing that goes to a mailbox is signed.
    assert made.pop("secret") is None
    got = await caller.get(path)
    assert (got.json(), got.headers["etag"]) == (made, '"1"')
    listed = {name: value for name, value in made.items() if name != "value"} | {
        "shown": "on-call@acme.example",
        "rule": {"severity": "LOW", "source": "a", "name": "b"},
    }
    assert (await caller.get(f"/rules/{rule_id}/endpoints")).json() == {"items": [listed], "next_cursor": None}
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
    await caller.patch(f"/endpoints/{made['id']}", {"enabled": False, "fallback": True, "retry": {"profile": "page"}})
    await caller.delete(f"/endpoints/{made['id']}")
    rows = await service.rows("SELECT action, detail FROM audit_log WHERE subject = 'endpoint' ORDER BY id")
    assert [row["action"] for row in rows] == ["created", "updated", "updated", "deleted"]
    assert rows[1]["detail"] == {"rule_id": rule_id, "type": "slack", "enabled": True, "changed": ["value"]}
    assert rows[2]["detail"]["changed"] == ["enabled", "retry", "fallback"]
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
        ({"type": "apprise", "value": "json://127.0.0.1/"}, "value"),
        ({"type": "apprise", "value": "no url"}, "value"),
        ({**EMAIL, "fallback": "yes"}, "fallback"),
        ({**EMAIL, "retry": {"profile": "never"}}, "retry.profile"),
        ({**EMAIL, "retry": {"profile": "custom"}}, "retry"),
        ({**EMAIL, "retry": {"profile": "page", "delays": [1]}}, "retry"),
        ({**EMAIL, "retry": {"profile": "custom", "delays": []}}, "retry.delays"),
        ({**EMAIL, "retry": {"profile": "custom", "delays": [0.5]}}, "retry.delays.0"),
        ({**EMAIL, "retry": {"profile": "custom", "delays": [1.0] * 21}}, "retry.delays"),
        ({**EMAIL, "retry": {"max_age": 59}}, "retry.max_age"),
        ({**EMAIL, "retry": {"max_age": "90"}}, "retry.max_age"),
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


HOOK = {"type": "webhook", "value": "https://acme.example/hook"}


async def secrets(service: RuleService, value: str = HOOK["value"]) -> list[str]:
    rows = await service.rows("SELECT secret FROM endpoints WHERE value = %s ORDER BY id", value)
    return [row["secret"] for row in rows]


async def other_rule(caller: Caller, client: str, name: str, *endpoints: Any) -> str:
    body = {"severity": "LOW", "source": "a", "name": name, "endpoints": list(endpoints)}
    rule_id: str = (await caller.made(f"/clients/{client}/rules", body))["id"]
    return rule_id


async def test_a_webhooks_secret_is_shown_once(service: RuleService, rule: tuple[str, Caller]) -> None:
    rule_id, caller = rule
    made = await caller.made(f"/rules/{rule_id}/endpoints", HOOK)
    assert [made["secret"]] == await secrets(service)
    assert made["secret"].startswith("whsec_")
    assert len(b64decode(made["secret"].removeprefix("whsec_"))) == 32
    path = f"/endpoints/{made['id']}"
    answers = [
        await caller.get(path),
        await caller.get(f"/rules/{rule_id}/endpoints"),
        await caller.patch(path, {"enabled": False}),
    ]
    on_record = await service.rows("SELECT detail FROM audit_log")
    for text in [*(answer.text for answer in answers), str(on_record)]:
        assert made["secret"] not in text
        assert "whsec_" not in text


async def test_endpoints_with_one_address_share_a_secret(service: RuleService, rule: tuple[str, Caller]) -> None:
    rule_id, caller = rule
    made = await caller.made(f"/rules/{rule_id}/endpoints", HOOK)
    second = await other_rule(caller, "client1", "c", HOOK)
    third = await other_rule(caller, "client1", "d")
    assert (await caller.made(f"/rules/{third}/endpoints", HOOK))["secret"] is None
    assert await secrets(service) == [made["secret"]] * 3
    # Another client's are its own; and who moves to the address takes its secret.
    client, stranger = await service.tenant()
    await other_rule(stranger, client, "c", HOOK)
    assert len(set(await secrets(service))) == 2
    moved = await caller.made(f"/rules/{second}/endpoints", {"type": "webhook", "value": "https://acme.example/2"})
    assert moved["secret"] != made["secret"]
    await caller.delete(f"/endpoints/{(await caller.get(f'/rules/{second}/endpoints')).json()['items'][0]['id']}")
    await caller.patch(f"/endpoints/{moved['id']}", {"value": HOOK["value"]})
    assert (await secrets(service)).count(made["secret"]) == 3


async def test_endpoints_that_are_made_at_once_agree(service: RuleService, rule: tuple[str, Caller]) -> None:
    _, caller = rule
    rules = [await other_rule(caller, "client1", f"n{number}") for number in range(8)]
    made = await asyncio.gather(*(caller.made(f"/rules/{each}/endpoints", HOOK) for each in rules))
    assert len(set(await secrets(service))) == 1
    assert sum(one["secret"] is not None for one in made) == 1


async def test_a_batch_agrees_with_itself(service: RuleService) -> None:
    client, caller = await service.tenant()
    rules = [{"severity": "LOW", "source": "a", "name": f"n{n}", "endpoints": [HOOK]} for n in range(5)]
    assert (await caller.post(f"/clients/{client}/rules/batch", rules)).status_code == 201
    assert len(set(await secrets(service))) == 1


async def test_a_secret_is_rotated_for_the_whole_address(service: RuleService, rule: tuple[str, Caller]) -> None:
    rule_id, caller = rule
    made = await caller.made(f"/rules/{rule_id}/endpoints", HOOK)
    await other_rule(caller, "client1", "c", HOOK)
    answer = await caller.post(f"/endpoints/{made['id']}/secret/rotate", {"keep_old_for": 3_600})
    new = answer.json()
    assert answer.status_code == 200, answer.text
    assert await secrets(service) == [new["secret"]] * 2
    rows = await service.rows("SELECT previous_secret, previous_secret_until - now() AS left FROM endpoints")
    assert {row["previous_secret"] for row in rows} == {made["secret"]}
    assert all(timedelta(minutes=59) < row["left"] <= timedelta(hours=1) for row in rows)
    at_once = (await caller.post(f"/endpoints/{made['id']}/secret/rotate", {"keep_old_for": 0})).json()
    assert at_once["previous_valid_until"] is None
    assert "whsec_" not in str(await service.rows("SELECT detail FROM audit_log"))


@pytest.mark.parametrize("body", [{"keep_old_for": -1}, {"keep_old_for": 604_801}, {"keep_old_for": "1"}, {"keep": 1}])
async def test_a_wrong_rotation_is_refused(rule: tuple[str, Caller], body: Any) -> None:
    rule_id, caller = rule
    made = await caller.made(f"/rules/{rule_id}/endpoints", HOOK)
    assert (await caller.post(f"/endpoints/{made['id']}/secret/rotate", body)).status_code == 422


async def test_what_is_not_signed_has_nothing_to_rotate(rule: tuple[str, Caller]) -> None:
    rule_id, caller = rule
    made = await caller.made(f"/rules/{rule_id}/endpoints", EMAIL)
    answer = await caller.post(f"/endpoints/{made['id']}/secret/rotate", {})
    assert (answer.status_code, "email" in answer.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    "retry",
    [
        {"profile": "standard", "delays": None, "max_age": None},
        {"profile": "page", "delays": None, "max_age": 600},
        {"profile": "custom", "delays": [1.0, 60.0], "max_age": 604_800},
    ],
)
async def test_an_endpoint_says_how_it_is_tried(rule: tuple[str, Caller], retry: dict[str, Any]) -> None:
    rule_id, caller = rule
    made = await caller.made(f"/rules/{rule_id}/endpoints", EMAIL | {"retry": retry, "fallback": True})
    assert (made["retry"], made["fallback"]) == (retry, True)
    path = f"/endpoints/{made['id']}"
    plain = (await caller.patch(path, {"retry": {}, "fallback": False})).json()
    assert (plain["retry"], plain["fallback"]) == ({"profile": "standard", "delays": None, "max_age": None}, False)
    # What was answered can be sent back.
    again = (await caller.patch(path, {"retry": retry})).json()
    assert again["retry"] == retry
    assert (await caller.patch(path, {"retry": retry})).json()["version"] == again["version"]


async def test_an_endpoint_says_how_its_receiver_fares(service: RuleService, rule: tuple[str, Caller]) -> None:
    rule_id, caller = rule
    made = await caller.made(f"/rules/{rule_id}/endpoints", HOOK)
    path = f"/endpoints/{made['id']}"
    assert made["health"]["status"] == "ok"
    receiver = Address("client1", "webhook", HOOK["value"])
    await service.rows(
        "INSERT INTO receivers (id, client_id, type, value, failing_since, failures, last_failure_at, last_error)"
        " VALUES (%s, %s, %s, %s, now(), 7, now(), 'no answer') RETURNING 1",
        *(receiver.id, *receiver),
    )
    failing = (await caller.get(path)).json()["health"]
    assert (failing["status"], failing["failures"], failing["last_error"]) == ("failing", 7, "no answer")
    await service.rows("UPDATE receivers SET open_until = now() + interval '1 minute' RETURNING 1")
    assert (await caller.get(f"/rules/{rule_id}/endpoints")).json()["items"][0]["health"]["status"] == "open"
    await service.rows("UPDATE endpoints SET enabled = false, disabled_reason = 'gone' RETURNING 1")
    assert (await caller.get(path)).json()["disabled_reason"] == "gone"
    # Somebody says that it works again.
    enabled = (await caller.patch(path, {"enabled": True})).json()
    assert (enabled["disabled_reason"], enabled["health"]["status"]) == (None, "ok")


async def test_an_apprise_url_of_an_allowed_service_is_taken(database: str) -> None:
    async with serving(database, apprise_schemes=["tgram", "ntfys"]) as service:
        client, caller = await service.tenant()
        rule_id = await other_rule(caller, client, "b")
        made = await caller.made(f"/rules/{rule_id}/endpoints", {"type": "apprise", "value": "tgram://123:abc/456"})
        assert made["secret"] is None
        refused = await caller.post(f"/rules/{rule_id}/endpoints", {"type": "apprise", "value": "discord://1/2"})
        assert "ntfys, tgram" in refused.json()["errors"][0]["message"]
