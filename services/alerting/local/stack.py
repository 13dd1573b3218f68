"""The whole platform on one machine: servers, schema, topics, services; started, watched, drained and stopped."""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self, TypeVar

import httpx

from alerting.local.admin_key import admin_key
from alerting.local.environment import remove_environment, write_environment
from alerting.local.kafka import KafkaServer
from alerting.local.postgres import PostgresServer
from alerting.local.progress import Progress
from alerting.local.services import DRAIN, GATEWAY, INTAKE, SERVICES, choose_ports, make_service
from alerting.local.supervisor import USUAL_POLICY, RestartPolicy, State, Supervisor
from alerting.local.tansu import TansuServer
from alerting.local.valkey import ValkeyServer
from alerting.runtime.config import Settings
from alerting.runtime.errors import AlertingError, Unavailable
from alerting.runtime.migrate import migrate
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics_admin import create_topics

_log = logging.getLogger(__name__)

Broker = Literal["embedded", "kafka"]

READY_SECONDS: Final = 90.0
DRAIN_SECONDS: Final = 30.0
STOP_SECONDS: Final = 30.0
QUIET_SECONDS: Final = 1.0
"""How long nothing has to wait until the topics count as drained: between two of them, a message is in neither."""

ADDRESSES: Final = ("kafka_bootstrap_servers", "postgres_dsn", "redis_url")

AnySettings = TypeVar("AnySettings", bound=Settings)


class StackError(AlertingError):
    """The platform does not start; the text says which part, and where its log is."""


