"""A walk over pages yields everything that was there all the time, once, whatever comes and goes meanwhile."""

import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fix_rule_service import serving

IDS = st.text(string.ascii_letters + string.digits + "._-", min_size=1, max_size=4).map(lambda text: "x" + text)


@given(
    before=st.sets(IDS, max_size=12),
    # What happens between two pages: ids that come, and places of ids that go.
    meanwhile=st.lists(st.tuples(st.sets(IDS, max_size=3), st.lists(st.integers(0, 20), max_size=2)), max_size=8),
    limit=st.integers(1, 5),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_every_row_once(
    database: str, before: set[str], meanwhile: list[tuple[set[str], list[int]]], limit: int
) -> None:
    async with serving(database) as service:
        await service.rows("WITH gone AS (DELETE FROM clients) SELECT 1")

        async def add(ids: set[str]) -> None:
            await service.rows(
                "WITH made AS (INSERT INTO clients (id, name) SELECT id, 'x' FROM unnest(%s::text[]) AS id"
                " ON CONFLICT DO NOTHING) SELECT 1",
                sorted(ids),
            )

        await add(before)
        there_all_the_time, ever = set(before), set(before)
        seen: list[str] = []
        steps = iter(meanwhile)
        cursor: dict[str, str] = {}
        while True:
            page = (await service.admin.get("/clients", limit=limit, **cursor)).json()
            assert len(page["items"]) <= limit
            seen += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            assert len(page["items"]) == limit
            cursor = {"cursor": page["next_cursor"]}
            come, go = next(steps, (set(), []))
            gone = {sorted(ever)[place % len(ever)] for place in go} - come
            await add(come)
            await service.rows("WITH gone AS (DELETE FROM clients WHERE id = ANY(%s)) SELECT 1", sorted(gone))
            ever |= come
            there_all_the_time -= gone
        assert seen == sorted(set(seen))
        assert there_all_the_time <= set(seen) <= ever
