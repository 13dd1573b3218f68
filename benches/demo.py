"""The library at work: real alert names, a million rules, one change, one message. `make demo` runs it."""

import tempfile
import time
from pathlib import Path

from benches.payloads import encode
from benches.workloads import make
from matchcore import Index, LiveIndex, Router, Rule

_RULES = 1_000_000
_EVENTS = 10_000


def main() -> None:
    workload = make("catalog", _RULES, _EVENTS, seed=1)
    columns = workload.rules.columns()
    events = workload.events.rows()

    start = time.perf_counter()
    index = Index.from_columns(*columns, version=1)
    took = time.perf_counter() - start
    print(f"compiled   {index!r} in {took:.2f} s")

    severity, source, name = events[0]
    matches = index.match(severity, source, name)
    print(f"\nalert      {severity} {source} {name}")
    print(f"matches    {matches.count()} rules of {len(matches)} clients, among them")
    kinds = {explanation.wildcards: explanation.rule for explanation in index.explain(severity, source, name)}
    for wildcards, rule in kinds.items():
        open_to = f"open to any {' and '.join(wildcards)}" if wildcards else "all three equal"
        print(f"           {rule.rule_id} of {rule.client_id}: {' '.join(rule[2:])} ({open_to})")

    start = time.perf_counter()
    for event in events:
        index.match(*event)
    single = (time.perf_counter() - start) / len(events)
    start = time.perf_counter()
    batch = index.match_batch(*zip(*events, strict=True))
    batched = (time.perf_counter() - start) / len(events)
    print(f"\none by one {single * 1e9:.0f} ns an alert")
    print(f"in a batch {batched * 1e9:.0f} ns an alert, with all {len(batch.rule_ordinals):,} matches written out")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rules.snapshot")
        index.save(path)
        start = time.perf_counter()
        index = Index.open(path, verify=False)
        mapped = time.perf_counter() - start
        start = time.perf_counter()
        index = Index.open(path)
        verified = time.perf_counter() - start
        print(
            f"\nopened     {index.nbytes:,} bytes, mapped in {mapped * 1e3:.2f} ms, verified in {verified * 1e3:.0f} ms"
        )

        live = LiveIndex(index)
        start = time.perf_counter()
        live.apply([Rule("new", "demo", severity, source, name)], version=2)
        took = time.perf_counter() - start
        print(f"one change {took * 1e6:.0f} µs; now {live.match(severity, source, name)['demo']} matches too")

        messages = Router(live).route(encode(1, events[0]))
        client, message = messages[-1]
        print(f"routed     to {len(messages)} clients; the last is {client.decode()}, with {len(message)} bytes")


if __name__ == "__main__":
    main()
