"""Clients over HTTP."""

from typing import Any

import pytest

from alerting.rule_service import clients as clients_module
from fix_rule_service import RuleService


async def test_a_client_lives(service: RuleService) -> None:
    answer = await service.admin.post("/clients", {"id": "acme", "name": "Acme, Inc."})
    assert answer.status_code == 201, answer.text
    client = answer.json()
    assert {"id": "acme", "name": "Acme, Inc.", "enabled": True, "version": 1}.items() <= client.items()
    assert (answer.headers["etag"], answer.headers["location"]) == ('"1"', "/api/v1/clients/acme")
    assert (await service.admin.get("/clients/acme")).json() == client
    assert (await service.admin.get("/clients")).json() == {"items": [client], "next_cursor": None}
    renamed = await service.admin.patch("/clients/acme", {"name": "Acme"})
    assert (renamed.json()["name"], renamed.headers["etag"]) == ("Acme", '"2"')
    assert (await service.admin.patch("/clients/acme", {"name": "Acme"})).json() == renamed.json()
    assert (await service.admin.delete("/clients/acme")).status_code == 204
    for answer in (
        await service.admin.get("/clients/acme"),
        await service.admin.patch("/clients/acme", {"name": "x"}),
        await service.admin.delete("/clients/acme"),
        await service.admin.get("/clients/acme/rules"),
        await service.admin.post("/clients/acme/rules", {"severity": "HIGH", "source": "a", "name": "b"}),
    ):
        assert (answer.status_code, answer.json()["detail"]) == (404, "there is no such client")
    audit = await service.rows("SELECT action, client_id FROM audit_log WHERE subject = 'client' ORDER BY id")
    assert audit == [{"action": action, "client_id": "acme"} for action in ("created", "updated", "deleted")]
    assert await service.log() == []


async def test_an_id_is_taken_once(service: RuleService) -> None:
    await service.tenant("acme")
    answer = await service.admin.post("/clients", {"id": "acme", "name": "another"})
    assert (answer.status_code, answer.json()["errors"]) == (409, [{"field": "id", "message": "it is taken"}])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x"}, "id"),
        ({"id": "x"}, "name"),
        ({"id": "", "name": "x"}, "id"),
        ({"id": "a b", "name": "x"}, "id"),
        ({"id": "a/b", "name": "x"}, "id"),
        ({"id": "a\n", "name": "x"}, "id"),
        ({"id": "x" * 256, "name": "x"}, "id"),
        ({"id": 1, "name": "x"}, "id"),
        ({"id": "x", "name": ""}, "name"),
        ({"id": "x", "name": "\0"}, "name"),
        ({"id": "x", "name": "x" * 256}, "name"),
        ({"id": "x", "name": "x", "enabled": 1}, "enabled"),
        ({"id": "x", "name": "x", "admin": True}, "admin"),
    ],
)
async def test_a_wrong_client_is_refused(service: RuleService, body: Any, field: str) -> None:
    answer = await service.admin.post("/clients", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert await service.admin.walk("/clients") == []


async def test_a_version_is_heeded_when_it_is_given(service: RuleService) -> None:
    await service.tenant("acme")
    assert (await service.admin.patch("/clients/acme", {"name": "b"}, '"7"')).status_code == 412
    assert (await service.admin.delete("/clients/acme", '"7"')).status_code == 412
    assert (await service.admin.patch("/clients/acme", {"name": "b"}, '"1"')).status_code == 200
    assert (await service.admin.delete("/clients/acme", '"2"')).status_code == 204


async def test_disabling_a_client_takes_its_rules_out_and_enabling_puts_them_back(
    service: RuleService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients_module, "MOST_CHANGES", 2)
    client, caller = await service.tenant()
    other, theirs = await service.tenant()
    rules = [
        await caller.made(f"/clients/{client}/rules", {"severity": "LOW", "source": "a", "name": f"n{number}"})
        for number in range(5)
    ]
    await caller.made(f"/clients/{client}/rules", {"severity": "LOW", "source": "b", "name": "off", "enabled": False})
    await theirs.made(f"/clients/{other}/rules", {"severity": "LOW", "source": "a", "name": "n0"})
    before = len(await service.log())

    await service.admin.patch(f"/clients/{client}", {"enabled": False})
    log = (await service.log())[before:]
    # More rules than one version takes are several versions of one transaction.
    assert [len(changes) for changes in log] == [2, 2, 1]
    changes = [change for part in log for change in part]
    assert sorted(change["rule_id"] for change in changes) == sorted(rule["id"] for rule in rules)
    assert {(change["action"], change["version"]) for change in changes} == {("DISABLED", 1)}
    assert all("severity" not in change for change in changes)

    # While it is disabled, nothing of it gets into the rule set.
    late = await caller.made(f"/clients/{client}/rules", {"severity": "LOW", "source": "c", "name": "late"})
    patched = await caller.patch(f"/rules/{rules[0]['id']}", {"name": "renamed"}, '"1"')
    assert patched.is_success
    assert [changes[0]["action"] for changes in (await service.log())[before + 3 :]] == ["DISABLED", "DISABLED"]

    before = len(await service.log())
    await service.admin.patch(f"/clients/{client}", {"enabled": True})
    back = [change for part in (await service.log())[before:] for change in part]
    assert {change["action"] for change in back} == {"UPDATED"}
    assert {change["rule_id"] for change in back} == {rule["id"] for rule in rules} | {late["id"]}
    assert "renamed" in {change["name"] for change in back}


async def test_a_client_with_rules_is_not_deleted(service: RuleService) -> None:
    client, caller = await service.tenant()
    rule = await caller.made(f"/clients/{client}/rules", {"severity": "LOW", "source": "a", "name": "b"})
    assert (await service.admin.delete(f"/clients/{client}")).status_code == 409
    assert (await caller.get(f"/clients/{client}")).status_code == 200
    await caller.delete(f"/rules/{rule['id']}", '"1"')
    assert (await service.admin.delete(f"/clients/{client}")).status_code == 204


async def test_a_deleted_clients_keys_open_nothing_that_comes_after_it(service: RuleService) -> None:
    client, _ = await service.tenant("acme")
    await service.admin.delete(f"/clients/{client}")
    keys = await service.admin.walk("/keys", scope="client:acme")
    assert [key["revoked_at"] is not None for key in keys] == [True]


async def test_lists_can_be_narrowed(service: RuleService) -> None:
    await service.tenant("on")
    await service.tenant("off")
    await service.admin.patch("/clients/off", {"enabled": False})
    assert [client["id"] for client in await service.admin.walk("/clients", enabled="false")] == ["off"]
    assert [client["id"] for client in await service.admin.walk("/clients", enabled="true")] == ["on"]
