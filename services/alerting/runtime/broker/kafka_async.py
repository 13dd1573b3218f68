"""The broker port over librdkafka, for an event loop."""

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress

from confluent_kafka import KafkaError
from confluent_kafka import Producer as Client

from alerting.runtime.broker.kafka import producer_properties
from alerting.runtime.broker.port import Outgoing
from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable


class _Waiter:
    """Counts the acknowledgements of one `send`, on the thread that polls."""

    __slots__ = ("_done", "_failure", "_left", "_loop")

    def __init__(self, count: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._done: asyncio.Future[KafkaError | None] = self._loop.create_future()
        self._left = count
        self._failure: KafkaError | None = None

    def report(self, error: KafkaError | None, _message: object) -> None:
        self._left -= 1
        self._failure = self._failure or error
        if self._left == 0:
            # A closed loop waits for nothing any more; an error here would end the thread for everybody.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._finish)

    def _finish(self) -> None:
        if not self._done.done():
            self._done.set_result(self._failure)

    async def wait(self, timeout: float) -> None:
        try:
            failure = await asyncio.wait_for(self._done, timeout)
        except TimeoutError:
            raise Unavailable("kafka", f"{self._left} messages were neither acknowledged nor refused") from None
        if failure is not None:
            raise Unavailable("kafka", failure)


class AsyncKafkaProducer:
    """An `AsyncProducer`: one thread collects the acknowledgements and wakes the requests that wait for them."""

    def __init__(self, settings: Settings) -> None:
        self._prefix = settings.kafka_prefix
        self._timeout = settings.produce_timeout
        self._client = Client(producer_properties(settings))
        self._closing = threading.Event()
        self._poller = threading.Thread(target=self._poll, name="kafka-acknowledgements", daemon=True)
        self._poller.start()

    def _poll(self) -> None:
        while not self._closing.is_set():
            self._client.poll(0.1)

    async def send(self, topic: str, records: Sequence[Outgoing]) -> None:
        """Send the messages and wait until all of them are acknowledged."""
        if not records:
            return
        waiter = _Waiter(len(records))
        deadline = asyncio.get_running_loop().time() + self._timeout
        for key, value, headers in records:
            while True:
                try:
                    self._client.produce(self._prefix + topic, value, key, headers=headers, on_delivery=waiter.report)
                    break
                except BufferError:
                    if asyncio.get_running_loop().time() > deadline:
                        raise Unavailable("kafka", "its queue is full") from None
                    await asyncio.sleep(0.01)
        await waiter.wait(self._timeout + 5)

    def close(self) -> None:
        """Flush what is left, for a bounded time, and let go."""
        self._client.flush(self._timeout)
        self._closing.set()
        self._poller.join()
