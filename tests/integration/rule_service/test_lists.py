"""Lists that are filtered, searched and sorted: what they find, in which order, and page by page the same."""

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerting.rule_service.store import listing
from fix_rule_service import Caller, RuleService, serving

RANK = {severity: place for place, severity in enumerate(("*", "LOW", "MEDIUM", "HIGH", "CRITICAL"))}
RULE_SORTS = ("id", "client_id", "source", "name", "severity", "updated_at")
SEVERITIES, SOURCES, NAMES = ("LOW", "HIGH", "*"), ("api", "Api", "db-1", "*"), ("Timeout", "down", "50%_\\off")

# Sorts and filters apart from each other: with few rows walked, most pages are gathered.
WALKED = (1, 5_000)


def order(sort: str) -> Any:
    column = sort.removeprefix("-")
    return lambda rule: (RANK[rule[column]] if column == "severity" else rule[column], rule["id"])


def has(rule: dict[str, Any], search: str) -> bool:
    """Tell whether a search finds a rule, as the documentation says."""
    texts = [rule[name].lower() for name in ("id", "source", "name", "description")]
    words = "".join(letter if letter.isalnum() else " " for letter in search).split()
    if not words:
        return search in {rule["source"], rule["name"]}
    if max(map(len, words)) >= 3:
        return any(search.lower() in text for text in texts)
    return any(f" {search.lower()}" in f" {text}" for text in texts)


@pytest.fixture
async def rules(service: RuleService) -> list[dict[str, Any]]:
    """Rules of two clients, of which many have the same source, name, severity and time."""
    for client in ("acme", "globex"):
        await service.tenant(client)
        wanted = [
            {
                "severity": severity, "source": source, "name": name, "enabled": (place % 5) > 0,
                "description": "Bring Umbrellas" if place % 4 == 0 else "",
            }
            for place, (severity, source, name) in enumerate(product(SEVERITIES, SOURCES, NAMES))
        ]  # fmt: skip
        await service.admin.made(f"/clients/{client}/rules/batch", wanted)
    await service.rows("UPDATE rules SET updated_at = now() - length(name) * interval '1 day' RETURNING 1")
    return await service.admin.walk("/rules", limit=500)


async def ids(caller: Caller, path: str = "/rules", **params: Any) -> list[str]:
    return [rule["id"] for rule in await caller.walk(path, **params)]


@pytest.mark.parametrize("walked", WALKED)
@pytest.mark.parametrize("sort", [sign + column for column in RULE_SORTS for sign in ("", "-")])
async def test_every_order_page_by_page(
    service: RuleService, rules: list[dict[str, Any]], sort: str, walked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_MOST_WALKED", walked)
    ordered = sorted(rules, key=order(sort), reverse=sort.startswith("-"))
    assert await ids(service.admin, sort=sort, limit=500) == [rule["id"] for rule in ordered]
    assert await ids(service.admin, sort=sort, limit=7) == [rule["id"] for rule in ordered]
    # With each column that it may be sorted by and filtered by at once.
    for column, value in {"severity": "HIGH", "source": "api", "name": "down", "client_id": "acme"}.items():
        expected = [rule["id"] for rule in ordered if rule[column] == value]
        assert await ids(service.admin, sort=sort, limit=5, **{column: value}) == expected, column


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "client_id": st.sampled_from(["acme", "globex", "nobody"]),
        "severity": st.sampled_from([*SEVERITIES, "CRITICAL"]),
        "source": st.sampled_from([*SOURCES, "nothing"]),
        "name": st.sampled_from(NAMES),
        "enabled": st.booleans(),
        "search": st.sampled_from(
            ["api", "API", "pi", "ap", "d", "db-1", "timeout", "umbr", "um", "50%_\\", "%", "*", "_", "zzz", "-1", "🔥"]
        ),
    },
)


