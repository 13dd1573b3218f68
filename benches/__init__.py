"""The benchmarks: `python -m benches.table` prints them as one table, asv tracks the small ones."""
