"""Clients, rules, endpoints, the matching of an alert, and the log of changes.

A fifth of the rules is one client's, another fifth is nine others', and the rest is everybody else's. Each client's
were imported at once, so that their ids stand together: what is one client's is far from the beginning of all ids.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import httpx

from benches.tables.filling import without_indexes
from benches.tables.part import Connection, Interaction, Sizes

BIG, MIDDLE, SMALL = "tenant-000000", "tenant-000005", "tenant-000500"

_CLIENTS: Final = """
    INSERT INTO clients (id, name, created_at, enabled)
    SELECT
        'tenant-' || lpad(n::text, 6, '0'), initcap(left(md5(n::text), 12)), now() - n * interval '1 minute',
        n %% 100 <> 99
    FROM generate_series(0, %(clients)s::int - 1) AS n
"""

# Each client goes through the catalog, and then again with other names for the sources: payments, payments-1, …
# A tenth of it is there already, because of the wildcards.
_RULES: Final = """
    INSERT INTO rules (id, client_id, severity, source, name, description, enabled, created_at, updated_at)
    SELECT
        uuidv7()::text, client_id,
        CASE WHEN k %% 10 = 3 THEN '*' ELSE severity END,
        CASE WHEN k %% 20 = 7 THEN '*' ELSE source || CASE WHEN again > 0 THEN '-' || again ELSE '' END END,
        CASE WHEN k %% 7 = 5 AND k %% 20 <> 7 THEN '*' ELSE name END,
        CASE WHEN k %% 3 = 0 THEN 'Tell the ' || source || ' team, on call for ' || client_id ELSE '' END,
        k %% 50 > 0, now() - at * interval '90 days', now() - at * at * interval '90 days'
    FROM (
        SELECT
            'tenant-' || lpad(c::text, 6, '0') AS client_id,
            k, k %% alerts AS alert, k / alerts AS again, random() AS at
        FROM (
            SELECT
                CASE WHEN n < fifth THEN 0 WHEN n < 2 * fifth THEN 1 + n %% 9 ELSE 10 + n %% others END AS c,
                CASE
                    WHEN n < fifth THEN n WHEN n < 2 * fifth THEN (n - fifth) / 9 ELSE (n - 2 * fifth) / others
                END AS k
            FROM (SELECT %(drawn)s::int / 5 AS fifth, %(clients)s::int - 10 AS others) AS shares
                CROSS JOIN generate_series(0, %(drawn)s::int - 1) AS n
        ) AS numbered CROSS JOIN (SELECT count(*)::int AS alerts FROM catalog) AS size
    ) AS drawn JOIN catalog ON catalog.n = drawn.alert
    ORDER BY client_id, k
    ON CONFLICT DO NOTHING
"""

_ENDPOINTS: Final = """
    INSERT INTO endpoints (id, rule_id, client_id, type, value, enabled, fallback, updated_at)
    SELECT
        uuidv7()::text, id, client_id, type,
        CASE type WHEN 'email' THEN 'on-call-' || n %% 7 || '@' || client_id || '.example'
                  WHEN 'slack' THEN 'https://hooks.slack.example/services/' || md5(client_id || n %% 5)
                  ELSE 'https://' || client_id || '.example/hooks/' || md5(client_id || n %% 11) END,
        n %% 50 > 0, n %% 20 = 0, now() - random() * interval '90 days'
    FROM (
        SELECT *, (ARRAY['email', 'slack', 'webhook', 'webhook'])[1 + (n / 7) %% 4] AS type
        FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM rules) AS numbered
        WHERE n %% greatest((SELECT count(*) FROM rules) / %(endpoints)s::int, 1) = 0 LIMIT %(endpoints)s
    ) AS chosen
"""

_RECEIVERS: Final = """
    INSERT INTO receivers (id, client_id, type, value, failing_since, failures, last_failure_at, last_error, open_until)
    SELECT
        md5(client_id || ' ' || type || ' ' || value)::uuid, client_id, type, value, now(), 12, now(), 'no answer',
        CASE WHEN random() < 0.5 THEN now() + interval '1 day' END
    FROM (SELECT DISTINCT client_id, type, value FROM endpoints) AS addresses WHERE random() < 0.02
"""

_AUDIT: Final = """
    INSERT INTO audit_log (actor, action, subject, subject_id, client_id, detail, at)
    SELECT 'cli', 'created', 'rule', id, client_id, jsonb_build_object('source', source), created_at FROM rules