class Stack:
    """Servers that are addressed by ``ALERTING_*`` in the environment are used as they are; the others are started."""

    def __init__(
        self,
        data_dir: Path,
        *,
        broker: Broker = "embedded",
        env: Mapping[str, str] | None = None,
        report: Callable[[str], None] = _log.info,
        policy: RestartPolicy = USUAL_POLICY,
    ) -> None:
        """Start nothing yet; the services' environment is this process's with `env` on top."""
        self.data_dir = data_dir.absolute()
        self._broker = broker
        self._env = dict(env or {})
        self._report = report
        self._supervisor = Supervisor(self._on_change, policy=policy)
        self._ports = choose_ports()
        self._closing = threading.Event()
        self.admin_key = ""
        self._progress: Progress | None = None

    def start(self) -> None:
        """Start everything, in order, and wait until every service is ready."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            self._start_servers()
            settings = self.settings(Settings)
            self._report("schema and topics")
            migrate(settings)
            create_topics(self.settings(TopicSettings))
            self.admin_key = admin_key(settings, self.data_dir / "admin-key")
            self._progress = Progress(settings)
            self._env |= {setting: self.url(name) for setting, name in GATEWAY.items()}
            for spec in SERVICES.values():
                self._supervisor.start(make_service(spec, self._ports[spec.name], self.data_dir, self._env))
            self._report("services")
            self._await_ready()
            write_environment(self.data_dir, self._leading_here())
        except BaseException:
            self._closing.set()
            self._supervisor.stop(timeout=STOP_SECONDS)
            raise

    def _start_servers(self) -> None:
        if not self._given("ALERTING_POSTGRES_DSN"):
            self._report("PostgreSQL")
            postgres = PostgresServer(self.data_dir)
            self._supervisor.start(postgres)
            self._env["ALERTING_POSTGRES_DSN"] = postgres.dsn
        if not self._given("ALERTING_REDIS_URL"):
            self._report("Valkey")
            valkey = ValkeyServer(self.data_dir)
            self._supervisor.start(valkey)
            self._env["ALERTING_REDIS_URL"] = valkey.url
        if not self._given("ALERTING_KAFKA_BOOTSTRAP_SERVERS"):
            self._report("Apache Kafka" if self._broker == "kafka" else "the embedded broker")
            broker = KafkaServer(self.data_dir) if self._broker == "kafka" else TansuServer(self.data_dir)
            if self._broker == "embedded":
                # Its groups begin after half a session time-out, and it holds a fetch although there is news.
                self._env.setdefault("ALERTING_KAFKA_SESSION_TIMEOUT", "6")
                self._env.setdefault("ALERTING_KAFKA_FETCH_WAIT", "0.05")
            self._supervisor.start(broker)
            self._env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"] = broker.bootstrap_servers

    def _leading_here(self) -> Mapping[str, str]:
        servers = (f"ALERTING_{address.upper()}" for address in ADDRESSES)
        given = {name: os.environ[name] for name in servers if name in os.environ}
        return {**given, **self._env, "ALERTING_URL": self.url("rule-service")}

    def _given(self, name: str) -> bool:
        return name in self._env or name in os.environ

    def _await_ready(self) -> None:
        waiting = set(SERVICES)
        deadline = time.monotonic() + READY_SECONDS
        with httpx.Client(timeout=6.0, trust_env=False) as client:
            while waiting:
                waiting = {name for name in waiting if not self._is_ready(client, name)}
                gone = [state for state in self._supervisor.states() if state.status == "gave up"]
                if gone:
                    raise StackError(f"{gone[0].name} {gone[0].detail}")
                if waiting and time.monotonic() > deadline:
                    names = ", ".join(sorted(waiting))
                    raise StackError(f"not ready after {READY_SECONDS:g} s: {names}; see {self.data_dir / 'logs'}")
                if waiting:
                    time.sleep(0.1)

    def _is_ready(self, client: httpx.Client, name: str) -> bool:
        try:
            return client.get(f"{self.url(name)}/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def _on_change(self, state: State) -> None:
        if not self._closing.is_set():
            # The last line of what it wrote says most; the rest is in its log.
            lines = state.detail.splitlines()
            why = f" ({lines[0]} {lines[-1]})" if len(lines) > 1 else ""
            self._report(f"{state.name}: {state.status}{why}")

    def close(self) -> None:
        """Stop the intake, let what was accepted flow through, then stop the rest in order."""
        self._closing.set()
        remove_environment(self.data_dir)
        self._supervisor.stop_stages([set(INTAKE)], STOP_SECONDS)
        left = self._drain()
        if left:
            self._report(f"{left} messages are left undelivered in the broker")
        if self._progress is not None:
            self._progress.close()
        self._supervisor.stop(DRAIN, STOP_SECONDS)

    def _drain(self) -> int:
        """Wait until nothing waits in the topics; return how many messages do after all."""
        self._report("draining")
        deadline = time.monotonic() + DRAIN_SECONDS
        busy_until = time.monotonic()
        left = 0
        while time.monotonic() < min(deadline, busy_until + QUIET_SECONDS):
            left = self._lag_now()
            if left:
                busy_until = time.monotonic()
            time.sleep(0.1)
        return left

    def _lag_now(self) -> int:
        try:
            return self.lag()
        except Unavailable as error:
            self._report(str(error))
            return 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def progress(self) -> Progress:
        """Return what tells how far the pipeline is; there is none before the start."""
        if self._progress is None:
            raise StackError("the platform was not started")
        return self._progress

    def lag(self) -> int:
        """Return how many messages wait in the topics."""
        return self.progress.lag()

    def rules_version(self) -> int:
        """Return the version of the rules in the database."""
        return self.progress.rules_version()

    def evaluator_version(self) -> int:
        """Return the oldest version that an evaluator matches with."""
        return self.progress.evaluator_version()

    def states(self) -> list[State]:
        """Return how every server and service fares."""
        return self._supervisor.states()

    def pid(self, name: str) -> int | None:
        """Return a running child's process id."""
        states = {state.name: state for state in self.states()}
        return states[name].pid if states[name].status == "running" else None

    def url(self, name: str) -> str:
        """Return the address of a service."""
        return f"http://127.0.0.1:{self._ports[name]}"

    def settings(self, kind: type[AnySettings]) -> AnySettings:
        """Return settings with the platform's addresses."""
        given = {name.removeprefix("ALERTING_").lower(): value for name, value in self._env.items()}
        return kind(**{name: given[name] for name in ADDRESSES if name in given})  # type: ignore[arg-type]
