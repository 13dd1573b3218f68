"""What is made of the facts: everything well, each thing wrong, and nothing known."""

import re
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_network

import pytest
import typer

from alerting.cli.main import app
from alerting.doctor import facts as told
from alerting.doctor.answer import Unknown
from alerting.doctor.catalog import CHECKS
from alerting.doctor.facts import Facts
from alerting.doctor.judgement import JUDGES, judge
from alerting.metrics.trouble import NEEDED
from fix_doctor import FAR, Change, beat, found, healthy, key


def test_every_check_is_judged() -> None:
    assert JUDGES.keys() == CHECKS.keys()


def test_all_is_well() -> None:
    findings = judge(healthy())
    assert [finding.check for finding in findings] == list(CHECKS)
    assert {finding.check: finding.found for finding in findings if finding.status != "ok"} == {}
    assert {finding.advice for finding in findings} == {""}


def test_where_nothing_is_known_nothing_is_said_to_be_well() -> None:
    findings = judge(Facts())
    stand = {finding.check: finding.status for finding in findings}
    failed = {"postgres.reachable", "redis.reachable", "kafka.reachable", "mail.server"}
    assert {check for check, status in stand.items() if status == "fail"} == failed
    good = {"settings.values", "settings.unknown", "kafka.tls", "redis.tls", "delivery.addresses"}
    assert {check for check, status in stand.items() if status == "ok"} <= good
    assert all(finding.found for finding in findings)


def server(**changes: object) -> Change:
    def change(facts: Facts) -> None:
        assert isinstance(facts.postgres.server, told.Server)
        facts.postgres.server = facts.postgres.server._replace(**changes)  # type: ignore[arg-type]

    return change


def redis_server(**changes: object) -> Change:
    def change(facts: Facts) -> None:
        assert isinstance(facts.redis.server, told.RedisServer)
        facts.redis.server = facts.redis.server._replace(**changes)  # type: ignore[arg-type]

    return change


def put(part: object, changes: Mapping[str, object]) -> None:
    for name, value in changes.items():
        assert hasattr(part, name)
        setattr(part, name, value)


def postgres(**changes: object) -> Change:
    return lambda facts: put(facts.postgres, changes)


def redis(**changes: object) -> Change:
    return lambda facts: put(facts.redis, changes)


def kafka(**changes: object) -> Change:
    return lambda facts: put(facts.kafka, changes)


def given(**changes: object) -> Change:
    return lambda facts: put(facts, changes)


def topic(**changes: object) -> Change:
    """Change every topic."""

    def change(facts: Facts) -> None:
        assert not isinstance(facts.kafka.topics, Unknown)
        facts.kafka.topics = {
            name: replace(each, **changes)  # type: ignore[arg-type]
            for name, each in facts.kafka.topics.items()
        }

    return change


def config(**changes: str) -> Change:
    """Change a setting of every topic."""

    def change(facts: Facts) -> None:
        assert not isinstance(facts.kafka.topics, Unknown)
        more = {name.replace("_", "."): value for name, value in changes.items()}
        facts.kafka.topics = {
            name: replace(each, config={**each.config, **more}) for name, each in facts.kafka.topics.items()
        }

    return change


def figures(**changes: int) -> Change:
    def change(facts: Facts) -> None:
        assert not isinstance(facts.kafka.figures, Unknown)
        first, *others = facts.kafka.figures
        facts.kafka.figures = [first.model_copy(update=changes), *others]

    return change


def beats(*more: told.Beat) -> Change:
    """Put heartbeats in the place of those of the same service."""

    def change(facts: Facts) -> None:
        assert not isinstance(facts.redis.beats, Unknown)
        named = {each.service for each in more}
        facts.redis.beats = [*more, *(each for each in facts.redis.beats if each.service not in named)]

    return change


def mail(**changes: object) -> Change:
    def change(facts: Facts) -> None:
        assert isinstance(facts.mail, told.MailServer)
        facts.mail = facts.mail._replace(**changes)  # type: ignore[arg-type]

    return change


def both(first: Change, second: Change) -> Change:
    return lambda facts: (first(facts), second(facts))


