"""Several writers at once: versions without gaps, in the order of the commits, and nobody overwrites unknowingly."""

import asyncio
from typing import Any

from fix_rule_service import RuleService, serving


async def test_versions_have_no_gaps_and_are_the_order_of_commits(service: RuleService) -> None:
    client, caller = await service.tenant()

    async def write(writer: int) -> None:
        for number in range(6):
            body = {"severity": "LOW", "source": f"s{writer}", "name": f"n{number}"}
            rule = await caller.made(f"/clients/{client}/rules", body)
            # One in between that fails, which may leave no gap.
            assert (await caller.post(f"/clients/{client}/rules", body)).status_code == 409
            if number % 2:
                assert (await caller.delete(f"/rules/{rule['id']}", '"1"')).status_code == 204
            else:
                assert (await caller.patch(f"/rules/{rule['id']}", {"name": "x" * number + "y"}, '"1"')).is_success

    await asyncio.gather(*(write(writer) for writer in range(6)))
    log = await service.log()
    assert len(log) == 6 * 12
    assert replay(log) == {
        row["id"]: (row["severity"], row["source"], row["name"]) for row in await service.rows("SELECT * FROM rules")
    }


async def test_a_version_is_seen_only_when_all_before_it_are(service: RuleService) -> None:
    client, caller = await service.tenant()
    done = asyncio.Event()

    async def watch() -> int:
        looks = 0
        while not done.is_set():
            await service.log()  # raises when there is a gap
            looks += 1
        return looks

    async def write(writer: int) -> None:
        for number in range(10):
            body = {"severity": "LOW", "source": f"s{writer}", "name": f"n{number}"}
            await caller.made(f"/clients/{client}/rules", body)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(write(writer) for writer in range(4)))
    done.set()
    assert await watching > 0
    assert len(await service.log()) == 40


async def test_of_two_who_change_the_same_version_one_wins(service: RuleService) -> None:
    client, caller = await service.tenant()
    rule = await caller.made(f"/clients/{client}/rules", {"severity": "LOW", "source": "a", "name": "b"})
    answers = await asyncio.gather(
        *(caller.patch(f"/rules/{rule['id']}", {"name": f"n{number}"}, '"1"') for number in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    (won,) = [answer.json() for answer in answers if answer.is_success]
    assert (await caller.get(f"/rules/{rule['id']}")).json() == won


async def test_of_two_who_create_the_same_one_wins(database: str) -> None:
    async with serving(database) as one, serving(database) as two:
        client, _ = await one.tenant()
        body = {"severity": "LOW", "source": "a", "name": "b"}
        answers = await asyncio.gather(
            *(service.admin.post(f"/clients/{client}/rules", body) for service in (one, two) * 4)
        )
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
        rule = (await one.admin.walk("/rules"))[0]
        same = {"type": "email", "value": "a@b.c"}
        answers = await asyncio.gather(
            *(service.admin.post(f"/rules/{rule['id']}/endpoints", same) for service in (one, two) * 4)
        )
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
        answers = await asyncio.gather(
            *(service.admin.post("/clients", {"id": "new", "name": "new"}) for service in (one, two) * 4)
        )
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_switching_a_client_and_changing_its_rules_end_with_what_the_tables_say(service: RuleService) -> None:
    client, caller = await service.tenant()

    async def write(writer: int) -> None:
        for number in range(6):
            body = {"severity": "LOW", "source": f"s{writer}", "name": f"n{number}", "enabled": bool(number % 3)}
            await caller.made(f"/clients/{client}/rules", body)

    async def switch() -> None:
        for number in range(9):
            assert (await service.admin.patch(f"/clients/{client}", {"enabled": bool(number % 2)})).is_success

    await asyncio.gather(switch(), *(write(writer) for writer in range(3)))
    assert replay(await service.log()) == {}
    await service.admin.patch(f"/clients/{client}", {"enabled": True})
    enabled = await service.rows("SELECT * FROM rules WHERE enabled")
    assert len(enabled) == 12
    assert replay(await service.log()) == {row["id"]: (row["severity"], row["source"], row["name"]) for row in enabled}


def replay(log: list[list[dict[str, Any]]]) -> dict[str, tuple[str, str, str]]:
    """Return the rule set that the log leads to."""
    rules: dict[str, tuple[str, str, str]] = {}
    for change in (change for changes in log for change in changes):
        if change["action"] in {"CREATED", "UPDATED"}:
            rules[change["rule_id"]] = (change["severity"], change["source"], change["name"])
        else:
            rules.pop(change["rule_id"], None)
    return rules
