"""``python -m alerting.rule_updater``: from the log of rule changes to the rule set in Redis."""

import threading
from contextlib import closing

from alerting.rule_set.connection import connect
from alerting.rule_updater.compactor import Compactor
from alerting.rule_updater.decision import Limits
from alerting.rule_updater.handler import RuleChangedHandler
from alerting.rule_updater.keeper import Keeper
from alerting.rule_updater.lease import Lease
from alerting.rule_updater.log import RuleLog, read_rules
from alerting.rule_updater.settings import RuleUpdaterSettings
from alerting.rule_updater.store import RuleStore
from alerting.runtime.checks import broker_check, postgres_check, redis_check
from alerting.runtime.clock import Clock
from alerting.runtime.config import load
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.ids import new_id
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.topics import RULE_CHANGED
from alerting.runtime.worker import Worker, run_worker

SERVICE = "rule-updater"

_REDIS_SECONDS = 10.0


def make_keeper(settings: RuleUpdaterSettings, telemetry: Telemetry, clock: Clock) -> Keeper:
    """Put the keeper of the rule set together."""
    redis = connect(settings, timeout=_REDIS_SECONDS)
    store = RuleStore(redis, lease=settings.rules_lease, grace=settings.rules_base_grace)
    wake = threading.Event()
    return Keeper(
        RuleLog(settings),
        store,
        Lease(redis, f"{settings.instance} {new_id()}", settings.rules_lease),
        Compactor(lambda: read_rules(settings), store, clock, wake),
        telemetry,
        wake=wake,
        limits=Limits(settings.rules_compact_after, settings.rules_compact_share),
        interval=settings.rules_poll_interval,
        new_history=new_id,
    )


def main() -> None:
    """Run the service until it is told to stop."""
    settings = load(RuleUpdaterSettings)

    def body(worker: Worker, stop: threading.Event) -> None:
        dead_letters = DeadLetters(worker.producer, SERVICE, RULE_CHANGED, worker.clock)
        checks = {
            "postgres": postgres_check(settings),
            "redis": redis_check(settings),
            "kafka": broker_check(settings, RULE_CHANGED),
        }
        with closing(make_keeper(settings, worker.telemetry, worker.clock)) as keeper:
            keeper.start()
            handler = RuleChangedHandler(keeper.step, worker.producer, dead_letters, worker.telemetry)
            worker.run(handler, checks, stop)

    run_worker(settings, SERVICE, RULE_CHANGED, body)


if __name__ == "__main__":
    main()
