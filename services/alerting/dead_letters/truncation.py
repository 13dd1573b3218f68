"""Lets Kafka forget the dead letters that were dealt with, and the table what was done with them.

A log can only be cut at its beginning. So whatever is at the front and was handled goes, up to the first letter that
waits; what was handled behind it stays until then.
"""

import asyncio
from typing import Final

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from alerting.dead_letters.actions import Actions
from alerting.dead_letters.reader import Reader, Span
from alerting.runtime.broker.admin import Admin
from alerting.runtime.config import Settings
from alerting.runtime.database import AsyncConnection, postgres_errors
from alerting.runtime.topics import dead_letter_topic

_SECONDS: Final = 10.0

# It says that it can, does not, and drops the connection over it.
_CANNOT: Final = "tansu_cluster"


class Truncation:
    """Cuts the topics of dead letters."""

    def __init__(self, settings: Settings, reader: Reader, actions: Actions) -> None:
        self._prefix = settings.kafka_prefix
        self._reader = reader
        self._actions = actions
        self._admin = Admin(settings)

    async def run(self, connection: AsyncConnection, topic: str) -> str | None:
        """Cut what can be cut of a topic's dead letters; return why the broker does not, when it does not.

        Raises
        ------
        Unavailable
            The broker or the database does not answer.
        """
        refusal = None
        for span in await asyncio.to_thread(self._reader.spans, topic):
            cut = await self._first_waiting(connection, span)
            begin = span.begin
            # In one turn: who handles letters looks, in a turn of its own, for what was cut and what has a row.
            with postgres_errors():
                async with connection.transaction():
                    await self._actions.lock(connection, topic)
                    if cut > begin:
                        begin, refusal = await asyncio.to_thread(self._delete_below, span, cut)
                    await self._actions.forget(connection, topic, span.partition, begin)
        return refusal

    async def _first_waiting(self, connection: AsyncConnection, span: Span) -> int:
        """Return the offset of the first letter that waits, or behind the last one."""
        cut = span.begin
        chunks = self._reader.read(span)
        while (letters := await asyncio.to_thread(next, chunks, None)) is not None:
            done = await self._actions.find(connection, letters)
            for letter in letters:
                if letter.place not in done:
                    return letter.place.offset
                cut = letter.place.offset + 1
        return cut

    def _delete_below(self, span: Span, cut: int) -> tuple[int, str | None]:
        """Return where the partition begins now, and why not at the cut."""
        place = TopicPartition(self._prefix + dead_letter_topic(span.topic), span.partition, cut)

        def delete(client: AdminClient) -> tuple[int, str | None]:
            if client.list_topics(timeout=_SECONDS).cluster_id == _CANNOT:
                return span.begin, "the embedded broker keeps all of its messages until it stops"
            (answer,) = client.delete_records([place], request_timeout=_SECONDS).values()
            return answer.result(_SECONDS * 2).low_watermark, None

        try:
            return self._admin.ask(delete)
        except KafkaException as failure:
            # What was done with the letters is written down: that they still stand there costs nothing but room.
            return span.begin, str(failure.args[0])