GAP = Unknown("no")
WRONG: list[tuple[str, Change, str, str]] = [
    (
        "settings.values",
        given(settings=told.SettingsFacts([told.Fault("ALERTING_PORT", "bad")])),
        "fail",
        "ALERTING_PORT: bad",
    ),
    (
        "settings.unknown",
        given(settings=told.SettingsFacts(unread=[told.Unread("ALERTING_PROT", "ALERTING_PORT")])),
        "warn",
        "ALERTING_PROT (is ALERTING_PORT meant?)",
    ),
    ("postgres.reachable", postgres(server=Unknown("connection refused")), "fail", "connection refused"),
    ("postgres.reachable", server(version=13), "warn", "PostgreSQL 13"),
    ("postgres.writable", server(read_only=True), "fail", "copy"),
    ("postgres.tls", server(tls=False), "warn", "in the clear"),
    ("postgres.role", postgres(unusable_tables=["rules"]), "fail", "rules"),
    ("postgres.role", server(superuser=True), "warn", "superuser"),
    ("postgres.extensions", postgres(missing_extensions=["pg_trgm"]), "fail", "pg_trgm"),
    ("postgres.migrations", postgres(migrations=told.Migrations(["1", "2"], ["1"], False)), "fail", "not applied: 2"),
    ("postgres.migrations", postgres(migrations=told.Migrations(["1"], ["1", "2"], False)), "warn", "newer version: 2"),
    ("postgres.migrations", postgres(migrations=told.Migrations(["1"], [], True)), "warn", "under way"),
    ("postgres.connections", postgres(connections=told.Connections(80, 97)), "warn", "80 of 97"),
    ("postgres.connections", postgres(connections=told.Connections(95, 97)), "fail", "95 of 97"),
    ("postgres.vacuum", postgres(vacuum=told.Vacuum(False, [])), "fail", "off"),
    ("postgres.vacuum", postgres(vacuum=told.Vacuum(True, ["deliveries"])), "warn", "deliveries"),
    ("postgres.retention", postgres(oldest_days=31.5), "warn", "31.5"),
    ("redis.reachable", redis(server=Unknown("timed out")), "fail", "timed out"),
    ("redis.reachable", redis_server(version="Redis 5.0.7"), "warn", "Redis 5.0.7"),
    ("redis.writable", redis_server(primary=False), "fail", "copy"),
    ("redis.writable", redis_server(in_slots=True), "fail", "slots"),
    ("redis.writable", redis_server(loading=True), "warn", "loads"),
    ("redis.tls", given(redis_url=f"redis://{FAR}/0"), "warn", "in the clear"),
    ("redis.persistence", redis(persistence=told.Persistence(True, True, True)), "fail", "failed"),
    ("redis.persistence", redis(persistence=told.Persistence(False, True, False)), "warn", "snapshots"),
    ("redis.persistence", redis(persistence=told.Persistence(False, False, False)), "warn", "nothing is written"),
    ("redis.persistence", redis(persistence=told.Persistence(False, None, False)), "skipped", "does not tell"),
    ("redis.memory", redis(memory=told.Memory("allkeys-lru", 1, 0)), "fail", "allkeys-lru"),
    ("redis.memory", redis(memory=told.Memory("volatile-ttl", 1, 0)), "warn", "volatile-ttl"),
    ("redis.memory", redis(memory=told.Memory("noeviction", 95, 100)), "warn", "noeviction"),
    ("rules.base", redis(base=None), "fail", "no rule set"),
    ("rules.base", redis(base=Unknown("base 7 has another checksum")), "fail", "checksum"),
    ("rules.version", redis(rules_version=None), "fail", "none"),
    ("rules.version", redis(rules_version=6), "warn", "Redis has 6, PostgreSQL has 7"),
    ("rules.version", postgres(rules_version=500), "fail", "500"),
    ("rules.version", redis(rules_version=8), "fail", "restored"),
    ("rules.lease", redis(lease=None), "fail", "nobody"),
    ("kafka.reachable", kafka(brokers=Unknown("Broker transport failure")), "fail", "transport"),
    ("kafka.tls", given(kafka_protocol="plaintext"), "warn", "in the clear"),
    ("kafka.topics", kafka(topics={}), "fail", "alerts.new is missing"),
    ("kafka.topics", topic(partitions=2), "fail", "alerts.new has 2 partitions, not 9"),
    ("kafka.topics", config(cleanup_policy="compact"), "fail", "cleanup.policy=compact"),
    ("kafka.replicas", topic(leaderless=1), "fail", "without a leader"),
    ("kafka.replicas", topic(in_sync=2), "warn", "behind"),
    ("kafka.replicas", topic(replication=1, in_sync=1), "warn", "one copy only"),
    ("kafka.replicas", config(min_insync_replicas="1"), "warn", "acknowledgement"),
    ("kafka.retention", config(retention_ms="1000"), "warn", "less than a day"),
    ("kafka.retention", config(retention_ms="-1"), "warn", "longer than notifications"),
    ("kafka.retention", config(retention_ms="2678400000"), "warn", "longer than notifications"),
    ("kafka.retention", topic(config={}), "skipped", "does not tell"),
    ("kafka.auto_create", kafka(auto_create=True), "warn", "whatever"),
    ("kafka.groups", kafka(members={"alerts.new": 0, "rule.changed": 1}), "fail", "alerts.new (evaluator)"),
    ("kafka.lag", figures(lag=10_001), "warn", "behind: alerts.new (evaluator)"),
    ("kafka.dead_letters", figures(dead_letters=3), "warn", "3 of alerts.new"),
    (
        "kafka.dead_letters",
        both(figures(dead_letters=3), kafka(handled_letters=GAP)),
        "warn",
        "some may be done with: no",
    ),
    ("keys.admin", postgres(keys=[key("ingest")]), "fail", "no valid admin key"),
    ("keys.admin", postgres(keys=[key("admin", "root", days=3)]), "warn", "root (admin, 2026-11-27 12:00)"),
    ("keys.ingest", postgres(keys=[key("admin")]), "warn", "no valid key"),
    ("keys.expiring", postgres(keys=[key("client:acme", "acme's", days=13)]), "warn", "acme's"),
    ("clocks.postgres", postgres(skew=told.Skew(2.0, 0.1)), "warn", "2.000 s ahead"),
    ("clocks.postgres", postgres(skew=told.Skew(-31.0, 0.1)), "fail", "31.000 s behind"),
    ("clocks.redis", redis(skew=told.Skew(-2.0, 0.1)), "warn", "behind"),
    ("clocks.services", beats(beat("evaluator", skew=4.0)), "warn", "evaluator-1 4.000 s ahead"),
    ("clocks.services", beats(beat("evaluator", skew=-40.0)), "fail", "behind"),
    ("services.alive", redis(beats=[]), "fail", "ingest, evaluator"),
    ("services.alive", redis(beats=[beat(service) for service in NEEDED]), "warn", "metrics"),
    ("services.versions", beats(beat("sender", version="1.2.2")), "warn", "sender sender-1 is 1.2.2"),
    ("services.versions", redis(beats=[]), "skipped", "no process"),
    ("services.rules", beats(beat("evaluator", rules_version=6)), "warn", "evaluator-1 has 6"),
    ("services.rules", beats(beat("evaluator", rules_version=None)), "fail", "evaluator-1 has none"),
    ("services.rules", redis(beats=[]), "skipped", "no evaluator"),
    ("services.ready", given(ready={"http://a": "answers 503: kafka"}), "fail", "http://a answers 503: kafka"),
    ("services.ready", given(ready={"http://a": Unknown("refused")}), "fail", "http://a refused"),
    ("services.ready", given(ready={}), "skipped", "--url"),
    ("deliveries.overdue", postgres(overdue=told.Waiting(3, 70.0)), "warn", "3 are due, the oldest for 70 s"),
    ("deliveries.overdue", postgres(overdue=told.Waiting(10_001, 901.0)), "fail", "more than 10,000"),
    ("deliveries.unplanned", postgres(unplanned=told.Waiting(2, 400.0)), "fail", "2 wait"),
    ("outbox.lag", postgres(outbox=told.Waiting(1, 31.0)), "fail", "1 are not published"),
    ("mail.server", given(mail=Unknown("refused")), "fail", "refused"),
    ("mail.server", both(given(mail=Unknown("refused")), postgres(mail_endpoints=False)), "skipped", "no enabled"),
    ("mail.server", both(given(smtp_starttls="always"), mail(starttls=False)), "fail", "does not offer STARTTLS"),
    ("mail.server", mail(trusted=False), "fail", "certificate"),
    ("mail.server", mail(login=False), "fail", "nobody log in"),
    ("mail.server", mail(starttls=False), "fail", "a password is not sent without"),
    ("mail.server", given(smtp_starttls="never"), "warn", "in the clear"),
    ("mail.server", given(mail=told.SesAccount(False, False)), "fail", "does not let"),
    ("mail.server", given(mail=told.SesAccount(True, True)), "warn", "sandbox"),
    ("delivery.addresses", given(allowed_networks=[ip_network("0.0.0.0/0")]), "fail", "nearly everything"),
    ("delivery.addresses", given(allowed_networks=[ip_network("169.254.0.0/16")]), "fail", "metadata"),
    ("delivery.addresses", given(allowed_networks=[ip_network("127.0.0.0/8")]), "warn", "own machine"),
    ("delivery.addresses", given(settings=told.SettingsFacts(insecure_endpoints=True)), "warn", "without TLS"),
    ("local.disk", given(disk=told.Disk(5 << 30, 100 << 30)), "warn", "5.0 of 100.0 GiB"),
    ("local.disk", given(disk=told.Disk(100 << 20, 100 << 30)), "fail", "0.1 of 100.0 GiB"),
]


