"""What docs/runbooks and the pages beside them tell an operator to type, where what they are about is the matter.

A test is called after its page, and types its commands in their order: one that the test does not know, or that is
left over, is a failure.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from confluent_kafka import Producer
from redis import Redis

from alerting.events.v1 import AlertNew, Severity
from alerting.local.environment import write_environment
from alerting.local.ports import free_port
from alerting.local.services import SERVICES
from alerting.local.sinks import Sinks
from alerting.runtime.broker.kafka import client_properties
from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.heartbeat import Heartbeat
from alerting.runtime.migrate import known_migrations
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import ALERTS_NEW, TOPICS, dead_letter_topic
from alerting.runtime.topics_admin import create_topics
from fix_dead_letters import Refusals
from fix_delivery import Tenants
from fix_deployment import Deployment, deployed, make_platform, receiving, shell_env, webhook
from fix_guide import CHECKOUT, Page, commands, guide
from fix_http import bearer
from fix_process import eventually, running
from fix_servers import Platform

RUNBOOKS = sorted((CHECKOUT / "docs/runbooks").glob("Alerting*.md"))
OTHERS = {
    "test_before_the_first_runbook": "docs/runbooks/index.md",
    "test_upgrades": "docs/operations/upgrades.md",
    "test_monitoring": "docs/monitoring.md",
    "test_the_doctor": "docs/doctor.md",
}
ELSEWHERE = "docs/operations/backup-and-recovery.md"  # test_recovery.py

DOCTOR = "alerting doctor"
REJECTS = 'curl -sS -H "authorization: Bearer $ALERTING_API_KEY" "$ALERTING_URL/api/v1/rejects"'
FAILING = 'curl -sS -H "authorization: Bearer $ALERTING_API_KEY" "$ALERTING_URL/api/v1/metrics/failing"'
SHOWN = "01a208c8-9bc3-7249-aca4-4a690561b141"
SHOW = f"alerting notifications show {SHOWN}"
MATCH = "alerting rules match HIGH payments PaymentTimeout"

NOBODY = "127.0.0.1:1"
LATE = 10_001
"""Messages that wait: one more than the doctor lets pass."""


def page_of(test: str) -> str:
    """Return the page that a test is called after."""
    return OTHERS.get(test) or f"docs/runbooks/{''.join(map(str.title, test.split('_')[1:]))}.md"


def test_no_page_is_left_out() -> None:
    tested = {page_of(test) for test in globals() if test.startswith("test_alerting_") or test in OTHERS}
    operations = CHECKOUT.glob("docs/operations/*.md")
    wanted = {str(path.relative_to(CHECKOUT)) for path in (*RUNBOOKS, *operations) if commands(path.read_text())}
    assert wanted - tested == {ELSEWHERE}


def doctor(platform: Platform, **servers: str) -> "subprocess.Popen[str]":
    """Have the doctor look at a platform."""
    env = {**os.environ, **shell_env(platform, **servers)}
    return subprocess.Popen(DOCTOR.split(), env=env, stdout=subprocess.PIPE, text=True)


def answer(looking: "subprocess.Popen[str]") -> str:
    """Return what it says where something is wrong."""
    told, _ = looking.communicate(timeout=90)
    assert looking.returncode == 1
    return told


def finding(told: str, check: str) -> str:
    """Return the status of a check and what it found."""
    (line,) = [line for line in told.splitlines() if line.startswith(f"│ {check} ")]
    return ": ".join(part.strip() for part in line.strip("│").split("│")[1:])


@pytest.fixture(scope="module")
def well(kafka: str, postgres: str, valkey: str) -> Iterator[Deployment]:
    """A deployment in which all is well, but for receivers that are away."""
    platform = make_platform(kafka, postgres, valkey, "well", 5)
    create_topics(platform.settings(TopicSettings))
    with deployed(platform) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def in_vain(well: Deployment) -> Iterator["subprocess.Popen[str]"]:
    """The doctor where no server answers, for which it waits some seconds."""
    dsn = f"postgresql://alerting@{NOBODY}/alerting"
    servers = {"KAFKA_BOOTSTRAP_SERVERS": NOBODY, "POSTGRES_DSN": dsn, "REDIS_URL": f"redis://{NOBODY}/0"}
    with doctor(well.platform, **{f"ALERTING_{name}": address for name, address in servers.items()}) as looking:
        yield looking


@pytest.fixture(scope="module")
def nobody_answers(in_vain: "subprocess.Popen[str]") -> str:
    """What the doctor says there."""
    return answer(in_vain)


@pytest.fixture(scope="module")
def ill(kafka: str, postgres: str, valkey: str, in_vain: object) -> str:
    """What the doctor says where no service runs but an evaluator that is behind, and everything waits."""
    platform = make_platform(kafka, postgres, valkey, "ill", 6)
    create_topics(platform.settings(TopicSettings))
    tenants = Tenants(platform.dsn)
    tenants.rule("r1", ("webhook", "https://example.com/"))
    tenants.execute("UPDATE rules_version SET version = 5")
    tenants.execute(
        "INSERT INTO rule_changes (version, changes, created_at) VALUES (5, '[]', now() - interval '3 minutes')"
    )
    waiting = tenants.notification("a1", "r1", age=7_200)
    tenants.execute(
        "INSERT INTO deliveries (id, notification_id, endpoint_id, client_id, type, value, next_attempt_at)"
        " SELECT gen_random_uuid(), %s, id, client_id, type, value, now() - interval '1 hour' FROM endpoints",
        waiting,
    )
    old = tenants.notification("a0", "r1", age=40 * 86_400)
    tenants.execute("UPDATE notifications SET status = 'SENT', finished_at = now() WHERE id = %s", old)
    producer = Producer(client_properties(platform.settings(Settings)))
    for _ in range(LATE):
        producer.produce(platform.prefix + ALERTS_NEW, b"x")
    assert producer.flush(30) == 0
    Refusals(platform).write(b"x", topic=ALERTS_NEW)
    telemetry = Telemetry(SystemClock())
    telemetry.rules_version = 2
    with closing(Redis.from_url(platform.env["ALERTING_REDIS_URL"])) as redis:
        redis.set("rules:version", 3)
    Heartbeat(platform.settings(Settings, instance="behind"), "evaluator", telemetry, SystemClock()).beat()
    with doctor(platform) as looking:
        return answer(looking)


@pytest.fixture
def page(request: pytest.FixtureRequest, well: Deployment, tmp_path: Path) -> Iterator[Page]:
    """The page that the test is called after, all of whose commands it has to type."""
    text = guide(page_of(request.node.name))
    usual = {f"http://{name.upper()}:{spec.port}": name for name, spec in SERVICES.items()}
    page = Page(
        commands(text), tmp_path, {place: well.url(name) for place, name in usual.items() if name in well.services}
    )
    assert page.left
    yield page
    assert not page.left, "the page tells to type more"


@pytest.fixture
def new(kafka: str, postgres: str, valkey: str) -> Platform:
    """Servers without a schema and topics."""
    return make_platform(kafka, postgres, valkey, "new", 7, template="template1")


@pytest.fixture(scope="module")
def payments(well: Deployment) -> str:
    """A client that is to be told of what the pages ask about."""
    well.rule("payments")
    return "payments"


def test_before_the_first_runbook(page: Page, well: Deployment) -> None:
    page.types("export ALERTING_URL=http://RULE-SERVICE:8081", well.env)
    make = "export ALERTING_API_KEY=$(alerting keys create --scope admin --name on-call --expires-in 12h)"
    told = page.types(make, well.env, filled={"export ALERTING_API_KEY=": "echo "})
    key = told.split()[-1]
    for path in ("rejects", "integrations", "metrics/failing"):
        url = f"{well.url('rule-service')}/api/v1/{path}"
        assert httpx.get(url, headers=bearer(key)).status_code == 200


def test_alerting_alerts_refused(page: Page, well: Deployment) -> None:
    url = f"{well.url('ingest')}/api/v1/alerts"
    alert = {"severity": "SEVERE", "source": "s", "name": "n"}
    refused = httpx.post(url, json=alert, headers=bearer(well.env["ALERTING_API_KEY"]))
    assert refused.status_code == 422
    seen = f"{well.url('rule-service')}/api/v1/rejects"
    headers = bearer(well.env["ALERTING_API_KEY"])
    eventually(lambda: httpx.get(seen, headers=headers).json()["items"] != [], "it is told")
    told = json.loads(page.types(REJECTS, well.env))
    assert told["items"][0]["field"] == "severity"


def test_alerting_consumer_behind(page: Page, ill: str) -> None:
    page.tells(DOCTOR)
    assert finding(ill, "kafka.lag").startswith("warn: alerts.new 10,001,")
    assert finding(ill, "kafka.groups").startswith("fail: nobody reads alerts.new (evaluator)")


def test_alerting_consumer_lag_growing(page: Page, ill: str) -> None:
    page.tells(DOCTOR)
    assert "behind: alerts.new (evaluator)" in finding(ill, "kafka.lag")


def test_alerting_consumer_stuck(page: Page, well: Deployment, ill: str, new: Platform) -> None:
    with running("evaluator", well.platform.env, ALERTING_REDIS_URL=new.env["ALERTING_REDIS_URL"]) as evaluator:
        eventually(lambda: evaluator.readiness() is not None, "it answers")
        place = {"http://SERVICE:PORT": f"http://127.0.0.1:{evaluator.port}"}
        told = page.types("curl -sS http://SERVICE:PORT/readyz", well.env, filled=place)
    assert json.loads(told)["checks"] == {"rules": "unavailable", "kafka": "ok", "group": "unavailable"}
    page.tells(DOCTOR)
    assert "fail: nobody reads" in finding(ill, "kafka.groups")


def test_alerting_dead_letters(page: Page, well: Deployment) -> None:
    well.rule("letters")
    refusals = Refusals(well.platform)
    producer = Producer(client_properties(well.platform.settings(Settings)))
    producer.produce(well.platform.prefix + ALERTS_NEW, b"\xff\xff")
    assert producer.flush(20) == 0
    # As if it had been too long for the version of before.
    alert = AlertNew(alert_id="a1", schema_version=1, severity=Severity.HIGH, source="letters", name="Down")
    refusals.write(alert.SerializeToString(), topic=ALERTS_NEW, key=b"a1", reason="too_long")
    assert len(refusals.sent(2, dead_letter_topic(ALERTS_NEW))) == 2

    told = page.types("alerting dlq list --summary", well.env)
    assert re.search(r"alerts\.new +│ undecodable +│ 1 ", told)
    assert re.search(r"alerts\.new +│ too_long +│ 1 ", told)
    told = page.types("alerting dlq list --since 1h", well.env)
    (place,) = re.findall(r"alerts\.new +│ 0 +│ (\d+) .*│ undecodable ", told)
    told = page.types("alerting dlq show alerts.new 0 17", well.env, filled={"0 17": f"0 {place}"})
    assert "header dlq-reason: undecodable" in told
    assert "does not decode" in told

    told = page.types("alerting dlq replay alerts.new --reason too_long", well.env, answer="y\n")
    assert "Replay 1 dead letters of alerts.new?" in told
    eventually(lambda: len(well.status("letters")) == 1, "the alert that was replayed has been matched")
    assert refusals.run("drop", "alerts.new", "--all").returncode == 1  # it asks, and nobody answers
    assert "dropped 1" in page.types("alerting dlq drop alerts.new --all", well.env, answer="y\n")
    assert refusals.objects("list") == []


def test_alerting_deliveries_expired(page: Page, well: Deployment, sinks: Sinks) -> None:
    port = free_port()
    late = webhook(port, retry={"profile": "page"})
    well.rule("late", late)
    well.rule("half", late, {"type": "webhook", "value": sinks.webhook_url("half")})
    for client in ("late", "half"):
        well.alert(client)
    tried = (
        "SELECT count(*) FROM deliveries WHERE status = 'PENDING' AND attempts > 0 AND client_id IN ('late', 'half')"
    )
    eventually(lambda: well.rows(tried) == [(2,)], "one attempt of each has failed")
    well.rows("UPDATE deliveries SET expires_at = now(), next_attempt_at = now() WHERE status = 'PENDING'")
    eventually(lambda: well.status("late") + well.status("half") == [("FAILED",), ("PARTIAL",)], "they have expired")

    told = page.types("alerting notifications list --status FAILED --since 1d", well.env)
    (notification,) = re.findall(r"^│ (\S+) +│ late ", told, re.MULTILINE)
    assert "│ half " in page.types("alerting notifications list --status PARTIAL --since 1d", well.env)
    told = page.types(SHOW, well.env, filled={SHOWN: notification})
    (delivery,) = json.loads(told)["deliveries"]
    assert (delivery["status"], delivery["attempts"]) == ("EXPIRED", 1)
    with receiving(port):
        told = page.types("alerting notifications resend --status FAILED --since 1d", well.env, answer="y\n")
        assert "notifications again?" in told
        page.types("alerting notifications resend --status PARTIAL --since 1d", well.env, answer="y\n")
        eventually(lambda: well.status("late") + well.status("half") == 2 * [("SENT",)], "both arrive")
    assert len([each for each in sinks.arrivals if each.to == "/webhook/half"]) == 1


def test_alerting_deliveries_overdue(page: Page, well: Deployment, ill: str) -> None:
    assert '"status":"ready"' in page.types("curl -sS http://SENDER:8087/readyz", well.env)
    page.tells(DOCTOR)
    assert finding(ill, "deliveries.overdue").startswith("fail: 1 are due")
    assert "sender" in finding(ill, "services.alive")


def test_alerting_delivery_failures(page: Page, well: Deployment) -> None:
    port = free_port()
    well.rule("away", webhook(port))
    well.alert("away")
    eventually(lambda: well.status("away") == [("FAILED",)], "the attempts are used up")

    (receiver,) = [
        each for each in json.loads(page.types(FAILING, well.env))["receivers"] if each["client_id"] == "away"
    ]
    assert receiver["failures"] == 2
    assert receiver["last_error"]
    told = page.types("alerting notifications list --status FAILED --since 1h", well.env)
    (notification,) = re.findall(r"^│ (\S+) +│ away ", told, re.MULTILINE)
    told = page.types(SHOW, well.env, filled={SHOWN: notification})
    (delivery,) = json.loads(told)["deliveries"]
    assert [attempt["status_code"] for attempt in delivery["history"]] == [None, None]
    with receiving(port):
        page.types("alerting notifications resend --status FAILED --since 2h", well.env, answer="y\n")
        eventually(lambda: well.status("away") == [("SENT",)], "it arrives")


def test_alerting_first_attempts_late(page: Page, ill: str) -> None:
    page.tells(DOCTOR)
    assert "fail: no heartbeat of ingest, aggregator, sender" in finding(ill, "services.alive")
    assert finding(ill, "clocks.services").startswith("ok: ")


def test_alerting_ingest_error_budget_burn(page: Page, well: Deployment, nobody_answers: str) -> None:
    told = page.types("curl -sS http://INGEST:8080/readyz", well.env)
    assert json.loads(told)["checks"] == {"kafka": "ok", "postgres": "ok"}
    page.tells(DOCTOR)
    assert finding(nobody_answers, "postgres.reachable").startswith("fail: ")


def test_alerting_kafka_unavailable(page: Page, well: Deployment, nobody_answers: str, new: Platform) -> None:
    page.tells(DOCTOR)
    assert finding(nobody_answers, "kafka.reachable").startswith("fail: ")
    env = shell_env(new)
    told = page.types("alerting topics check", env, exits=1)
    assert f"{new.prefix}alerts.new is missing" in told.splitlines()
    told = page.types("alerting topics create", env)
    assert f"made {new.prefix}alerts.new" in told.splitlines()


def test_alerting_many_breakers_open(page: Page, well: Deployment) -> None:
    well.rule("shut", webhook(free_port()))
    for _ in range(6):
        well.alert("shut")
    opened = "SELECT open_until > now() FROM receivers WHERE client_id = 'shut' AND failures >= 10"
    eventually(lambda: well.rows(opened) == [(True,)], "ten attempts have failed")
    told = json.loads(page.types(FAILING, well.env))
    assert [each["open_until"] is None for each in told["receivers"] if each["client_id"] == "shut"] == [False]
    assert well.services["sender"].figure("alerting_open_breakers") == 1


def test_alerting_metrics_absent(page: Page, well: Deployment, ill: str) -> None:
    assert json.loads(page.types("curl -sS -m 5 http://METRICS:8083/healthz", well.env)) == {"status": "ok"}
    told = page.types("curl -sS -m 5 http://METRICS:8083/readyz", well.env)
    assert json.loads(told)["checks"] == {"kafka": "ok", "postgres": "ok", "redis": "ok"}
    page.tells(DOCTOR)
    assert finding(ill, "kafka.dead_letters") == "warn: 1 of alerts.new"
    assert "Reason" in page.types("alerting dlq list --summary", well.env)


def test_alerting_no_alerts_coming_in(page: Page, well: Deployment, payments: str) -> None:
    well.alert(payments)
    headers = bearer(well.env["ALERTING_API_KEY"])
    url = f"{well.url('rule-service')}/api/v1/integrations"

    def heard(told: Any) -> bool:
        return any(each["last_event_at"] for each in told["items"])

    eventually(lambda: heard(httpx.get(url, headers=headers).json()), "an integration was heard of")
    assert heard(json.loads(page.types(REJECTS.replace("rejects", "integrations"), well.env)))
    assert "items" in json.loads(page.types(REJECTS, well.env))
    assert re.search("the admin key .*│ valid ", page.types("alerting keys list", well.env))
    assert f"│ {payments} " in page.types(MATCH, well.env)


def test_alerting_nobody_writes_rules(page: Page, well: Deployment, ill: str) -> None:
    told = page.types("curl -sS http://RULE-UPDATER:8084/readyz", well.env)
    assert json.loads(told)["checks"]["redis"] == "ok"
    page.tells(DOCTOR)
    assert finding(ill, "rules.lease").startswith("fail: nobody holds it")


def test_alerting_outbox_not_drained(page: Page, well: Deployment, ill: str, new: Platform) -> None:
    told = page.types("curl -sS http://RULE-SERVICE:8081/readyz", well.env)
    assert json.loads(told)["checks"] == {"postgres": "ok", "kafka": "ok"}
    page.tells(DOCTOR)
    assert finding(ill, "outbox.lag").startswith("fail: 1 are not published")
    assert f"{new.prefix}rule.changed is missing" in page.types("alerting topics check", shell_env(new), exits=1)
    assert f"made {new.prefix}rule.changed" in page.types("alerting topics create", shell_env(new))


def test_alerting_postgres_unavailable(page: Page, nobody_answers: str, new: Platform) -> None:
    page.tells(DOCTOR)
    assert finding(nobody_answers, "postgres.reachable").startswith("fail: ")
    told = page.types("alerting migrate", shell_env(new))
    assert told.splitlines() == [f"applied {name}" for name in known_migrations()]


def test_alerting_redis_unavailable(page: Page, nobody_answers: str) -> None:
    page.tells(DOCTOR)
    assert finding(nobody_answers, "redis.reachable").startswith("fail: ")


def test_alerting_retention_not_running(page: Page, ill: str) -> None:
    page.tells(DOCTOR)
    assert finding(ill, "postgres.retention").startswith("warn: the oldest finished notification is 40.0 days old")
    assert finding(ill, "postgres.role").startswith("ok: ")
    assert finding(ill, "postgres.vacuum").startswith("ok: ")


def test_alerting_rule_versions_apart(page: Page, well: Deployment, ill: str, payments: str) -> None:
    page.tells(DOCTOR)
    assert finding(ill, "services.rules") == "warn: the newest is 3; behind has 2"
    assert f"│ {payments} " in page.types(MATCH, well.env)


def test_alerting_rules_stale(page: Page, ill: str) -> None:
    page.tells(DOCTOR)
    assert finding(ill, "rules.base").startswith("fail: there is no rule set")
    assert finding(ill, "rules.version") == "warn: Redis has 3, PostgreSQL has 5"


def test_alerting_service_down(page: Page, ill: str, new: Platform) -> None:
    page.tells(DOCTOR)
    missing = "ingest, aggregator, sender, rule-service, rule-updater"
    assert finding(ill, "services.alive") == f"fail: no heartbeat of {missing}"
    assert f"applied {known_migrations()[-1]}" in page.types("alerting migrate", shell_env(new))
    assert f"made {new.prefix}alerts.new" in page.types("alerting topics create", shell_env(new))


def test_alerting_target_down(page: Page, well: Deployment) -> None:
    place = {"http://HOST:PORT": well.url("aggregator")}
    told = page.types("curl -sS -m 5 http://HOST:PORT/healthz", well.env, filled=place)
    assert json.loads(told) == {"status": "ok"}
    port = str(well.services["aggregator"].port)
    assert page.types("alerting health", {**well.env, "ALERTING_PORT": port}) == ""


def at_once(command: str, env: Mapping[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(command.split(), env={**os.environ, **env}, stdout=subprocess.PIPE, text=True)


def test_upgrades(page: Page, new: Platform) -> None:
    env = shell_env(new)
    for command, wanted in (
        ("alerting migrate", [f"applied {name}" for name in known_migrations()]),
        (
            "alerting topics create",
            [f"made {new.prefix}{name}" for name in (*TOPICS, *(f"{each}.dlq" for each in TOPICS))],
        ),
    ):
        with at_once(command, env) as other:  # from a second machine
            told = page.types(command, env)
            lines = [*told.splitlines(), *(other.communicate()[0].splitlines())]
        assert other.returncode == 0
        assert sorted(line for line in lines if line != "nothing to do") == sorted(wanted)


def test_monitoring(page: Page, well: Deployment, program: Callable[[str], str]) -> None:
    (page.folder / "deploy").symlink_to(CHECKOUT / "deploy")
    address = "https://docs.example.org/runbooks/"
    put_before = (
        f"sed 's|runbook_url: runbooks/|runbook_url: {address}|' deploy/grafana/rules/alerting.yaml > alerting.yaml"
    )
    page.types(put_before, well.env)
    urls = re.findall("runbook_url: (.*)", (page.folder / "alerting.yaml").read_text())
    assert urls
    assert all(url.startswith(f"{address}Alerting") for url in urls)
    (config,) = re.findall(r"```yaml\n(.*?)```", guide("docs/monitoring.md"), re.DOTALL)
    (page.folder / "prometheus.yml").write_text(config)
    check = [program("promtool"), "check", "config", "prometheus.yml"]
    done = subprocess.run(check, cwd=page.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_doctor(page: Page, well: Deployment, ill: str) -> None:
    env = well.env
    page.tells(DOCTOR)
    assert finding(ill, "services.alive").startswith("fail: ")
    data = page.folder / ".local/share/alerting"
    data.mkdir(parents=True)
    write_environment(data, well.platform.env)
    alone = {"PATH": env["PATH"], "COLUMNS": env["COLUMNS"], "HOME": str(page.folder)}
    told = page.types("alerting doctor --data-dir ~/.local/share/alerting", alone)
    assert finding(told, "services.alive").startswith("ok: ")
    place = {"http://rules:8081": well.url("rule-service")}
    told = page.types("alerting doctor --url http://rules:8081", env, filled=place)
    assert finding(told, "services.ready") == f"ok: {well.url('rule-service')}"
    rows = [json.loads(line) for line in page.types("alerting doctor --json", env).splitlines()]
    assert {tuple(row) for row in rows} == {("check", "status", "found", "advice")}