"""

_SHARE_DRAWN: Final = 1.104


def fill(connection: Connection, sizes: Sizes) -> None:
    """Fill the tables."""
    given = {**sizes._asdict(), "drawn": int(sizes.rules * _SHARE_DRAWN)}
    with without_indexes(connection, ["clients", "rules", "endpoints", "receivers", "audit_log"]):
        for query in (_CLIENTS, _RULES, _ENDPOINTS, _RECEIVERS, _AUDIT):
            connection.execute(query.encode(), given)


def interactions(connection: Connection, _http: httpx.Client) -> Sequence[Interaction]:
    """Return what is timed."""
    ((rule_id,),) = connection.execute("SELECT rule_id FROM endpoints ORDER BY id DESC LIMIT 1").fetchall()
    return [*_clients(), *_rules(), *_searches(), *_endpoints(rule_id), *_questions(rule_id)]


def _list(path: str, **params: Any) -> Interaction:
    page = params.pop("page", 0)
    said = " ".join(f"{name}={value}" for name, value in params.items())
    return Interaction(f"{path} {said}" + (f" (page {page + 1})" if page else ""), path, params, page=page)


def _clients() -> Iterator[Interaction]:
    yield _list("/clients")
    yield _list("/clients", limit=500)
    yield _list("/clients", sort="-name")
    yield _list("/clients", enabled="false", sort="-created_at")
    yield _list("/clients", search="tenant-0005")
    yield _list(f"/clients/{BIG}")


def _rules() -> Iterator[Interaction]:
    sorts = ("id", "client_id", "source", "name", "severity", "updated_at")
    for sort in (sign + name for name in sorts for sign in ("", "-")):
        yield _list("/rules", sort=sort)
    yield _list("/rules", sort="-updated_at", limit=500)
    yield _list("/rules", sort="source", page=40)
    # One client's, and an order that knows nothing of it.
    for client_id in (BIG, MIDDLE, SMALL):
        for sort in ("id", "source", "-name", "severity", "-updated_at"):
            yield _list("/rules", client_id=client_id, sort=sort)
    # What goes with what: a source's names stand together, at the end of all names.
    for sort in ("id", "name", "-severity", "updated_at"):
        yield _list("/rules", source="zookeeper", sort=sort)
    yield _list("/rules", name="ZookeeperDown", sort="source")
    yield _list("/rules", name="*", sort="-source")
    yield _list("/rules", severity="LOW", sort="-updated_at")
    yield _list("/rules", severity="CRITICAL", source="zookeeper", enabled="false", sort="name")
    yield _list("/rules", enabled="false", sort="source")
    yield _list("/rules", client_id=BIG, enabled="false", severity="*", sort="-name")
    for params in ({}, {"client_id": BIG}, {"source": "zookeeper"}, {"enabled": "false"}, {"severity": "LOW"}):
        yield _list("/rules/count", **params)


def _searches() -> Iterator[Interaction]:
    for search in ("zookeeperdown", "team", "tenant-000005", "call for tenant-000009", "zo", "a", "*", "nothing of it"):
        for sort in ("id", "-updated_at"):
            yield _list("/rules", search=search, sort=sort)
        yield _list("/rules/count", search=search)
    yield _list("/rules", search="team", client_id=SMALL, sort="name")
    yield _list("/rules", search="zookeeper", client_id=BIG, sort="name")
    yield _list("/rules", search="down", client_id=BIG, severity="*", sort="source")


def _endpoints(rule_id: str) -> Iterator[Interaction]:
    for sort in ("id", "client_id", "-type", "-updated_at"):
        yield _list("/endpoints", sort=sort)
    for health in ("ok", "failing", "open", "disabled"):
        yield _list("/endpoints", health=health)
        yield _list("/endpoints/count", health=health)
    yield _list("/endpoints", health="failing", client_id=BIG, sort="-updated_at")
    yield _list("/endpoints", type="slack", client_id=MIDDLE, sort="updated_at")
    for search in ("tenant-000500", "on-call", "hooks.slack", "on", "nothing of it"):
        yield _list("/endpoints", search=search)
    yield _list(f"/rules/{rule_id}/endpoints")


def _questions(rule_id: str) -> Iterator[Interaction]:
    yield _list(f"/rules/{rule_id}")
    for severity, source, name in (
        ("CRITICAL", "zookeeper", "ZookeeperDown"), ("LOW", "nothing", "Nothing"), ("HIGH", "apache-7", "ApacheDown"),
    ):  # fmt: skip
        alert = {"severity": severity, "source": source, "name": name, "near": True}
        yield Interaction(f"/match {severity} {source} {name}", "/match", body=alert)
        yield Interaction(f"/match {source} of the largest client", "/match", body=alert | {"client_id": BIG})
    for severity, source, name in (
        ("CRITICAL", "zookeeper", "*"), ("*", "*", "ZookeeperDown"), ("HIGH", "*", "*"), ("*", "nothing", "*"),
    ):  # fmt: skip
        pattern = {"severity": severity, "source": source, "name": name, "client_id": BIG}
        yield Interaction(f"/rules/overlaps {severity} {source} {name}", "/rules/overlaps", body=pattern)
    yield _list("/audit")
    yield _list("/audit", subject="key")
    yield _list("/audit", subject="rule", subject_id=rule_id)
    yield _list("/audit", subject="rule", page=20)