@pytest.mark.parametrize(("check", "change", "status", "text"), WRONG, ids=[f"{row[0]}-{row[3]}" for row in WRONG])
def test_what_is_wrong_is_told(check: str, change: Change, status: str, text: str) -> None:
    facts = healthy()
    change(facts)
    finding = found(facts, check)
    assert (finding.status, text in finding.found) == (status, True), finding
    assert bool(finding.advice) == (status in {"warn", "fail"})


def test_every_check_has_something_that_it_finds_wrong() -> None:
    assert {row[0] for row in WRONG if row[2] in {"warn", "fail"}} == CHECKS.keys()


FINE: list[tuple[str, Change]] = [
    ("postgres.tls", server(tls=False, host="127.0.0.1")),
    ("postgres.tls", server(tls=False, host="/run/postgresql")),
    ("postgres.role", server(superuser=True, host="localhost")),
    ("postgres.retention", postgres(oldest_days=None)),
    ("postgres.retention", both(postgres(oldest_days=900.0), given(retention_days=0))),
    ("redis.reachable", redis_server(version="Valkey 9.1.2, as Redis 7.2.4")),
    ("redis.tls", given(redis_url="redis://127.0.0.1:6379/0")),
    ("redis.tls", given(redis_url="unix:///run/redis")),
    ("kafka.tls", given(kafka_protocol="plaintext", kafka_servers="127.0.0.1:9092, [::1]:9092")),
    ("kafka.replicas", both(topic(replication=1, in_sync=1), kafka(brokers=1))),
    ("kafka.retention", both(config(retention_ms="-1"), given(retention_days=0))),
    ("kafka.dead_letters", both(figures(dead_letters=3), kafka(handled_letters={"alerts.new": 3}))),
    ("keys.expiring", postgres(keys=[key("client:acme", days=1, used=False)])),
    ("keys.admin", postgres(keys=[key("admin", days=3), key("admin")])),
    ("clocks.postgres", postgres(skew=told.Skew(3.0, 2.5))),
    ("clocks.services", beats(beat("evaluator", skew=1.2))),
    ("outbox.lag", postgres(outbox=told.Waiting(5, 2.0))),
    ("mail.server", both(given(smtp_login=False), mail(starttls=False, login=False))),
    ("mail.server", given(mail=told.SesAccount(True, False))),
    ("delivery.addresses", given(allowed_networks=[ip_network("10.20.0.0/16")])),
]


@pytest.mark.parametrize(("check", "change"), FINE, ids=[f"{number}-{row[0]}" for number, row in enumerate(FINE)])
def test_what_only_looks_wrong_is_fine(check: str, change: Change) -> None:
    facts = healthy()
    change(facts)
    assert found(facts, check).status == "ok"


def test_commands_of_ours_that_are_advised_are_there() -> None:
    root = typer.main.get_command(app)
    advised = {text for check in CHECKS.values() for text in re.findall(r"`alerting ([^`<]+)", check.remedy)}
    assert len(advised) > 10
    for text in advised:
        command = root
        for word in text.split():
            if not word.startswith("--") and hasattr(command, "commands"):
                command = command.commands[word]
            elif word.startswith("--"):
                assert word in {option for each in command.params for option in each.opts}, text
