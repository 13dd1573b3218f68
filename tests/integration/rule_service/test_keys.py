"""API keys over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fix_rule_service import Caller, RuleService


async def test_a_key_is_shown_once_and_works(service: RuleService) -> None:
    await service.tenant("acme")
    answer = await service.admin.post("/keys", {"name": "ci", "scope": "client:acme"})
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    made = answer.json()
    key = made.pop("key")
    caller = Caller(service.http, key)
    assert (await caller.get("/clients/acme")).status_code == 200
    shown = (await service.admin.get(f"/keys/{made['id']}")).json()
    assert shown["last_used_at"] is not None
    assert shown | {"last_used_at": None} == made
    assert shown in await service.admin.walk("/keys")
    secret = key.rpartition("_")[2]
    for told in (await service.admin.get("/keys"), await service.admin.get(f"/keys/{made['id']}")):
        assert secret not in told.text
        assert "hash" not in told.text
    assert secret not in str(await service.rows("SELECT * FROM api_keys"))
    assert secret not in str(await service.rows("SELECT * FROM audit_log"))


async def test_the_keys_of_a_scope(service: RuleService) -> None:
    longest = "a" * 255
    await service.tenant(longest)
    made = await service.admin.made("/keys", {"name": "ci", "scope": f"client:{longest}"})
    listed = (await service.admin.get("/keys", scope=f"client:{longest}")).json()["items"]
    assert made["id"] in {key["id"] for key in listed}
    assert {key["scope"] for key in listed} == {f"client:{longest}"}
    assert (await service.admin.get("/keys", scope="clients")).status_code == 422, "there can be none"


async def test_a_revoked_key_stops_at_once_here(service: RuleService) -> None:
    await service.tenant("acme")
    made = await service.admin.made("/keys", {"name": "ci", "scope": "client:acme"})
    caller = Caller(service.http, made["key"])
    assert (await caller.get("/clients/acme")).status_code == 200
    assert (await service.admin.delete(f"/keys/{made['id']}")).status_code == 204
    assert (await caller.get("/clients/acme")).status_code == 401
    # Again is the same as once; it stays in the list.
    assert (await service.admin.delete(f"/keys/{made['id']}")).status_code == 204
    assert (await service.admin.get(f"/keys/{made['id']}")).json()["revoked_at"] is not None
    assert (await service.admin.delete("/keys/nothing")).status_code == 404
    assert (await service.admin.get("/keys/nothing")).status_code == 404
    audit = await service.rows("SELECT action, client_id FROM audit_log WHERE subject = 'key' ORDER BY id")
    assert audit == [{"action": action, "client_id": "acme"} for action in ("created", "revoked")]


async def test_a_key_can_end(service: RuleService) -> None:
    end = datetime.now(UTC) + timedelta(days=1)
    made = await service.admin.made("/keys", {"name": "x", "scope": "admin", "expires_at": end.isoformat()})
    assert datetime.fromisoformat(made["expires_at"]) == end
    assert (await Caller(service.http, made["key"]).get("/clients")).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scope": "admin"}, "name"),
        ({"name": "x"}, "scope"),
        ({"name": "", "scope": "admin"}, "name"),
        ({"name": "\0", "scope": "admin"}, "name"),
        ({"name": "x", "scope": "root"}, "scope"),
        ({"name": "x", "scope": "client:"}, "scope"),
        ({"name": "x", "scope": "client:\0"}, "scope"),
        ({"name": "x", "scope": "admin\n"}, "scope"),
        ({"name": "x", "scope": "client:nobody"}, "scope"),
        ({"name": "x", "scope": "admin", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"name": "x", "scope": "admin", "expires_at": "2100-01-01T00:00:00"}, "expires_at"),
        ({"name": "x", "scope": "admin", "expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at"),
        ({"name": "x", "scope": "admin", "expires_at": "soon"}, "expires_at"),
        ({"name": "x", "scope": "admin", "key": "ak_mine_1"}, "key"),
    ],
)
async def test_a_wrong_key_is_refused(service: RuleService, body: Any, field: str) -> None:
    answer = await service.admin.post("/keys", body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field
    assert await service.rows("SELECT 1 FROM api_keys WHERE name = 'x'") == []
