"""From matches to notifications: recorded once, published at least once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from alerting.aggregator.match import Match, read_match
from alerting.aggregator.store import NotificationStore, Recorded, Rejected
from alerting.events.v1 import SCHEMA_VERSION, NotificationReady
from alerting.runtime.broker import HEADERS, Message, Producer
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.errors import Malformed
from alerting.runtime.telemetry import NOTIFICATIONS, PRODUCED, Telemetry
from alerting.runtime.topics import ALERTS_MATCHED, NOTIFICATIONS_READY
from alerting.runtime.traceparent import Header, header_of, sampled
from alerting.runtime.tracing import followed

if TYPE_CHECKING:
    from alerting.runtime.tracing.batch import Batch
    from alerting.runtime.tracing.spans import Tracing


class Incoming(NamedTuple):
    """A match, the message that brought it, and the header by which its trace goes on."""

    match: Match
    message: Message
    trace: Header | None


_Groups = dict[tuple[str, str], list[Incoming]]
_Refused = list[tuple[Message, Malformed]]


class Aggregator:
    """Handles batches of matches."""

    def __init__(
        self,
        store: NotificationStore,
        producer: Producer,
        dead_letters: DeadLetters,
        telemetry: Telemetry,
        tracing: "Tracing | None" = None,
    ) -> None:
        self._store = store
        self._producer = producer
        self._dead_letters = dead_letters
        self._telemetry = telemetry
        self._tracing = tracing

    def handle(self, messages: Sequence[Message]) -> None:
        """Record a notification for each match, and publish those that wait to be sent."""
        refused: _Refused = []
        with followed(self._tracing, ALERTS_MATCHED) as batch:
            groups = _by_key(_read(messages, refused, batch))
            ready = self._record(groups, refused) if groups else []
            # Only now: a batch that comes again because the database was away has refused nothing twice.
            for message, error in refused:
                self._dead_letters.send(message, error)
            for each in ready:
                self._publish(each, groups[each.client_id, each.alert_id][0], batch)
            self._producer.flush()
        PRODUCED.labels(NOTIFICATIONS_READY).inc(len(ready))
        self._telemetry.count("produced", len(ready))
        self._telemetry.count("dead_letters", len(refused))

    def _record(self, groups: _Groups, refused: _Refused) -> list[Recorded]:
        new: list[Recorded] = []
        candidates = [group[0] for group in groups.values()]
        while candidates:
            rejected: list[tuple[Incoming, Malformed]] = []
            new += self._insert(candidates, rejected)
            refused += [(incoming.message, error) for incoming, error in rejected]
            # What the database does not take from the first of a kind, it may take from the next.
            candidates = _next_of_kind(groups, [incoming for incoming, _ in rejected])
        known = groups.keys() - {(each.client_id, each.alert_id) for each in new}
        waiting = self._store.find_received(sorted(known)) if known else []
        NOTIFICATIONS.labels("recorded").inc(len(new))
        NOTIFICATIONS.labels("duplicate").inc(len(known))
        NOTIFICATIONS.labels("republished").inc(len(waiting))
        return new + waiting

    def _insert(self, candidates: list[Incoming], rejected: list[tuple[Incoming, Malformed]]) -> list[Recorded]:
        """Insert what the database takes; halve what it rejects until the row at fault is alone."""
        try:
            return self._store.insert([each.match for each in candidates])
        except Rejected as error:
            if len(candidates) == 1:
                rejected.append((candidates[0], Malformed("rejected_by_database", str(error))))
                return []
        half = len(candidates) // 2
        return self._insert(candidates[:half], rejected) + self._insert(candidates[half:], rejected)

    def _publish(self, ready: Recorded, incoming: Incoming, batch: "Batch | None") -> None:
        event = NotificationReady(
            notification_id=ready.id,
            client_id=ready.client_id,
            alert_id=ready.alert_id,
            schema_version=SCHEMA_VERSION,
        )
        key = ready.client_id.encode()
        headers = HEADERS if incoming.trace is None else [*HEADERS, incoming.trace]
        self._producer.send(NOTIFICATIONS_READY, key, event.SerializeToString(), headers)
        if batch is not None:
            batch.note(incoming.message, "alerting.notification.id", ready.id)


def _read(messages: Sequence[Message], refused: _Refused, batch: "Batch | None") -> Iterator[Incoming]:
    for message in messages:
        try:
            match = read_match(message.value())
        except Malformed as error:
            refused.append((message, error))
        else:
            yield _traced(match, message, batch)


def _traced(match: Match, message: Message, batch: "Batch | None") -> Incoming:
    header = header_of(message)
    traceparent = None if header is None else sampled(header[1])
    if traceparent is None:
        return Incoming(match, message, header)
    if batch is not None:
        about = {"alerting.client.id": match.client_id, "alerting.alert.id": match.alert_id}
        header = batch.follow(message, traceparent, about)
        traceparent = sampled(header[1])
    return Incoming(match._replace(traceparent=traceparent), message, header)


def _by_key(incoming: Iterable[Incoming]) -> _Groups:
    groups: _Groups = {}
    for each in incoming:
        groups.setdefault(each.match.key, []).append(each)
    return groups


def _next_of_kind(groups: _Groups, rejected: Iterable[Incoming]) -> list[Incoming]:
    following = []
    for each in rejected:
        group = groups[each.match.key]
        group.pop(0)
        if group:
            following.append(group[0])
        else:
            del groups[each.match.key]
    return following
