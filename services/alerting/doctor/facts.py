"""All that was found out, for the checks to judge. What nobody answered is `Unknown`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from alerting.doctor.answer import OUT_OF_TIME, Unknown
from alerting.metrics.answers import TopicFigures
from alerting.rule_set.base import BaseInfo
from alerting.runtime.topic_plan import FoundTopic, PlannedTopic
from alerting.sender.addresses import Network


class Skew(NamedTuple):
    """How far another clock is from this machine's, in seconds."""

    offset: float
    """Positive when the other one is ahead."""
    within: float
    """How wrong that may be."""


class Waiting(NamedTuple):
    """What waits."""

    number: int
    """Up to 10,001."""
    seconds: float
    """For how long the oldest has."""


class Server(NamedTuple):
    """The database's server, and what we are there."""

    version: int
    role: str
    database: str
    host: str
    tls: bool
    superuser: bool
    read_only: bool


class Migrations(NamedTuple):
    """Names of migrations."""

    known: Sequence[str]
    applied: Sequence[str]
    under_way: bool


class Connections(NamedTuple):
    """How many there are, and may be."""

    used: int
    most: int


class Vacuum(NamedTuple):
    """How tables are kept small."""

    on: bool
    bloated: Sequence[str]


class Key(NamedTuple):
    """An API key that works now."""

    id: str
    name: str
    scope: str
    expires_at: datetime | None
    used: bool
    """In the last 30 days."""


@dataclass
class PostgresFacts:
    """What the database said."""

    server: Server | Unknown = OUT_OF_TIME
    skew: Skew | Unknown = OUT_OF_TIME
    unusable_tables: Sequence[str] | Unknown = OUT_OF_TIME
    missing_extensions: Sequence[str] | Unknown = OUT_OF_TIME
    migrations: Migrations | Unknown = OUT_OF_TIME
    connections: Connections | Unknown = OUT_OF_TIME
    vacuum: Vacuum | Unknown = OUT_OF_TIME
    oldest_days: float | Unknown | None = OUT_OF_TIME
    """Since the oldest finished notification was recorded; None when there is none."""
    rules_version: int | Unknown = OUT_OF_TIME
    outbox: Waiting | Unknown = OUT_OF_TIME
    overdue: Waiting | Unknown = OUT_OF_TIME
    unplanned: Waiting | Unknown = OUT_OF_TIME
    keys: Sequence[Key] | Unknown = OUT_OF_TIME
    mail_endpoints: bool | Unknown = OUT_OF_TIME


class Memory(NamedTuple):
    """Redis's memory."""

    policy: str
    used: int
    most: int
    """0 when there is no limit."""


class Persistence(NamedTuple):
    """What of Redis survives a restart."""

    log: bool
    """It writes an append-only file."""
    snapshots: bool | None
    """It saves now and then; None when it does not tell."""
    failing: bool
    """The last write or save failed."""


class RedisServer(NamedTuple):
    """The server of the rule set."""

    version: str
    primary: bool
    loading: bool
    in_slots: bool


class Beat(NamedTuple):
    """A service's heartbeat."""

    service: str
    instance: str
    version: str
    rules_version: int | None
    skew: float
    """Seconds that its machine's clock is ahead of Redis's."""


@dataclass
class RedisFacts:
    """What Redis said."""

    server: RedisServer | Unknown = OUT_OF_TIME
    skew: Skew | Unknown = OUT_OF_TIME
    memory: Memory | Unknown = OUT_OF_TIME
    persistence: Persistence | Unknown = OUT_OF_TIME
    rules_version: int | Unknown | None = OUT_OF_TIME
    base: BaseInfo | Unknown | None = OUT_OF_TIME
    """Opened, and found to be sound."""
    lease: str | Unknown | None = OUT_OF_TIME
    beats: Sequence[Beat] | Unknown = OUT_OF_TIME


@dataclass
class KafkaFacts:
    """What the broker said."""

    brokers: int | Unknown = OUT_OF_TIME
    topics: Mapping[str, FoundTopic] | Unknown = OUT_OF_TIME
    auto_create: bool | Unknown = OUT_OF_TIME
    members: Mapping[str, int] | Unknown = OUT_OF_TIME
    """By topic, without the prefix."""
    figures: Sequence[TopicFigures] | Unknown = OUT_OF_TIME
    handled_letters: Mapping[str, int] | Unknown = OUT_OF_TIME


class MailServer(NamedTuple):
    """What a mail server offers."""

    name: str
    starttls: bool
    trusted: bool
    """Its certificate is good; also where there is no STARTTLS."""
    login: bool


class SesAccount(NamedTuple):
    """What Amazon SES says of the account."""

    may_send: bool
    sandbox: bool


class Fault(NamedTuple):
    """A setting that cannot be read."""

    variable: str
    why: str


class Unread(NamedTuple):
    """A variable or file that nobody reads."""

    name: str
    meant: str | None
    """What it was probably meant to be."""


@dataclass
class SettingsFacts:
    """What is set."""

    faults: Sequence[Fault] = ()
    unread: Sequence[Unread] = ()
    insecure_endpoints: bool = False


class Disk(NamedTuple):
    """Bytes."""

    free: int
    size: int


@dataclass
class Facts:
    """Everything."""

    settings: SettingsFacts = field(default_factory=SettingsFacts)
    postgres: PostgresFacts = field(default_factory=PostgresFacts)
    redis: RedisFacts = field(default_factory=RedisFacts)
    kafka: KafkaFacts = field(default_factory=KafkaFacts)
    mail: MailServer | SesAccount | Unknown = OUT_OF_TIME
    ready: dict[str, str | Unknown | None] = field(default_factory=dict)
    """By address: None when it is ready, else what it said."""
    disk: Disk | Unknown = field(default_factory=lambda: Unknown("no --data-dir is given"))
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    version: str = ""
    """Of this command."""
    redis_url: str = ""
    kafka_servers: str = ""
    kafka_protocol: str = "plaintext"
    planned_topics: Sequence[PlannedTopic] = ()
    retention_days: int = 0
    allowed_networks: Sequence[Network] = ()
    smtp_login: bool = False
    """Whether the settings have a password for the mail server."""
    smtp_starttls: str = "auto"
