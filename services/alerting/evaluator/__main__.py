"""``python -m alerting.evaluator``: from ``alerts.new`` to ``alerts.matched``."""

import threading
from contextlib import closing

from alerting.evaluator.follower import Follower
from alerting.evaluator.handler import Evaluator
from alerting.evaluator.rules import Rules
from alerting.evaluator.settings import EvaluatorSettings
from alerting.evaluator.source import RedisRuleSource
from alerting.runtime.checks import broker_check
from alerting.runtime.config import load
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.topics import ALERTS_NEW
from alerting.runtime.worker import Worker, run_worker

SERVICE = "evaluator"

_LOOK_SECONDS = 0.2


def main() -> None:
    """Run the service until it is told to stop."""
    settings = load(EvaluatorSettings)

    def body(worker: Worker, stop: threading.Event) -> None:
        rules = Rules(worker.telemetry)
        dead_letters = DeadLetters(worker.producer, SERVICE, ALERTS_NEW, worker.clock)
        evaluator = Evaluator(rules, worker.producer, dead_letters, worker.telemetry, worker.tracing)

        def wait_for_rules() -> None:
            while not stop.is_set() and not rules.wait(_LOOK_SECONDS):
                pass

        with closing(Follower(RedisRuleSource(settings), rules, worker.clock)) as follower:
            follower.start()
            checks = {"rules": rules.check, "kafka": broker_check(settings, ALERTS_NEW)}
            worker.run(evaluator, checks, stop, before=wait_for_rules)

    run_worker(settings, SERVICE, ALERTS_NEW, body)


if __name__ == "__main__":
    main()
