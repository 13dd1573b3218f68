"""A deployment in which nothing is wrong, to break it in one place."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from alerting.doctor import facts as told
from alerting.doctor.facts import Facts, KafkaFacts, PostgresFacts, RedisFacts
from alerting.doctor.finding import Finding
from alerting.doctor.judgement import judge
from alerting.metrics.answers import TopicFigures
from alerting.metrics.trouble import NEEDED
from alerting.rule_set.base import BaseInfo
from alerting.runtime.topic_plan import FoundTopic, plan
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import GROUPS

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
VERSION = "1.2.3"
FAR = "db.example.com"
CONFIG = {"cleanup.policy": "delete", "retention.ms": "604800000", "min.insync.replicas": "2"}


def beat(service: str, **changes: object) -> told.Beat:
    usual = told.Beat(service, f"{service}-1", VERSION, 7 if service == "evaluator" else None, 0.0)
    return usual._replace(**changes)  # type: ignore[arg-type]


def healthy() -> Facts:
    """Return what a deployment on several machines says when all is well."""
    planned = plan(TopicSettings(topic_replication=3))
    topics = {
        topic.name: FoundTopic(topic.name, topic.partitions, 3, 3, 0, {**CONFIG, **topic.config}) for topic in planned
    }
    figures = [
        TopicFigures(topic=topic, group=group, partitions=9, written=10, lag=0, dead_letters=0)
        for topic, group in GROUPS.items()
    ]
    nothing = told.Waiting(0, 0.0)
    return Facts(
        postgres=PostgresFacts(
            server=told.Server(18, "alerting", "alerting", FAR, tls=True, superuser=False, read_only=False),
            skew=told.Skew(0.1, 0.01),
            unusable_tables=[],
            missing_extensions=[],
            migrations=told.Migrations(["0001", "0002"], ["0001", "0002"], under_way=False),
            connections=told.Connections(10, 97),
            vacuum=told.Vacuum(True, []),
            oldest_days=12.0,
            rules_version=7,
            outbox=nothing,
            overdue=nothing,
            unplanned=nothing,
            keys=[key("admin"), key("ingest")],
            mail_endpoints=True,
        ),
        redis=RedisFacts(
            server=told.RedisServer("Redis 7.4.2", primary=True, loading=False, in_slots=False),
            skew=told.Skew(-0.1, 0.01),
            memory=told.Memory("noeviction", 1 << 20, 1 << 30),
            persistence=told.Persistence(True, False, False),
            rules_version=7,
            base=BaseInfo(7, 3, 1_536, 1, "", 0, "h"),
            lease="rule-updater-1",
            beats=[beat(service) for service in (*NEEDED, "metrics")],
        ),
        kafka=KafkaFacts(3, topics, False, dict.fromkeys(GROUPS, 2), figures, {}),
        mail=told.MailServer("mail.example.com:587", starttls=True, trusted=True, login=True),
        ready={"http://ingest:8080": None},
        disk=told.Disk(50 << 30, 100 << 30),
        now=NOW,
        version=VERSION,
        redis_url=f"rediss://{FAR}:6379/0",
        kafka_servers=f"{FAR}:9092",
        kafka_protocol="sasl_ssl",
        planned_topics=planned,
        retention_days=30,
        smtp_login=True,
    )


def key(scope: str, name: str = "k", *, days: float | None = None, used: bool = True) -> told.Key:
    return told.Key("id", name, scope, None if days is None else NOW + timedelta(days=days), used)


Change = Callable[[Facts], object]
"""What goes wrong."""


def found(facts: Facts, check: str) -> Finding:
    """Return what one check finds."""
    return one(judge(facts), check)


def one(findings: Iterable[Finding], check: str) -> Finding:
    (finding,) = [each for each in findings if each.check == check]
    return finding
