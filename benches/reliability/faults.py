"""How each fault is made."""

import asyncio
import random
import signal
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Final

from confluent_kafka import KafkaError, KafkaException, Producer

from alerting.events.v1 import AlertMatched, NotificationReady
from alerting.runtime.config import Settings
from benches.reliability.ledger import Fault, Ledger, Window
from benches.reliability.platform import Platform, fill
from benches.reliability.processes import family, signal_all
from benches.reliability.receivers import Receivers

_BACK_SECONDS: Final = 60.0
_RESETS: Final = 3
_GARBAGE: Final = 5
_PRODUCE_SECONDS: Final = 60.0


class Faults:
    """Does things to a platform, and notes when."""

    def __init__(self, platform: Platform, receivers: Receivers, ledger: Ledger, seed: int) -> None:
        self._platform = platform
        self._receivers = receivers
        self._ledger = ledger
        self._random = random.Random(seed)
        self._makers: dict[str, Callable[[Fault], Awaitable[None]]] = {
            "kill": self._kill,
            "freeze": self._freeze,
            "freeze past its lease": self._freeze,
            "reset connections": self._reset,
            "cut off": self._cut_off,
            "disk full": self._fill_disk,
            "answers 500": self._outage,
            "garbage": self._send_garbage,
        }

    async def make(self, fault: Fault) -> None:
        """Make a fault, and return when it is over: of a kill, at once."""
        begin = time.monotonic()
        # Noted from its beginning on, so that a run that is interrupted in the middle can be judged.
        place = len(self._ledger.windows)
        self._ledger.windows.append(Window(fault, begin, begin + fault.seconds))
        await self._makers[fault.kind](fault)
        end = begin if fault.kind == "kill" else time.monotonic()
        self._ledger.windows[place] = Window(fault, begin, end)

    async def _kill(self, fault: Fault) -> None:
        pid = await self._running(fault.target)
        signal_all([pid], signal.SIGKILL)

    async def _freeze(self, fault: Fault) -> None:
        pids = family(await self._running(fault.target))
        signal_all(pids, signal.SIGSTOP)
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            signal_all(pids, signal.SIGCONT)

    async def _reset(self, fault: Fault) -> None:
        for _ in range(_RESETS):
            self._platform.proxies[fault.target].reset()
            await asyncio.sleep(0.3)

    async def _cut_off(self, fault: Fault) -> None:
        proxy = self._platform.proxies[fault.target]
        proxy.pause()
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            proxy.resume()

    async def _fill_disk(self, fault: Fault) -> None:
        assert self._platform.disk is not None
        ballast = await asyncio.to_thread(fill, self._platform.disk)
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            ballast.unlink()

    async def _outage(self, fault: Fault) -> None:
        self._receivers.outage = True
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            self._receivers.outage = False

    async def _send_garbage(self, fault: Fault) -> None:
        messages = [self._garbage(fault.target) for _ in range(_GARBAGE)]
        await asyncio.to_thread(self._produce, fault.target, messages)
        self._ledger.garbage.setdefault(fault.target, []).extend(messages)

    def _garbage(self, topic: str) -> bytes:
        mark = uuid.UUID(int=self._random.getrandbits(128)).hex.encode()
        kinds = [
            # A length that is longer than the message.
            b"\x0a\xff\x7f" + mark,
            # A group that does not end.
            b"\x0b" + mark,
        ]
        if topic == "notifications.ready":
            kinds.append(NotificationReady(notification_id=str(uuid.UUID(bytes=mark[:16]))).SerializeToString())
        if topic == "alerts.matched":
            kinds.append(AlertMatched(alert_id=mark.decode(), source="no client").SerializeToString())
        return self._random.choice(kinds)

    def _produce(self, topic: str, messages: list[bytes]) -> None:
        address = self._platform.stack.settings(Settings).kafka_bootstrap_servers
        producer = Producer({"bootstrap.servers": address, "enable.idempotence": True})
        failures: list[object] = []

        def note(error: KafkaError | None, _: object) -> None:
            if error is not None:
                failures.append(error)

        for message in messages:
            producer.produce(topic, message, b"garbage", on_delivery=note)
        if producer.flush(_PRODUCE_SECONDS) or failures:
            raise KafkaException(f"garbage did not get into {topic}: {failures}")

    async def _running(self, name: str) -> int:
        deadline = time.monotonic() + _BACK_SECONDS
        while (pid := self._platform.pid(name)) is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} did not come back within {_BACK_SECONDS:g} s")
            await asyncio.sleep(0.1)
        return pid
