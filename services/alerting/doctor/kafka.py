"""The checks of the broker."""

from collections.abc import Callable, Mapping
from typing import Final

from alerting.doctor.answer import Unknown, known
from alerting.doctor.facts import Facts
from alerting.doctor.finding import Finding, fail, ok, skipped, warn
from alerting.doctor.postgres import is_here
from alerting.runtime.topic_plan import MIN_INSYNC, differences
from alerting.runtime.topics import GROUPS

RETENTION: Final = "retention.ms"
MUCH_LAG: Final = 10_000
_DAY: Final = 86_400_000
_COPIES: Final = 3


def reachable(facts: Facts) -> Finding:
    """Judge whether a broker lets us in."""
    brokers = facts.kafka.brokers
    if isinstance(brokers, Unknown):
        return fail("kafka.reachable", brokers.because)
    return ok("kafka.reachable", f"{brokers} broker{'s' * (brokers != 1)}")


def tls(facts: Facts) -> Finding:
    """Judge whether others can listen."""
    if facts.kafka_protocol.endswith("ssl"):
        return ok("kafka.tls", "the connection is encrypted")
    hosts = [address.strip().rpartition(":")[0].strip("[]") for address in facts.kafka_servers.split(",")]
    if all(map(is_here, hosts)):
        return ok("kafka.tls", "the broker is on this machine")
    return warn("kafka.tls", "alerts cross the network in the clear")


def topics(facts: Facts) -> Finding:
    """Judge whether the topics are as asked for."""
    lines = differences(facts.planned_topics, known(facts.kafka.topics))
    if lines:
        return fail("kafka.topics", "; ".join(lines))
    return ok("kafka.topics", f"{len(facts.planned_topics)} topics, as asked for")


def replicas(facts: Facts) -> Finding:
    """Judge whether a broker that is lost takes messages with it."""
    found, brokers = known(facts.kafka.topics).values(), known(facts.kafka.brokers)
    leaderless = [topic.name for topic in found if topic.leaderless]
    if leaderless:
        return fail("kafka.replicas", f"partitions without a leader: {', '.join(leaderless)}")
    behind = [topic.name for topic in found if topic.in_sync < topic.replication]
    if behind:
        return warn("kafka.replicas", f"copies are missing or behind: {', '.join(behind)}")
    single = [topic.name for topic in found if topic.replication == 1] if brokers > 1 else []
    if single:
        return warn(
            "kafka.replicas",
            f"there is one copy only, on one of {brokers} brokers: {', '.join(single)}",
            "`kafka-reassign-partitions.sh` makes more copies; new topics have ALERTING_TOPIC_REPLICATION",
        )
    alone = [topic.name for topic in found if topic.replication >= _COPIES and topic.config.get(MIN_INSYNC) == "1"]
    if alone:
        return warn(
            "kafka.replicas",
            f"one broker's acknowledgement is enough: {', '.join(alone)}",
            "`kafka-configs.sh --alter --entity-type topics --entity-name <topic> --add-config min.insync.replicas=2`",
        )
    return ok(
        "kafka.replicas", f"every partition has a leader and {min((t.replication for t in found), default=0)} copies"
    )


def retention(facts: Facts) -> Finding:
    """Judge for how long messages are kept."""
    found = {
        topic.name: int(topic.config[RETENTION])
        for topic in known(facts.kafka.topics).values()
        if RETENTION in topic.config
    }
    if not found:
        return skipped("kafka.retention", "the broker does not tell its settings")
    short = [name for name, kept in found.items() if 0 <= kept < _DAY]
    if short:
        return warn("kafka.retention", f"kept for less than a day: {', '.join(short)}")
    keep = facts.retention_days * _DAY
    # A message that is read again after its notification was removed is a new one. Dead letters are read by hand.
    long = [name for name, kept in found.items() if keep and not 0 <= kept <= keep and not name.endswith(".dlq")]
    if long:
        return warn(
            "kafka.retention", f"kept for longer than notifications are, so that they may repeat: {', '.join(long)}"
        )
    return ok("kafka.retention", "messages are kept for a day at least, and not for longer than notifications")


def auto_create(facts: Facts) -> Finding:
    """Judge whether topics are only made on purpose."""
    if known(facts.kafka.auto_create):
        return warn("kafka.auto_create", "the broker makes whatever topic is asked for")
    return ok("kafka.auto_create", "the broker makes no topics by itself")


_CONSUMERS: Final = {topic: group.removesuffix("-group") for topic, group in GROUPS.items()}


def groups(facts: Facts) -> Finding:
    """Judge whether every topic is read."""
    members = known(facts.kafka.members)
    missing = [f"{topic} ({_CONSUMERS[topic]})" for topic, number in members.items() if not number]
    if missing:
        return fail("kafka.groups", f"nobody reads {', '.join(missing)}")
    return ok("kafka.groups", ", ".join(f"{_CONSUMERS[topic]} {number}" for topic, number in members.items()))


def lag(facts: Facts) -> Finding:
    """Judge whether the services keep up."""
    figures = known(facts.kafka.figures)
    found = ", ".join(f"{each.topic} {each.lag:,}" for each in figures)
    slow = [f"{each.topic} ({_CONSUMERS[each.topic]})" for each in figures if each.lag > MUCH_LAG]
    return warn("kafka.lag", f"{found}; behind: {', '.join(slow)}") if slow else ok("kafka.lag", found)


def dead_letters(facts: Facts) -> Finding:
    """Judge whether messages were refused."""
    figures, handled = known(facts.kafka.figures), facts.kafka.handled_letters
    done: Mapping[str, int] = {} if isinstance(handled, Unknown) else handled
    waiting = {each.topic: each.dead_letters - done.get(each.topic, 0) for each in figures}
    found = ", ".join(f"{number:,} of {topic}" for topic, number in waiting.items() if number > 0)
    if not found:
        return ok("kafka.dead_letters", "none wait")
    unsure = f" (some may be done with: {handled.because})" if isinstance(handled, Unknown) else ""
    return warn("kafka.dead_letters", found + unsure)


JUDGES: Final[Mapping[str, Callable[[Facts], Finding]]] = {
    "kafka.reachable": reachable,
    "kafka.tls": tls,
    "kafka.topics": topics,
    "kafka.replicas": replicas,
    "kafka.retention": retention,
    "kafka.auto_create": auto_create,
    "kafka.groups": groups,
    "kafka.lag": lag,
    "kafka.dead_letters": dead_letters,
}
