"""``make bench-pipeline``: each stage alone, then all of them, as JSON."""

import argparse
import sys
from importlib import import_module

import orjson

_STAGES = ("evaluator", "aggregator", "end_to_end", "slow_tenant", "tracing")


def main() -> None:
    """Measure the stages that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benches.pipeline", description=__doc__)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=f"of {', '.join(_STAGES)}; all unless named")
    chosen = parser.parse_args().stages or _STAGES
    unknown = set(chosen) - set(_STAGES)
    if unknown:
        parser.error(f"no such stage: {', '.join(sorted(unknown))}")
    results = {stage: import_module(f"benches.pipeline.{stage}").measure() for stage in chosen}
    sys.stdout.write(orjson.dumps(results, option=orjson.OPT_INDENT_2).decode() + "\n")


if __name__ == "__main__":
    main()
