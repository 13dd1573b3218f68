"""The hot path: a batch of alerts in, a message for each client that they concern out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from alerting.evaluator.rules import Rules
from alerting.runtime.broker import HEADERS, Headers, Message, Producer
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.errors import Malformed
from alerting.runtime.telemetry import PRODUCED, Telemetry
from alerting.runtime.topics import ALERTS_MATCHED, ALERTS_NEW, MOST_MESSAGE_BYTES
from alerting.runtime.traceparent import header_of, sampled
from alerting.runtime.tracing import followed
from matchcore import Router
from matchcore.errors import WireError

if TYPE_CHECKING:
    from alerting.runtime.tracing.batch import Batch
    from alerting.runtime.tracing.spans import Tracing

# Bounds what is in memory at once when every alert concerns thousands of clients.
_SLICE: Final = 500

_Result = list[tuple[bytes, bytes]] | WireError
_Refused = list[tuple[Message, Malformed]]

_NO_VALUE: Final = WireError(0, "the message has no value")


class Evaluator:
    """Handles batches of alerts."""

    def __init__(
        self,
        rules: Rules,
        producer: Producer,
        dead_letters: DeadLetters,
        telemetry: Telemetry,
        tracing: "Tracing | None" = None,
    ) -> None:
        self._rules = rules
        self._producer = producer
        self._dead_letters = dead_letters
        self._telemetry = telemetry
        self._tracing = tracing

    def handle(self, messages: Sequence[Message]) -> None:
        """Send what matches, refuse what is no alert, and wait until the broker has all of it."""
        refused: _Refused = []
        produced = 0
        with followed(self._tracing, ALERTS_NEW) as batch:
            for start in range(0, len(messages), _SLICE):
                produced += self._route(messages[start : start + _SLICE], refused, batch)
            for message, error in refused:
                self._dead_letters.send(message, error)
            self._producer.flush()
        PRODUCED.labels(ALERTS_MATCHED).inc(produced)
        self._telemetry.count("produced", produced)
        self._telemetry.count("dead_letters", len(refused))

    def _route(self, messages: Sequence[Message], refused: _Refused, batch: "Batch | None") -> int:
        """Send the matches of some messages, all under one version of the rules; return how many there were."""
        send = self._producer.send
        produced = 0
        for message, result in zip(messages, _results(self._rules.router, messages), strict=True):
            if not result:
                continue
            if isinstance(result, WireError):
                refused.append((message, _malformed(message, result)))
                continue
            headers = _headers(message, len(result), batch)
            for client_id, payload in result:
                if len(payload) > MOST_MESSAGE_BYTES:
                    refused.append((message, _too_long(client_id, payload)))
                    continue
                send(ALERTS_MATCHED, client_id, payload, headers)
                produced += 1
        return produced


def _results(router: Router, messages: Sequence[Message]) -> Sequence[_Result]:
    values = [message.value() for message in messages]
    if all(values):
        return router.route_batch(values)  # type: ignore[arg-type]  # none of them is None
    # To protobuf, no bytes are an alert without fields, which the rules for everything would match.
    results = router.route_batch([value or b"" for value in values])
    return [result if value else _NO_VALUE for value, result in zip(values, results, strict=True)]


def _headers(message: Message, clients: int, batch: "Batch | None") -> Headers:
    header = header_of(message)
    if header is None:
        return HEADERS
    if batch is not None and (traceparent := sampled(header[1])):
        header = batch.follow(message, traceparent, {"alerting.clients": clients})
    return [*HEADERS, header]


def _malformed(message: Message, error: WireError) -> Malformed:
    return Malformed("undecodable" if message.value() else "empty", str(error))


def _too_long(client_id: bytes, payload: bytes) -> Malformed:
    client = client_id.decode(errors="replace")
    return Malformed("too_long", f"the match for {client} has {len(payload)} bytes, the most is {MOST_MESSAGE_BYTES}")
