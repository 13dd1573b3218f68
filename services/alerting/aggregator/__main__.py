"""``python -m alerting.aggregator``: from ``alerts.matched`` to the notifications and ``notifications.ready``."""

import threading
from contextlib import closing

from alerting.aggregator.handler import Aggregator
from alerting.aggregator.settings import AggregatorSettings
from alerting.aggregator.store import NotificationStore
from alerting.runtime.checks import broker_check, postgres_check
from alerting.runtime.config import load
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.ids import new_id
from alerting.runtime.lifecycle import wait_for
from alerting.runtime.topics import ALERTS_MATCHED
from alerting.runtime.worker import Worker, run_worker

SERVICE = "aggregator"


def main() -> None:
    """Run the service until it is told to stop."""
    settings = load(AggregatorSettings)

    def body(worker: Worker, stop: threading.Event) -> None:
        dead_letters = DeadLetters(worker.producer, SERVICE, ALERTS_MATCHED, worker.clock)
        with closing(NotificationStore(settings, new_id)) as store:
            aggregator = Aggregator(store, worker.producer, dead_letters, worker.telemetry, worker.tracing)
            checks = {"postgres": postgres_check(settings), "kafka": broker_check(settings, ALERTS_MATCHED)}
            worker.run(aggregator, checks, stop, before=lambda: wait_for("postgres", store.open, stop))

    run_worker(settings, SERVICE, ALERTS_MATCHED, body)


if __name__ == "__main__":
    main()
