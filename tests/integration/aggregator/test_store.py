import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest

from alerting.aggregator.match import Match
from alerting.aggregator.settings import AggregatorSettings
from alerting.aggregator.store import NotificationStore, Rejected
from alerting.runtime.errors import Unavailable
from alerting.runtime.ids import new_id


def make_store(dsn: str) -> NotificationStore:
    return NotificationStore(AggregatorSettings(postgres_dsn=dsn), new_id)


def match(alert_id: str, client_id: str = "acme", **fields: Any) -> Match:
    plain = Match(client_id, alert_id, "HIGH", "api", "timeout", '{"k": "v"}', 1_700_000_000, ["r1", "r2"], 7)
    return plain._replace(**fields)


def test_every_column_is_written(database: str) -> None:
    hostile = "a\"b\\c{},NULL ' é 漢"
    given = match(hostile, source=hostile, name="", rule_ids=[hostile, "", "NULL"], context='{"\\"": "\\\\u0041"}')
    with closing(make_store(database)) as store, psycopg.connect(database) as connection:
        (recorded,) = store.insert([given])
        assert (recorded.client_id, recorded.alert_id) == ("acme", hostile)
        row = connection.execute(
            "SELECT id::text, alert_id, severity, source, name, context, extract(epoch FROM event_at)::bigint,"
            " rule_ids, rules_version, status, finished_at FROM notifications"
        ).fetchone()
    assert row == (
        *(recorded.id, hostile, "HIGH", hostile, "", {'"': "\\u0041"}, 1_700_000_000, [hostile, "", "NULL"]),
        *(7, "RECEIVED", None),
    )


def test_a_notification_has_its_trace_if_it_has_one(database: str) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with closing(make_store(database)) as store, psycopg.connect(database) as connection:
        store.insert([match("a", traceparent=trace), match("b")])
        rows = connection.execute("SELECT traceparent FROM notifications ORDER BY alert_id").fetchall()
    assert rows == [(trace,), (None,)]


def test_rules_may_be_none_or_many(database: str) -> None:
    with closing(make_store(database)) as store, psycopg.connect(database) as connection:
        store.insert([match("a", rule_ids=[]), match("b", rule_ids=[f"r{number}" for number in range(3_000)])])
        rows = connection.execute("SELECT cardinality(rule_ids) FROM notifications ORDER BY alert_id").fetchall()
    assert rows == [(0,), (3_000,)]


def test_one_notification_for_a_client_and_an_alert(database: str) -> None:
    with closing(make_store(database)) as store:
        (first,) = store.insert([match("a")])
        again = store.insert([match("a", rule_ids=["other"]), match("b"), match("a", "globex")])
        assert sorted((each.client_id, each.alert_id) for each in again) == [("acme", "b"), ("globex", "a")]
        assert store.find_received([("acme", "a"), ("acme", "nothing")]) == [first]


def test_what_is_finished_waits_no_more(database: str) -> None:
    with closing(make_store(database)) as store, psycopg.connect(database, autocommit=True) as connection:
        store.insert([match("a"), match("b")])
        connection.execute("UPDATE notifications SET status = 'SENT' WHERE alert_id = 'a'")
        assert [each.alert_id for each in store.find_received([("acme", "a"), ("acme", "b")])] == ["b"]


@pytest.mark.parametrize("fields", [{"source": "\0"}, {"context": '{"k": "\\u0000"}'}, {"event_ts": 2**62}])
def test_a_value_that_the_database_does_not_take_rejects_all(database: str, fields: dict[str, Any]) -> None:
    with closing(make_store(database)) as store:
        with pytest.raises(Rejected):
            store.insert([match("a"), match("b", **fields), match("c")])
        assert len(store.insert([match("a"), match("c")])) == 2


def test_a_lost_connection_is_unavailable_and_made_again(database: str) -> None:
    with closing(make_store(database)) as store, psycopg.connect(database, autocommit=True) as connection:
        store.insert([match("a")])
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        with pytest.raises(Unavailable):
            store.insert([match("b")])
        assert len(store.insert([match("b")])) == 1


def test_a_database_that_is_not_there_is_unavailable() -> None:
    with closing(make_store("postgresql://nobody@127.0.0.1:1/none")) as store, pytest.raises(Unavailable):
        store.insert([match("a")])


def test_aggregators_with_the_same_keys_never_wait_for_each_other_in_a_circle(database: str) -> None:
    begin = threading.Barrier(4)

    def work(place: int) -> int:
        with closing(make_store(database)) as store:
            begin.wait(10)
            return sum(len(store.insert(batch(number, place))) for number in range(20))

    def batch(number: int, place: int) -> list[Match]:
        matches = [match(f"{number} {alert}") for alert in range(200)]
        return matches[::-1] if place % 2 else matches

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(work, range(4), timeout=60)) == 20 * 200
