"""The log of changes over HTTP."""

from typing import Any

import pytest

from fix_rule_service import Caller, RuleService


async def actions(caller: Caller, **params: Any) -> list[tuple[str, str]]:
    return [(entry["subject"], entry["action"]) for entry in await caller.walk("/audit", **params)]


async def test_the_newest_is_first_and_pages_have_everything(service: RuleService) -> None:
    client, caller = await service.tenant()
    rule = await caller.made(f"/clients/{client}/rules", {"severity": "HIGH", "source": "a", "name": "b"})
    made = await caller.made(f"/rules/{rule['id']}/endpoints", {"type": "email", "value": "a@acme.example"})
    await caller.patch(f"/rules/{rule['id']}", {"name": "c"}, '"1"')
    await caller.delete(f"/endpoints/{made['id']}")
    newest_first = [
        ("endpoint", "deleted"), ("rule", "updated"), ("endpoint", "created"), ("rule", "created"),
        ("client", "created"),
    ]  # fmt: skip
    for who in (service.admin, caller):
        for limit in (1, 2, 50):
            assert await actions(who, limit=limit) == newest_first
            assert await actions(who, limit=limit, subject="rule") == newest_first[1::2]
        assert await actions(who, subject="endpoint", subject_id=made["id"]) == newest_first[0:3:2]
        assert await actions(who, subject="key") == []
    (entry, _) = await caller.walk("/audit", subject="rule", subject_id=rule["id"])
    assert (entry["detail"]["name"], entry["client_id"], entry["actor_name"]) == ("c", client, "test")


async def test_a_tenant_sees_its_own_and_not_who_the_admins_are(service: RuleService) -> None:
    one, caller = await service.tenant()
    two, other = await service.tenant()
    await other.made(f"/clients/{two}/rules", {"severity": "HIGH", "source": "a", "name": "b"})
    assert await actions(caller) == [("client", "created")]
    assert await actions(caller, subject="rule") == []
    (mine,) = await caller.walk("/audit")
    assert (mine["actor"], mine["actor_name"]) == ("admin", None)
    (seen,) = await service.admin.walk("/audit", subject="client", subject_id=one)
    assert (seen["actor_name"], seen["actor"] != "admin") == ("test", True)
    await service.rows(
        "INSERT INTO audit_log (actor, action, subject, subject_id, client_id)"
        " VALUES ('sender', 'disabled', 'endpoint', 'e', %s) RETURNING 1",
        one,
    )
    assert (await caller.walk("/audit"))[0]["actor"] == "sender"


@pytest.mark.parametrize(
    ("query", "field"),
    [({"subject": "x"}, "subject"), ({"subject_id": "x"}, "body"), ({"cursor": "x"}, "cursor"), ({"who": "x"}, "who")],
)
async def test_a_wrong_question_is_refused(service: RuleService, query: dict[str, str], field: str) -> None:
    answer = await service.admin.get("/audit", **query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
