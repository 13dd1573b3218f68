"""The benchmark of the whole pipeline, for a moment: its figures are of alerts that arrived, each once."""

from typing import Any

from benches.pipeline.end_to_end import measure


def test_every_alert_arrives_and_each_process_has_its_share_of_the_time() -> None:
    found: Any = measure(rates=(200,), seconds=2)
    (result,) = found["rates"]
    assert (result["alerts"], result["webhooks"], result["lost"], result["repeated"]) == (400, 400, 0, 0)
    # What every alert passes through; what does less may have spent less than the clock's tick.
    passed = {"ingest", "kafka", "aggregator", "postgres", "sender", "load"}
    spent = result["cpu_us_per_alert"]
    assert {name for name, microseconds in spent.items() if microseconds > 0} >= passed
    assert spent.keys() >= {"evaluator", "receiver"}
    assert all(microseconds >= 0 for microseconds in spent.values())
