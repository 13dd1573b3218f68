"""``python -m alerting.sender``: from ``notifications.ready`` to mail, Slack and webhooks."""

import threading

from alerting.runtime.checks import broker_check, postgres_check
from alerting.runtime.config import load
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.topics import NOTIFICATIONS_READY
from alerting.runtime.worker import Worker, run_worker
from alerting.sender.engine import Engine
from alerting.sender.handler import ReadyHandler
from alerting.sender.settings import SenderSettings

SERVICE = "sender"


def main() -> None:
    """Run the service until it is told to stop."""
    settings = load(SenderSettings)

    def body(worker: Worker, stop: threading.Event) -> None:
        dead_letters = DeadLetters(worker.producer, SERVICE, NOTIFICATIONS_READY, worker.clock)
        checks = {"postgres": postgres_check(settings), "kafka": broker_check(settings, NOTIFICATIONS_READY)}
        with Engine(settings, worker.telemetry, worker.clock, stop, worker.tracing) as engine:
            handler = ReadyHandler(engine.plan, worker.producer, dead_letters, worker.telemetry, worker.tracing)
            worker.run(handler, checks, stop)

    run_worker(settings, SERVICE, NOTIFICATIONS_READY, body)


if __name__ == "__main__":
    main()