@given(
    filters=FILTERS, sort=st.sampled_from(RULE_SORTS), limit=st.sampled_from([3, 50]), walked=st.sampled_from(WALKED)
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_a_filter_finds_what_it_says_and_counts_it(
    service: RuleService, rules: list[dict[str, Any]], filters: dict[str, Any], sort: str, limit: int, walked: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "_MOST_WALKED", walked)
        given_ = {name: str(value).lower() if value in (True, False) else value for name, value in filters.items()}
        found = await ids(service.admin, sort=sort, limit=limit, **given_)
        search = filters.pop("search", None)
        expected = [
            rule for rule in sorted(rules, key=order(sort))
            if all(rule[name] == value for name, value in filters.items()) and (search is None or has(rule, search))
        ]  # fmt: skip
        assert found == [rule["id"] for rule in expected]
        count = (await service.admin.get("/rules/count", **given_)).json()
        assert count == {"count": len(expected), "more": False}


async def test_a_cursor_is_good_for_its_own_list_only(service: RuleService, rules: list[dict[str, Any]]) -> None:
    first = {"sort": "name", "source": "api", "limit": 2}
    cursor = (await service.admin.get("/rules", **first)).json()["next_cursor"]
    assert (await service.admin.get("/rules", **{**first, "limit": 9}, cursor=cursor)).status_code == 200
    for change in ({"sort": "-name"}, {"sort": "id"}, {"source": "Api"}, {"search": "api"}, {"enabled": "true"}):
        answer = await service.admin.get("/rules", **{**first, **change}, cursor=cursor)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor"), change
    for path in ("/clients/acme/rules", "/endpoints", "/clients"):
        assert (await service.admin.get(path, cursor=cursor)).status_code == 422, path


async def test_a_tenants_lists_are_its_own(service: RuleService, rules: list[dict[str, Any]]) -> None:
    caller = await service.caller("client:acme")
    mine = {rule["id"] for rule in rules if rule["client_id"] == "acme"}
    for sort in RULE_SORTS:
        assert set(await ids(caller, sort=sort, limit=10)) == mine
    assert set(await ids(caller, search="umbrella")) < mine
    assert await ids(caller, client_id="globex") == []
    assert (await caller.get("/rules/count")).json()["count"] == len(mine)
    assert (await caller.get("/rules/count", client_id="globex")).json() == {"count": 0, "more": False}
    assert set(await ids(caller, "/clients/acme/rules", sort="-updated_at", limit=10)) == mine


async def test_a_rules_id_is_not_a_word_of_the_api(service: RuleService) -> None:
    client, caller = await service.tenant()
    rule = {"id": "count", "severity": "HIGH", "source": "a", "name": "b"}
    answer = await caller.post(f"/clients/{client}/rules", rule)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "id")


async def test_clients_are_sorted_by_name_in_any_case(service: RuleService) -> None:
    for client, name in {"c1": "beta", "c2": "Alpha", "c3": "alpha", "c4": "Gamma 100%"}.items():
        await service.admin.made("/clients", {"id": client, "name": name})
    assert await ids(service.admin, "/clients", sort="name", limit=1) == ["c2", "c3", "c1", "c4"]
    assert await ids(service.admin, "/clients", sort="-name", limit=1) == ["c4", "c1", "c3", "c2"]
    assert await ids(service.admin, "/clients", sort="-created_at", limit=2) == ["c4", "c3", "c2", "c1"]
    assert await ids(service.admin, "/clients", search="ALPH") == ["c2", "c3"]
    assert await ids(service.admin, "/clients", search="100%") == ["c4"]
    assert await ids(service.admin, "/clients", search="c") == ["c1", "c2", "c3", "c4"]


