"""The thread with the sender's event loop, beside the thread that consumes."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, Self

import structlog

from alerting.deliveries.schedule import Profile
from alerting.retention.retention import Retention
from alerting.runtime.clock import Clock
from alerting.runtime.database import AsyncConnection, async_pool
from alerting.runtime.errors import Unavailable
from alerting.runtime.event_loop import new_event_loop
from alerting.runtime.ids import new_id
from alerting.runtime.telemetry import Telemetry
from alerting.sender.attempts import Attempts
from alerting.sender.channels import make_channels
from alerting.sender.claiming import Claims
from alerting.sender.disabling import Disabling
from alerting.sender.gate import Gate
from alerting.sender.http_client import HttpClient
from alerting.sender.lanes import Lanes
from alerting.sender.planning import Planner
from alerting.sender.recorder import Recorder
from alerting.sender.recording import Records
from alerting.sender.sender import Sender
from alerting.sender.settings import SenderSettings

if TYPE_CHECKING:
    from alerting.runtime.tracing.spans import Tracing

_log = structlog.get_logger(__name__)

# For names that are slow to resolve: each takes a thread.
_RESOLVERS: Final = 32
_CONNECTIONS: Final = 4
# The sender names what it wants by its id. While tables are small, or what is known of them is old, the planner would
# rather read them to their end, which becomes slow before it learns better. And a sender that is stopped in the middle
# of recording must not keep others from what it has locked for longer than its lease.
_OPTIONS: Final = "-c enable_seqscan=off -c idle_in_transaction_session_timeout=5s"
_TRANSACTION: Final = "SET transaction_timeout = '35s'"
_TRANSACTION_VERSION: Final = 170_000
# Longer than the statements' own time-out.
_PLAN_SECONDS: Final = 60.0


async def bound_transactions(connection: AsyncConnection) -> None:
    """End a transaction of a sender that was stopped between two messages of a pipeline, where the server can.

    To the server that is no idle session: it waits for the rest, and keeps what is locked until the process wakes.
    """
    if connection.info.server_version >= _TRANSACTION_VERSION:
        await connection.execute(_TRANSACTION)


@asynccontextmanager
async def open_sender(
    settings: SenderSettings, telemetry: Telemetry, clock: Clock, tracing: "Tracing | None" = None
) -> AsyncIterator[Sender]:
    """Make a sender with its connections, in the running event loop."""
    async with (
        async_pool(settings, size=_CONNECTIONS, options=_OPTIONS, configure=bound_transactions) as pool,
        HttpClient(settings, clock.now) as http,
    ):
        channels = make_channels(settings, http, clock.now)
        lanes = Lanes(
            capacity=settings.hand_over,
            in_flight=settings.attempts_in_flight,
            per_client=settings.attempts_per_client,
            per_host=settings.attempts_per_host,
        )
        gate = Gate(
            clock,
            first_open=settings.breaker_open_seconds,
            most_open=settings.breaker_most_open_seconds,
            channel_rates=settings.channel_rates,
            receiver_rates=settings.receiver_rates,
        )
        recorder = Recorder(Records(pool), lanes, Disabling(pool, new_id))
        attempts = Attempts(settings, channels, lanes, gate, recorder, telemetry, clock, tracing=tracing)
        delays: dict[Profile, Sequence[float]] = {"standard": settings.retry_delays, "page": settings.page_delays}
        planner = Planner(pool, lease=settings.lease, delays=delays)
        claims = Claims(pool, lease=settings.lease, delays=delays)
        try:
            yield Sender(settings, planner, claims, attempts, recorder, lanes, clock)
        finally:
            for channel in channels.values():
                await channel.close()


class Engine:
    """Runs a sender in a thread of its own; as a context, from start to drain."""

    def __init__(
        self,
        settings: SenderSettings,
        telemetry: Telemetry,
        clock: Clock,
        stop: threading.Event,
        tracing: "Tracing | None" = None,
    ) -> None:
        self._settings = settings
        self._telemetry = telemetry
        self._clock = clock
        self._tracing = tracing
        self._stop_service = stop
        self._started: Future[tuple[asyncio.AbstractEventLoop, Sender, asyncio.Event]] = Future()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="sender")

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.result()
        return self

    def __exit__(self, *_error: object) -> None:
        loop, _, stop = self._started.result()
        if self._thread.is_alive():
            loop.call_soon_threadsafe(stop.set)
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def plan(self, ids: Sequence[str]) -> set[str]:
        """Do as `Sender.plan` does, from another thread."""
        loop, sender, _ = self._started.result()
        if not self._thread.is_alive():
            raise Unavailable("sender", "its event loop has ended")
        future = asyncio.run_coroutine_threadsafe(sender.plan(ids), loop)
        try:
            return future.result(_PLAN_SECONDS)
        except TimeoutError:
            future.cancel()
            raise Unavailable("postgres", "no plan in time") from None

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=new_event_loop) as runner:
                runner.run(self._main())
        except BaseException as failure:  # passed on to the thread that waits  # noqa: BLE001
            _log.exception("the sender ended")
            self._failure = failure
            if not self._started.done():
                self._started.set_exception(failure)
        finally:
            self._stop_service.set()

    async def _main(self) -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        loop.set_default_executor(ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="resolver"))
        async with (
            open_sender(self._settings, self._telemetry, self._clock, self._tracing) as sender,
            asyncio.TaskGroup() as tasks,
        ):
            self._started.set_result((loop, sender, stop))
            removing = tasks.create_task(Retention.of(self._settings, self._clock).run(stop))
            await sender.run(stop)
            # What it was about to remove is still there, and somebody's next time.
            removing.cancel()
