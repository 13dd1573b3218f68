"""Answers what the pipeline does: its totals, its rates, its latencies, and what waits in its topics."""