async def test_a_client_says_how_many_rules_it_has_and_what_fails(
    service: RuleService, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, caller = await service.tenant()
    hook = {"type": "webhook", "value": "https://acme.example/hook"}
    for number in range(3):
        body = {"severity": "LOW", "source": "a", "name": f"n{number}", "endpoints": [hook | {"enabled": number > 0}]}
        await caller.made(f"/clients/{client}/rules", body)
    await fail(service, hook["value"])
    counted = {"rules": 3, "rules_more": False, "endpoints_failing": 2}
    (listed,) = await service.admin.walk("/clients")
    assert counted.items() <= listed.items()
    assert (await caller.get(f"/clients/{client}")).json() == listed
    monkeypatch.setattr("alerting.rule_service.clients.MOST_COUNTED", 2)
    assert {"rules": 2, "rules_more": True}.items() <= (await caller.get(f"/clients/{client}")).json().items()


async def fail(service: RuleService, value: str, more: str = "NULL") -> None:
    await service.rows(
        "INSERT INTO receivers (id, client_id, type, value, failing_since, failures, open_until) SELECT DISTINCT"
        f" md5(client_id || ' ' || type || ' ' || value)::uuid, client_id, type, value, now(), 3, ({more})::timestamptz"
        " FROM endpoints WHERE value = %s RETURNING 1",
        value,
    )


@pytest.fixture
async def endpoints(service: RuleService) -> Caller:
    """A client with two rules, whose endpoints are in every state."""
    client, caller = await service.tenant("acme")
    for rule_id, kinds in {"r1": ("ok", "failing", "open"), "r2": ("ok", "disabled")}.items():
        hooks = [
            {
                "type": "webhook",
                "value": f"https://{kind}.example/{kind}/secret-of-{kind}",
                "enabled": kind != "disabled",
            }
            for kind in kinds
        ]
        email = {"type": "email", "value": f"on-call@{rule_id}.example"}
        body = {"id": rule_id, "severity": "LOW", "source": "api", "name": rule_id, "endpoints": [*hooks, email]}
        await caller.made(f"/clients/{client}/rules", body)
    await fail(service, "https://failing.example/failing/secret-of-failing")
    await fail(service, "https://open.example/open/secret-of-open", "now() + interval '1 minute'")
    await fail(service, "https://disabled.example/disabled/secret-of-disabled")
    return caller


async def shown(caller: Caller, path: str = "/endpoints", **params: Any) -> list[str]:
    answers = [await caller.get(path, **params), *[await caller.get(path, limit=1, **params)]]
    assert all("secret-of" not in answer.text for answer in answers)
    items = await caller.walk(path, limit=2, **params)
    if path == "/endpoints" and "sort" not in params:
        assert (await caller.get("/endpoints/count", **params)).json() == {"count": len(items), "more": False}
    return sorted(item["shown"].split("/")[2] if "//" in item["shown"] else item["shown"] for item in items)


@pytest.mark.parametrize("walked", WALKED)
async def test_endpoints_by_what_they_are_and_how_they_fare(
    endpoints: Caller, walked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_MOST_WALKED", walked)
    mails = ["on-call@r1.example", "on-call@r2.example"]
    hooks = ["disabled.example", "failing.example", "ok.example", "ok.example", "open.example"]
    assert await shown(endpoints) == sorted([*mails, *hooks])
    assert await shown(endpoints, type="email") == mails
    assert await shown(endpoints, type="webhook") == hooks
    assert await shown(endpoints, health="failing") == ["failing.example", "open.example"]
    assert await shown(endpoints, health="open") == ["open.example"]
    assert await shown(endpoints, health="ok") == sorted([*mails, "ok.example", "ok.example"])
    assert await shown(endpoints, health="disabled") == ["disabled.example"]
    assert await shown(endpoints, enabled="false") == ["disabled.example"]
    assert await shown(endpoints, rule_id="r2") == ["disabled.example", "ok.example", "on-call@r2.example"]
    assert await shown(endpoints, "/rules/r2/endpoints", sort="-type") == await shown(endpoints, rule_id="r2")
    assert await shown(endpoints, search="ON-CALL") == mails
    assert await shown(endpoints, search="failing.ex", health="failing") == ["failing.example"]
    assert await shown(endpoints, client_id="nobody") == []


async def test_an_endpoint_in_a_list_says_its_rule_and_its_health(service: RuleService, endpoints: Caller) -> None:
    by_host = {item["shown"]: item for item in await endpoints.walk("/endpoints", health="open")}
    (item,) = by_host.values()
    assert item["shown"] == "https://open.example/…open"
    assert item["rule"] == {"severity": "LOW", "source": "api", "name": "r1"}
    assert (item["health"]["status"], item["health"]["failures"]) == ("open", 3)
    assert "value" not in item
    rule = (await endpoints.get("/rules/r1")).json()
    assert rule["endpoints"] == {"total": 4, "enabled": 4, "failing": 2}
    assert (await endpoints.get("/rules/r2")).json()["endpoints"] == {"total": 3, "enabled": 2, "failing": 0}
    listed = {each["id"]: each for each in await endpoints.walk("/rules")}
    assert listed["r1"] == rule


@pytest.mark.parametrize(
    "sort", [sign + column for column in ("id", "client_id", "type", "updated_at") for sign in ("", "-")]
)
async def test_endpoints_in_every_order(service: RuleService, endpoints: Caller, sort: str) -> None:
    everything = await service.admin.walk("/endpoints", limit=500)
    column = sort.removeprefix("-")
    expected = sorted(everything, key=lambda item: (item[column], item["id"]), reverse=sort.startswith("-"))
    assert await ids(service.admin, "/endpoints", sort=sort, limit=2) == [item["id"] for item in expected]


async def test_another_tenants_endpoints_are_not_listed(service: RuleService, endpoints: Caller) -> None:
    _, stranger = await service.tenant()
    assert await stranger.walk("/endpoints") == []
    assert (await stranger.get("/endpoints/count", client_id="acme")).json() == {"count": 0, "more": False}
    assert await stranger.walk("/endpoints", client_id="acme") == []
    assert (await stranger.get("/rules/r1/endpoints")).status_code == 404


COLUMNS = st.tuples(st.sampled_from(["a", "B", "b"]), st.sampled_from(["x", "y"]))


@given(
    before=st.lists(COLUMNS, max_size=10),
    meanwhile=st.lists(st.tuples(st.lists(COLUMNS, max_size=2), st.lists(st.integers(0, 20), max_size=2)), max_size=6),
    limit=st.integers(1, 4),
    sort=st.sampled_from(["source", "-source", "severity", "-updated_at"]),
)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_every_row_once_whatever_comes_and_goes(
    database: str, before: list[Any], meanwhile: list[Any], limit: int, sort: str
) -> None:
    async with serving(database) as service:
        await service.rows("WITH gone AS (DELETE FROM rules) SELECT 1")
        await service.rows("INSERT INTO clients (id, name) VALUES ('acme', 'x') ON CONFLICT DO NOTHING RETURNING 1")
        made = 0

        async def add(columns: list[tuple[str, str]]) -> None:
            nonlocal made
            for source, description in columns:
                made += 1
                await service.rows(
                    "INSERT INTO rules (id, client_id, severity, source, name, description, updated_at) VALUES"
                    " (%s, 'acme', %s, %s, %s, %s, '2026-01-01'::timestamptz + %s * interval '1 microsecond')"
                    " RETURNING 1",
                    *(f"r{made:03}", ("LOW", "*")[made % 2], source, f"n{made}", description, made % 3),
                )

        async def there() -> set[str]:
            return {row["id"] for row in await service.rows("SELECT id FROM rules WHERE description = 'x'")}

        await add(before)
        all_the_time = ever = await there()
        seen: list[str] = []
        steps = iter(meanwhile)
        cursor: dict[str, str] = {}
        while True:
            page = (await service.admin.get("/rules", limit=limit, sort=sort, search="x", **cursor)).json()
            seen += [rule["id"] for rule in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
            come, go = next(steps, ([], []))
            gone = [sorted(ever)[place % len(ever)] for place in go] if ever else []
            await service.rows("WITH gone AS (DELETE FROM rules WHERE id = ANY(%s)) SELECT 1", gone)
            await add(come)
            ever = ever | await there()
            all_the_time = all_the_time & await there()
        assert len(seen) == len(set(seen))
        assert all_the_time <= set(seen) <= ever
