"""The dead letters that were replayed or dropped, which stay in their topics until these are truncated."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from starlette.concurrency import run_in_threadpool

from alerting.dead_letters.letter import Place
from alerting.dead_letters.reader import Reader, Span
from alerting.metrics.question import asking
from alerting.runtime.database import AsyncPool
from alerting.runtime.topics import dead_letter_topic

_EVER: Final = datetime.min.replace(tzinfo=UTC)

_COUNT: Final = """
    SELECT span.topic, span.partition, count(*) AS number
    FROM unnest(
        %(topics)s::text[], %(partitions)s::integer[], %(begins)s::bigint[], %(ends)s::bigint[],
        %(since)s::timestamptz[]
    ) AS span (topic, partition, first, behind, since)
        JOIN dead_letter_actions a ON a.topic = span.topic AND a.partition = span.partition
            AND a."offset" >= span.first AND a."offset" < span.behind AND a.at >= span.since
    GROUP BY 1, 2
"""


class HandledLetters:
    """Asks the broker where letters are, and the database which of them are done with. For one question at a time."""

    def __init__(self, reader: Reader, pool: AsyncPool, *, prefix: str, timeout: float) -> None:
        self._reader = reader
        self._pool = pool
        self._prefix = prefix
        self._timeout = timeout

    async def count(self, topics: Sequence[str]) -> Mapping[str, int]:
        """Return how many letters that still stand in their topic are done with, by the topic they were refused from.

        Raises
        ------
        Unavailable
            The broker or the database does not answer in time.
        """
        found = [span for topic in topics for span in await run_in_threadpool(self._reader.spans, topic)]
        spans = {span: _EVER for span in found if span.begin < span.end}
        # What was done before a topic was made anew says nothing of the letters that have the same offsets now. It is
        # older than the first of them, which is read only where it matters.
        handled = {span: await self._first_written(span) for span in await self._counts(spans)}
        counts: Counter[str] = Counter()
        for span, number in (await self._counts(handled)).items():
            counts[span.topic] += number
        return counts

    async def _first_written(self, span: Span) -> datetime:
        letter = await run_in_threadpool(self._reader.find, Place(span.topic, span.partition, span.begin))
        return _EVER if letter is None else letter.written_at

    async def _counts(self, spans: Mapping[Span, datetime]) -> Mapping[Span, int]:
        """Return the spans with letters that something was done with since a time, and how many these are."""
        if not spans:
            return {}
        named = {(self._prefix + dead_letter_topic(span.topic), span.partition): span for span in spans}
        given = {
            "topics": [topic for topic, _ in named],
            "partitions": [partition for _, partition in named],
            "begins": [span.begin for span in spans],
            "ends": [span.end for span in spans],
            "since": list(spans.values()),
        }
        async with asking(self._pool, self._timeout) as connection:
            rows = await (await connection.execute(_COUNT, given)).fetchall()
        return {named[row["topic"], row["partition"]]: row["number"] for row in rows}
